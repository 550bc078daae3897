package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.Millrace;
import org.millrace.perf.server.LocalRedis;

/** What the process does when the system gives it no more: descriptors, memory, room for its log. */
@Timeout(120)
class ProcessLimitsTest {
    private static final List<String> HEAP = List.of("-Xmx64m");

    private static List<LocalRedis> servers;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        servers = LocalRedis.startAll(1);
    }

    @AfterAll
    static void stop() {
        LocalRedis.closeAll(servers);
    }

    @Test
    void shouldServeOnWhenDescriptorsAreUsedUpAndAcceptAgainWhenThereAreSome() throws IOException {
        assumeJar();
        try (ProxyChild proxy = new ProxyChild(folder, "ulimit -n 96", HEAP, null, "", servers)) {
            RawClient first = proxy.client();
            first.expect("+OK\r\n", "SET", "k", "v");
            List<RawClient> others = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                others.add(proxy.client().send("PING"));
            }
            Await.until("the log says nothing of descriptors",
                () -> proxy.log().contains("cannot accept: "));
            first.expect("$1\r\nv\r\n", "GET", "k");
            for (int i = 0; i < 100; i++) {
                others.get(i).close();
            }
            for (int i = 100; i < 120; i++) {
                assertEquals("+PONG\r\n", Resp.text(others.get(i).reply()), "of client " + i);
            }
            first.expect("$1\r\nv\r\n", "GET", "k");
            long told = proxy.log().lines().filter(line -> line.contains("cannot accept")).count();
            assertTrue(told <= 3, "accepting is tried often, and told seldom: " + proxy.log());
        }
    }

    @Test
    void shouldAnswerWithAnErrorWhenNoDescriptorIsLeftForALink() throws IOException {
        assumeJar();
        try (ProxyChild proxy = new ProxyChild(folder, "ulimit -n 96", HEAP, null, "", servers)) {
            RawClient first = proxy.client();
            first.expect("+PONG\r\n", "PING");
            List<RawClient> others = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                others.add(proxy.client().send("PING"));
            }
            Await.until("the log says nothing of descriptors",
                () -> proxy.log().contains("cannot accept: "));
            String answer = first.call("GET", "k");
            assertTrue(answer.startsWith("-ERR "), answer);
            for (RawClient each : others) {
                each.close();
            }
            Await.until("no link is opened once there are descriptors again", () -> isServed(first));
        }
    }

    /** A class that is in a folder is opened when it is first used, for which there is no descriptor then. */
    private static void assumeJar() {
        String place = Millrace.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        Assumptions.assumeTrue(place.endsWith(".jar"), () -> "a process without descriptors cannot load classes from "
            + place + "; 'mvn verify' makes the jar that this test needs, 'mvn test' does not");
    }

    private static boolean isServed(RawClient client) {
        try {
            return !client.call("GET", "k").startsWith("-");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldServeOnWhenTheDiskOfTheLogIsFull() throws IOException {
        try (ProxyChild proxy = new ProxyChild(folder, ":", HEAP, "/dev/full", "", servers)) {
            proxy.client().expect("+PONG\r\n", "PING");
            assertTrue(proxy.isAlive());
            Await.until("lines are lost, and nothing tells", () -> !proxy.stats().contains("\"log_lines_lost\":0"));
            assertTrue(proxy.stats().contains("\"ready\":true"));
            proxy.client().expect("+PONG\r\n", "PING");
        }
    }

    @Test
    void shouldTakeMemoryThatTheSystemRefusesForALimitReached() throws IOException {
        List<String> java = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=14m");
        String limits = "  limits:\n    max_memory: 256mb\n    max_message: 64mb\n";
        try (ProxyChild proxy = new ProxyChild(folder, ":", java, null, limits, servers)) {
            RawClient small = proxy.client();
            small.expect("+OK\r\n", "SET", "k", "v");
            for (int i = 0; i < 4; i++) {
                RawClient large = proxy.client();
                large.sendAside(Resp.request("SET", "large" + i, "x".repeat(24 << 20))).handle((done, gone) -> null);
            }
            for (int i = 0; i < 200; i++) {
                small.expect("$1\r\nv\r\n", "GET", "k");
                // a new client is served, or told why it is not
                String answer = proxy.client().call("GET", "k");
                assertTrue(answer.equals("$1\r\nv\r\n") || answer.startsWith("-ERR max memory reached"), answer);
            }
            small.expect("$1\r\nv\r\n", "GET", "k");
            assertTrue(proxy.isAlive());
        }
    }

    @Test
    void shouldEndAtOnceWithCodeThreeWhenTheHeapIsUsedUp() throws IOException, InterruptedException {
        String rings = "  ring_slots: 1048576\n";
        try (ProxyChild proxy = new ProxyChild(folder, ":", List.of("-Xmx32m"), null, rings, servers)) {
            assertEquals(3, proxy.exitCode());
        }
    }
}
