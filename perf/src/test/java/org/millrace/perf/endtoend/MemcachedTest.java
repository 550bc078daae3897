package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalMemcached;
import org.millrace.perf.server.LocalRedis;

/** Memcached pools with real servers: what the proxy answers, they would have answered. */
@Timeout(120)
class MemcachedTest {
    private static final int ROUNDS = 400;
    private static final int PIPELINE = 25;

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAnswerEveryCommandAsTheServerItself(LaneKind kind) throws IOException {
        try (MemcachedKit kit = MemcachedKit.start(kind, 1); LocalMemcached direct = LocalMemcached.start();
            RawClient server = new RawClient(direct.port())) {
            RawClient client = kit.proxy().client();
            MemcachedCommands commands = new MemcachedCommands(4711);
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder wire = new StringBuilder();
                for (int i = 0; i < PIPELINE; i++) {
                    wire.append(commands.next());
                }
                // what was done in silence shows as well
                String asked = wire.toString().replace("mn\r\n", "me nothing\r\n") + MemcachedCommands.ALL;
                String said = timeless(MemcachedKit.talk(server, asked));
                String got = timeless(MemcachedKit.talk(client, asked));
                assertTrue(said.equals(got), () -> shown(asked) + "\nserver: " + shown(said) + "\nproxy: "
                    + shown(got));
            }
        }
    }

    /**
     * Without what depends on when an item is asked for: the seconds of flags t and l, and whether it was fetched (h)
     * or is stale (X, W, Z). The server makes a new item for incr while an answer with the old one is still to be sent,
     * which forgets both; so that is a matter of how the pipeline was cut.
     */
    private static String timeless(String replies) {
        return replies.replaceAll(" ([tlh])[0-9]+", " $1").replaceAll(" [XWZ](?=[ \r])", "");
    }

    private static String shown(String wire) {
        return wire.replaceAll("x{100,}", "xxx").replace("\r\n", "|");
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldTakeAPipelineCutAnywhere(LaneKind kind) throws IOException {
        String wire = "set s 0 0 3 noreply\r\nabc\r\nget s t\r\nms s 2 q O1\r\nxy\r\nmg s v k O2\r\n"
            + "delete s noreply\r\ngat 10 s t\r\nset s 0 -1 0\r\n\r\nincr s 1\r\n";
        String expected = "VALUE s 0 3\r\nabc\r\nEND\r\nVA 2 ks O2\r\nxy\r\nEND\r\nSTORED\r\nNOT_FOUND\r\n";
        try (MemcachedKit kit = MemcachedKit.start(kind, 3)) {
            RawClient client = kit.proxy().client();
            assertEquals(expected, MemcachedKit.talk(client, wire));
            for (int cut = 1; cut < wire.length(); cut++) {
                client.send(MemcachedKit.bytes(wire.substring(0, cut)));
                assertEquals(expected, MemcachedKit.talk(client, wire.substring(cut)), "cut at " + cut);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAnswerMultiGetsOverServersInTheOrderAsked(LaneKind kind) throws IOException {
        Random random = new Random(42);
        try (MemcachedKit kit = MemcachedKit.start(kind, 3)) {
            RawClient client = kit.proxy().client();
            for (int i = 0; i < 200; i += 2) {
                client.send(MemcachedKit.bytes("set k" + i + " 0 0 " + ("v" + i).length() + " noreply\r\nv" + i
                    + "\r\n"));
            }
            String large = "L".repeat(100_000);
            assertEquals("STORED\r\n", MemcachedKit.talk(client, "set k7 0 0 100000\r\n" + large + "\r\n"));
            for (int round = 0; round < 200; round++) {
                StringBuilder line = new StringBuilder(random.nextBoolean() ? "get" : "gat 1000");
                StringBuilder expected = new StringBuilder();
                for (int i = random.nextInt(300); i >= 0; i--) {
                    int key = random.nextInt(200);
                    line.append(" k").append(key);
                    if (key % 2 == 0 || key == 7) {
                        expected.append(MemcachedKit.value("k" + key, key == 7 ? large : "v" + key));
                    }
                }
                assertEquals(expected + "END\r\n", MemcachedKit.talk(client, line + "\r\n"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldReachEveryServerByThoseThatAreForAll(LaneKind kind) throws IOException {
        try (MemcachedKit kit = MemcachedKit.start(kind, 3)) {
            RawClient client = kit.proxy().client();
            for (int i = 0; i < 60; i++) {
                assertEquals("STORED\r\n", MemcachedKit.talk(client, "set k" + i + " 0 0 1\r\nv\r\n"));
            }
            String stats = MemcachedKit.talk(client, "stats\r\n");
            assertTrue(stats.contains("STAT curr_items 60\r\n") && stats.endsWith("END\r\n"), stats);
            assertTrue(stats.contains("STAT cmd_set 60\r\n"), stats);
            assertTrue(stats.contains("STAT version " + version(kit) + "\r\n"), stats);
            String own = MemcachedKit.talk(client, "stats proxy\r\n");
            assertTrue(own.contains("STAT connected_clients 1\r\n") && own.contains("STAT millrace_version "), own);
            assertEquals("OK\r\n", MemcachedKit.talk(client, "verbosity 0\r\n"));
            assertEquals("RESET\r\n", MemcachedKit.talk(client, "stats reset\r\n"));
            assertTrue(MemcachedKit.talk(client, "stats settings\r\n").contains("STAT item_size_max 8388608\r\n"));
            assertTrue(MemcachedKit.talk(client, "stats slabs\r\n").contains("STAT 1:chunk_size 96\r\n"));
            assertTrue(MemcachedKit.talk(client, "stats items\r\n").contains(":number 60\r\n"));
            assertEquals("OK\r\n", MemcachedKit.talk(client, "flush_all\r\n"));
            for (int server = 0; server < 3; server++) {
                assertTrue(kit.server(server).call("stats").contains("STAT cmd_flush 1\r\n"), "server " + server);
            }
            StringBuilder all = new StringBuilder("get");
            for (int i = 0; i < 60; i++) {
                all.append(" k").append(i);
            }
            assertEquals("END\r\n", MemcachedKit.talk(client, all + "\r\n"));
        }
    }

    private static String version(MemcachedKit kit) throws IOException {
        return kit.server(0).call("version").replace("VERSION ", "").strip();
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldServeBothProtocolsInOneProcess(LaneKind kind) throws IOException {
        try (MemcachedKit kit = MemcachedKit.start(kind, 1); LocalRedis redis = LocalRedis.start()) {
            String yaml = pool("a", "true", redis.port()) + pool("b", "false", kit.server(0).port())
                + "millrace:\n  stage_threads: " + kind.stageThreads() + "\n  transport: " + kind.transport()
                + "\n  limits:\n    max_memory: 64mb\n";
            try (Millrace both = Millrace.start(ConfigReader.read("both.yml", yaml), new StartOptions("127.0.0.1", 0,
                new PrintStream(OutputStream.nullOutputStream()))); RawClient first = new RawClient(both.port(0));
                RawClient second = new RawClient(both.port(1))) {
                for (int i = 0; i < 100; i++) {
                    first.expect("+OK\r\n", "SET", "k", "redis" + i);
                    assertEquals("STORED\r\n", MemcachedKit.talk(second, "set k 0 0 1\r\n" + i % 10 + "\r\n"));
                    first.expect("$" + ("redis" + i).length() + "\r\nredis" + i + "\r\n", "GET", "k");
                    assertEquals(MemcachedKit.value("k", "" + i % 10) + "END\r\n",
                        MemcachedKit.talk(second, "get k\r\n"));
                }
            }
        }
    }

    private static String pool(String name, String redis, int port) throws IOException {
        return name + ":\n  listen: 127.0.0.1:" + FreePort.find() + "\n  redis: " + redis
            + "\n  servers:\n    - 127.0.0.1:" + port + ":1\n";
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldPassLargeValuesOn(LaneKind kind) throws IOException {
        try (MemcachedKit kit = MemcachedKit.start(kind, 2)) {
            RawClient client = kit.proxy().client();
            String large = "0123456789abcdef".repeat(300_000);
            for (int i = 0; i < 4; i++) {
                CompletableFuture<Void> sent = client.sendAside(MemcachedKit.bytes("set big" + i + " 0 0 "
                    + large.length() + "\r\n" + large + "\r\nget big" + i + " none big" + i + "\r\nmn\r\n"));
                assertEquals("STORED\r\n" + MemcachedKit.value("big" + i, large).repeat(2) + "END\r\n",
                    MemcachedKit.untilBarrier(client));
                sent.join();
            }
            String tooLarge = "x".repeat(9_000_000);
            CompletableFuture<Void> sent = client.sendAside(MemcachedKit.bytes("set huge 0 0 " + tooLarge.length()
                + "\r\n" + tooLarge + "\r\nget huge\r\nmn\r\n"));
            assertEquals("SERVER_ERROR object too large for cache\r\nEND\r\n", MemcachedKit.untilBarrier(client));
            sent.join();
        }
    }
}
