package org.millrace.perf.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real servers start, answer, write nothing and are gone afterwards. */
@Timeout(60)
class LocalRedisTest {
    @Test
    void shouldAnswerWhenStartReturnsAndBeGoneWhenCloseReturns() throws Exception {
        LocalRedis redis = LocalRedis.start();
        long pid = redis.pid();
        try (redis) {
            assertEquals("PONG", redis.call("PING"));
            assertEquals("OK", redis.call("SET", "a", "1"));
            assertEquals("1", redis.call("DBSIZE"));
        }
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertThrows(IOException.class, () -> redis.call("PING"));
    }

    @Test
    void shouldStartSeveralOnDifferentPorts() throws IOException {
        List<LocalRedis> servers = LocalRedis.startAll(3);
        try {
            assertEquals(3, servers.stream().map(LocalRedis::port).distinct().count());
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    @Test
    void shouldNotPersist() throws IOException {
        try (LocalRedis redis = LocalRedis.start()) {
            assertTrue(redis.call("INFO", "persistence").contains("aof_enabled:0"));
        }
    }

    @Test
    void shouldTellWhyAServerDoesNotStart() {
        IOException e = assertThrows(IOException.class,
            () -> LocalRedis.start(RedisExecutable.find(), "--no-such-directive", "1"));
        assertTrue(e.getMessage().contains("no-such-directive"), e.getMessage());
    }

    @Test
    void shouldRefuseAProgramThatIsNotRedis() {
        assertThrows(IOException.class, () -> LocalRedis.start(Path.of("/bin/true")));
    }

    @Test
    void shouldFindServersOnThePathOnly(@TempDir Path directory) throws IOException {
        assertNull(RedisExecutable.onPath(directory.toString()));
        Path program = Files.createFile(directory.resolve("redis-server"));
        assertTrue(program.toFile().setExecutable(true));
        assertEquals(program, RedisExecutable.onPath("/nowhere:" + directory));
    }

    @Test
    void shouldUnpackTheEmbeddedServer() throws IOException {
        Path embedded = RedisExecutable.embedded();
        assertTrue(Files.isExecutable(embedded));
        assertTrue(Files.size(embedded) > 1_000_000);
        assertEquals(embedded, RedisExecutable.embedded());
    }

    @Test
    void shouldEndTheServersOfAJvmThatWasKilled() throws Exception {
        String classPath = System.getProperty("java.class.path");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process jvm = new ProcessBuilder(java.toString(), "-Xmx64m", "-cp", classPath,
            Abandoner.class.getName()).start();
        long pid = Long.parseLong(jvm.inputReader().readLine());
        ProcessHandle redis = ProcessHandle.of(pid).orElseThrow();
        jvm.destroyForcibly().waitFor();
        redis.onExit().get(20, TimeUnit.SECONDS);
        assertFalse(redis.isAlive());
    }

    /** Starts a server, prints its id and waits to be killed. */
    static final class Abandoner {
        private Abandoner() {
        }

        public static void main(String[] args) throws Exception {
            LocalRedis redis = LocalRedis.start();
            System.out.println(redis.pid());
            System.out.flush();
            Thread.currentThread().join();
        }
    }
}
