package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.perf.server.LocalRedis;

/** With {@code reuseport} a second process takes over while the first drains, and no client notices. */
@Timeout(180)
class RollingRestartTest {
    private static final int CLIENTS = 4;
    private static final int RESTARTS = 3;
    private static final long CONNECTIONS_EACH = 300;
    private static final String SHARED = "  reuseport: true\n";

    @TempDir
    private Path folder;
    private List<LocalRedis> servers;

    @BeforeEach
    void startServers() throws IOException {
        servers = LocalRedis.startAll(2);
    }

    @AfterEach
    void stopServers() {
        LocalRedis.closeAll(servers);
    }

    private ProxyCommand proxy(String directives, String engine) throws IOException {
        ProxyCommand proxy = new ProxyCommand(folder, directives, servers);
        Files.writeString(folder.resolve("millrace.yml"), "millrace:\n" + engine, StandardOpenOption.APPEND);
        return proxy;
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void shouldTakeOverWithoutAFailedRequest(String transport) throws Exception {
        try (ProxyCommand proxy = proxy(SHARED, "  transport: " + transport + "\n")) {
            Process serving = proxy.serve(":", "-p", "pid", "-o", "log");
            awaitPid(proxy, serving);
            try (ReconnectLoad load = new ReconnectLoad(proxy.port(), CLIENTS)) {
                for (int i = 0; i < RESTARTS; i++) {
                    awaitConnections(load);
                    // with the stats port, the same for both
                    Process next = proxy.start(proxy.serving("-p", "pid", "-o", "log", "-r"));
                    assertEquals(0, ProxyCommand.exitCode(serving), () -> proxy.text("log"));
                    awaitPid(proxy, next);
                    awaitConnections(load);
                    assertEquals(List.of(), load.failures(), () -> proxy.text("log"));
                    serving = next;
                }
            }
            assertEquals(RESTARTS, proxy.text("log").split("another process takes over", -1).length - 1);
            assertTrue(serving.isAlive());
        }
    }

    private static void awaitPid(ProxyCommand proxy, Process process) {
        Await.until("the pid file of another", () -> proxy.text("pid").equals(Long.toString(process.pid())));
    }

    private static void awaitConnections(ReconnectLoad load) {
        long wanted = load.connections() + CONNECTIONS_EACH;
        Await.until(() -> "too few connections: " + load.connections() + " " + load.failures(),
            Duration.ofSeconds(30), () -> load.connections() >= wanted || !load.failures().isEmpty());
    }

    /** A client that pauses is let go, so that nobody has to wait for it; one that does not is served until the end. */
    @Test
    void shouldServeItsClientsUntilTheyLeave() throws Exception {
        try (ProxyCommand proxy = proxy(SHARED, "  drain_ms: 60000\n")) {
            Process first = proxy.serve(":", "-p", "pid", "-o", "log");
            awaitPid(proxy, first);
            try (RawClient idle = new RawClient(proxy.port())) {
                RawClient busy = new RawClient(proxy.port());
                busy.expect("+OK\r\n", "SET", "k", "v");
                idle.expect("$1\r\nv\r\n", "GET", "k");
                Process second = proxy.start(proxy.serving("-p", "pid", "-o", "log", "-r"));
                Await.until("the end of the client that pauses", () -> {
                    try {
                        busy.expect("$1\r\nv\r\n", "GET", "k");
                        return idle.hasEnded();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                assertTrue(first.isAlive());
                busy.expect("$1\r\nv\r\n", "GET", "k");
                busy.close();
                assertEquals(0, ProxyCommand.exitCode(first), () -> proxy.text("log"));
                assertTrue(second.isAlive());
                assertTrue(proxy.answers());
            }
        }
    }

    /** One that cannot take over says why, and harms nothing. */
    @Test
    void shouldSayWhyItCannotTakeOver() throws Exception {
        try (ProxyCommand proxy = proxy("", "  lanes: 1\n")) {
            Process first = proxy.serve(":", "-p", "pid");
            awaitPid(proxy, first);
            assertEquals(1, proxy.run(proxy.serving("-p", "pid", "-r")));
            assertEquals("millrace: cannot take over from process " + first.pid() + ": pool test has no 'reuseport: "
                + "true'; stop that process instead, and start this one without -r\n", proxy.text("err"));
            assertEquals(1, proxy.run(proxy.serving("-r")));
            assertTrue(proxy.text("err").contains("option -r (--replace) needs -p"), proxy.text("err"));
            assertTrue(proxy.answers());
            assertTrue(first.isAlive());
            assertEquals(Long.toString(first.pid()), proxy.text("pid"));
        }
    }

    /** As ever where there is no other process: no time is spent on clients that may leave. */
    @Test
    void shouldStopAtOnceWhenNobodyTakesOver() throws Exception {
        try (ProxyCommand proxy = proxy(SHARED, "  drain_ms: 60000\n")) {
            Process first = proxy.serve(":", "-o", "log");
            try (RawClient idle = new RawClient(proxy.port())) {
                idle.expect("+OK\r\n", "SET", "k", "v");
                first.destroy();
                assertEquals(0, ProxyCommand.exitCode(first));
                assertEquals("", Resp.text(idle.untilClose()));
                assertFalse(proxy.text("log").contains("takes over"));
            }
        }
    }
}
