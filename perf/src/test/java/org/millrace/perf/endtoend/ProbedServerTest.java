package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/**
 * Real servers that were ejected are asked before they come back: a memcached that is dead or stands still, a Redis
 * with users that does not take the password, loads its data or has lost its master.
 */
@Timeout(180)
@Tag("faults")
class ProbedServerTest {
    private static final String RIGHT = "pw-4711-right";
    private static final String SECONDS = "pw-4712-seconds-own";
    private static final String WRONG = "pw-4713-other";
    private static final String MISSING = "$-1\r\n";
    private static final String BACK = "server failing answers, and is ejected no longer";
    private static final int DATABASE = 3;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    private Path folder;

    /** A server of which anybody may ask how it is, and whose data is for user app alone. */
    private static LocalRedis guarded(int port, String password, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--user", "default", "on", "nopass", "resetkeys",
            "resetchannels", "-@all", "+info", "+config", "+acl", "+replicaof", "--user", "app", "on", ">" + password,
            "~*", "+@all"));
        arguments.addAll(List.of(more));
        return LocalRedis.startOn(port, arguments.toArray(String[]::new));
    }

    private static RawClient direct(LocalRedis server, String password) throws IOException {
        RawClient client = new RawClient(server.port());
        client.expect("+OK\r\n", "AUTH", "app", password);
        client.expect("+OK\r\n", "SELECT", Integer.toString(DATABASE));
        return client;
    }

    private static ProxyKit proxy(LocalRedis failing, LocalRedis second) throws IOException {
        return ProxyKit.with(LaneKind.FUSED).servers(0).otherServer("127.0.0.1:" + failing.port() + ":1 failing")
            .otherServer("127.0.0.1:" + second.port() + ":1 second").pool("auto_eject_hosts", "true")
            .pool("server_retry_timeout", "200").pool("server_failure_limit", "2").pool("timeout", "1000")
            .pool("redis_user", "app").pool("redis_auth", RIGHT).pool("server_auth", "\n    second: " + SECONDS)
            .pool("redis_db", Integer.toString(DATABASE)).limit("link_retry_max_ms", "20").start();
    }

    private static String call(RawClient client, String... words) {
        try {
            return client.call(words);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Kills the server and waits until its key is asked for elsewhere. */
    private static void kill(LocalRedis failing, ProxyKit kit, RawClient client, String key) {
        failing.kill();
        Await.until(kit::log, LIMIT, () -> {
            call(client, "GET", key);
            return kit.log().contains("server failing is ejected");
        });
        Await.until(kit::log, LIMIT, () -> call(client, "GET", key).equals(MISSING));
    }

    /** It is out though it was asked some more times; its keys are elsewhere. */
    private static void assertStaysOut(ProxyKit kit, RawClient client, String key, String why) throws IOException {
        Await.until(kit::log, LIMIT, () -> kit.log().contains("server failing stays ejected: " + why));
        awaitAsked(() -> line(call(client, "INFO", "servers"), "server_test_failing"), why);
        client.expect(MISSING, "GET", key);
        assertFalse(kit.log().contains(BACK), kit.log());
    }

    /** What a proxy says of a server. */
    private interface Told {
        String now();
    }

    private static String line(String told, String name) {
        return told.lines().filter(each -> each.contains(name) && each.contains("state=")).findFirst().orElse(told);
    }

    private static void awaitAsked(Told told, String why) {
        Set<String> askedAt = new HashSet<>();
        Await.until(told::now, LIMIT, () -> {
            String now = told.now();
            assertTrue(now.contains("state=ejected"), now);
            if (now.contains("why=" + why)) {
                askedAt.add(now.replaceAll(".*asked_at=", ""));
            }
            return askedAt.size() > 3;
        });
    }

    /** What is written is on the server again, in the pool's database. */
    private static void assertIsBack(ProxyKit kit, RawClient client, LocalRedis failing, String key)
        throws IOException {
        Await.until(kit::log, LIMIT, () -> kit.log().contains(BACK));
        try (RawClient direct = direct(failing, RIGHT)) {
            Await.until("a write on the server that is back", () -> {
                call(client, "SET", key, "again");
                return call(direct, "GET", key).equals("$5\r\nagain\r\n");
            });
        }
        String told = call(client, "INFO", "everything");
        assertTrue(line(told, "server_test_failing").contains("state=live"), told);
        assertFalse((told + kit.log()).contains("pw-47"), "a password is told: " + told + kit.log());
    }

    @Test
    void shouldKeepAServerOutThatDoesNotTakeThePassword() throws Exception {
        LocalRedis failing = guarded(FreePort.find(), RIGHT);
        try (LocalRedis second = guarded(FreePort.find(), SECONDS); ProxyKit kit = proxy(failing, second);
            RawClient client = kit.client()) {
            String key = kit.keyOn(0, "k", 0);
            client.expect("+OK\r\n", "AUTH", "app", RIGHT);
            client.expect("+OK\r\n", "MSET", key, "1", kit.keyOn(1, "k", 0), "2");
            kill(failing, kit, client, key);
            failing = guarded(failing.port(), WRONG);
            assertStaysOut(kit, client, key, "WRONGPASS invalid username-password pair or user is disabled.");
            failing.call("ACL", "SETUSER", "app", "resetpass", ">" + RIGHT);
            assertIsBack(kit, client, failing, key);
        } finally {
            failing.close();
        }
    }

    @Test
    void shouldKeepAServerOutUntilItHasLoadedItsData() throws Exception {
        String[] data = {"--dir", folder.toString(), "--dbfilename", "probed.rdb"};
        LocalRedis failing = guarded(FreePort.find(), RIGHT, data);
        try (LocalRedis second = guarded(FreePort.find(), SECONDS); ProxyKit kit = proxy(failing, second);
            RawClient client = kit.client()) {
            String key = kit.keyOn(0, "k", 0);
            client.expect("+OK\r\n", "AUTH", "app", RIGHT);
            client.expect("+OK\r\n", "SET", key, "kept");
            try (RawClient direct = direct(failing, RIGHT)) {
                direct.expect(MISSING, "EVAL", "for i=1,20000 do redis.call('SET','filler'..i,'some value') end", "0");
                direct.expect("+OK\r\n", "SAVE");
            }
            kill(failing, kit, client, key);
            failing = guarded(failing.port(), RIGHT, "--dir", folder.toString(), "--dbfilename", "probed.rdb",
                "--key-load-delay", "5000", "--loading-process-events-interval-bytes", "1024");
            assertStaysOut(kit, client, key, "LOADING Redis is loading the dataset in memory");
            failing.call("CONFIG", "SET", "key-load-delay", "0");
            Await.until("the value that was loaded", () -> call(client, "GET", key).equals("$4\r\nkept\r\n"));
            assertIsBack(kit, client, failing, key);
        } finally {
            failing.close();
        }
    }

    @Test
    void shouldKeepAReplicaOutThatHasLostItsMaster() throws Exception {
        LocalRedis failing = guarded(FreePort.find(), RIGHT);
        try (LocalRedis second = guarded(FreePort.find(), SECONDS); ProxyKit kit = proxy(failing, second);
            RawClient client = kit.client()) {
            String key = kit.keyOn(0, "k", 0);
            client.expect("+OK\r\n", "AUTH", "app", RIGHT);
            client.expect("+OK\r\n", "SET", key, "1");
            kill(failing, kit, client, key);
            failing = guarded(failing.port(), RIGHT, "--replica-serve-stale-data", "no", "--replicaof", "127.0.0.1",
                Integer.toString(FreePort.find()));
            assertStaysOut(kit, client, key, "MASTERDOWN Link with MASTER is down");
            failing.call("REPLICAOF", "NO", "ONE");
            assertIsBack(kit, client, failing, key);
        } finally {
            failing.close();
        }
    }

    private static MemcachedKit ejectingMemcached() throws IOException {
        return MemcachedKit.start(LaneKind.FUSED, 2, "auto_eject_hosts", "true", "server_retry_timeout", "200",
            "server_failure_limit", "2", "timeout", "1000");
    }

    private static String talk(RawClient client, String wire) {
        try {
            return MemcachedKit.talk(client, wire);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitEjection(MemcachedKit kit, RawClient client, String key, String why) {
        Await.until(kit.proxy()::log, LIMIT, () -> {
            talk(client, "get " + key + "\r\n");
            return kit.proxy().log().contains("server m1 is ejected: " + why);
        });
        Await.until(kit.proxy()::log, LIMIT, () -> talk(client, "get " + key + "\r\n").equals("END\r\n"));
    }

    private static Told told(RawClient client) {
        return () -> line(talk(client, "stats proxy\r\n"), "STAT server_test_m1 ");
    }

    @Test
    void shouldBringAMemcachedBackThatWasKilledWhenItAnswers() throws Exception {
        try (MemcachedKit kit = ejectingMemcached()) {
            RawClient client = kit.proxy().client();
            String key = kit.proxy().keyOn(0, "k", 0);
            assertEquals("STORED\r\n", talk(client, "set " + key + " 0 0 1\r\nv\r\n"));
            kit.server(0).close();
            awaitEjection(kit, client, key, "");
            awaitAsked(told(client), "Connection refused");
            assertEquals("STORED\r\n", talk(client, "set " + key + " 0 0 1\r\ne\r\n"), "elsewhere");
            kit.restart(0);
            Await.until(kit.proxy()::log, LIMIT,
                () -> kit.proxy().log().contains("server m1 answers, and is ejected no longer"));
            Await.until("the key where it was", () -> talk(client, "get " + key + "\r\n").equals("END\r\n"));
            assertTrue(told(client).now().contains("state=live"), told(client).now());
        }
    }

    /** The kernel takes its connections, and says nothing of how it is. */
    @Test
    void shouldBringAMemcachedBackThatStoodStillWhenItAnswers() throws Exception {
        try (MemcachedKit kit = ejectingMemcached()) {
            RawClient client = kit.proxy().client();
            String key = kit.proxy().keyOn(0, "k", 0);
            assertEquals("STORED\r\n", talk(client, "set " + key + " 0 0 1\r\nv\r\n"));
            kit.signal(0, "STOP");
            awaitEjection(kit, client, key, "Connection timed out");
            awaitAsked(told(client), "Connection timed out");
            assertFalse(kit.proxy().log().contains("is ejected no longer"), kit.proxy().log());
            kit.signal(0, "CONT");
            Await.until(kit.proxy()::log, LIMIT,
                () -> kit.proxy().log().contains("server m1 answers, and is ejected no longer"));
            Await.until("the key where it was",
                () -> talk(client, "get " + key + "\r\n").equals(MemcachedKit.value(key, "v") + "END\r\n"));
        }
    }
}
