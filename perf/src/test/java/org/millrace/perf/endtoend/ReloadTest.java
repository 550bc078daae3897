package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.count.ServerCounter;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** Another configuration while there is load: who is as he was notices nothing, nobody gets an error. */
@Timeout(120)
class ReloadTest {
    private static final int REPLIES = 300;

    private static List<LocalRedis> servers;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicReference<String> trouble = new AtomicReference<>();
    private final List<Thread> loads = new ArrayList<>();

    @BeforeAll
    static void startServers() throws IOException {
        servers = LocalRedis.startAll(3);
    }

    @AfterAll
    static void stopServers() {
        LocalRedis.closeAll(servers);
    }

    private static String pool(String name, int port, String directives, int... members) {
        StringBuilder yaml = new StringBuilder(name).append(":\n  listen: 127.0.0.1:").append(port)
            .append("\n  redis: true\n  timeout: 5000\n").append(directives).append("  servers:\n");
        for (int member : members) {
            yaml.append("    - 127.0.0.1:").append(servers.get(member).port()).append(":1 s").append(member)
                .append('\n');
        }
        return yaml.toString();
    }

    private static MillraceConfig config(LaneKind kind, String... pools) {
        return ConfigReader.read("reload.yml", "millrace:\n  lanes: 2\n  stage_threads: " + kind.stageThreads()
            + "\n  transport: " + kind.transport() + "\n  limits:\n    max_memory: 256mb\n" + String.join("", pools));
    }

    /** Pipelines of SET and GET on one connection until the test ends: each reply has to be the right one. */
    private AtomicLong load(int port, String key, boolean staysPut) {
        AtomicLong replies = new AtomicLong();
        loads.add(Thread.ofPlatform().start(() -> {
            try (RawClient client = new RawClient(port)) {
                for (int i = 0; !stopping.get(); i++) {
                    ByteArrayOutputStream wire = new ByteArrayOutputStream();
                    for (int k = 0; k < 10; k++) {
                        wire.writeBytes(Resp.request("SET", key + k, "v" + i));
                        wire.writeBytes(Resp.request("GET", key + k));
                    }
                    client.send(wire.toByteArray());
                    for (int k = 0; k < 10; k++) {
                        check("+OK\r\n", Resp.text(client.reply()));
                        String got = Resp.text(client.reply());
                        // a server that comes between the two has no value yet, or an old one
                        check(staysPut ? "$" + (1 + Integer.toString(i).length()) + "\r\nv" + i + "\r\n"
                            : "$" + got.substring(1), got);
                        replies.addAndGet(2);
                    }
                }
            } catch (IOException e) {
                trouble.compareAndSet(null, key + ": " + e);
            }
        }));
        return replies;
    }

    private void check(String expected, String got) {
        if (!expected.equals(got)) {
            trouble.compareAndSet(null, "expected " + expected + ", got " + got);
        }
    }

    private void progress(AtomicLong replies) {
        long wanted = replies.get() + REPLIES;
        Await.until(() -> "replies; " + trouble.get() + log, Duration.ofSeconds(20),
            () -> replies.get() >= wanted || trouble.get() != null);
        assertEquals(null, trouble.get(), log::toString);
    }

    private void endLoads() throws InterruptedException {
        stopping.set(true);
        for (Thread each : loads) {
            each.join();
        }
    }

    private Millrace start(MillraceConfig config) throws IOException {
        return Millrace.start(config, new StartOptions("127.0.0.1", 0,
            new PrintStream(log, true, StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldChangePoolsAndServersUnderLoadWithoutAnError(LaneKind kind) throws Exception {
        int still = FreePort.find();
        int moving = FreePort.find();
        int coming = FreePort.find();
        String untouched = pool("still", still, "", 0, 1);
        try (Millrace millrace = start(config(kind, untouched, pool("moving", moving, "", 0, 1)))) {
            int stillIndex = millrace.totals().topology().poolIndexOf("still");
            AtomicLong calm = load(still, "calm", true);
            AtomicLong other = load(still, "other", true);
            AtomicLong moved = load(moving, "moved", false);
            load(moving, "more", false);
            progress(calm);
            // this one may be on another lane, with links of its own
            progress(other);
            progress(moved);
            long opened = links(millrace, stillIndex);
            for (int round = 0; round < 3; round++) {
                // a server comes
                List<String> told = millrace.reload(config(kind, untouched, pool("moving", moving, "", 0, 1, 2)));
                assertEquals("pool moving: server s2 is new, at 127.0.0.1:" + servers.get(2).port() + ", weight 1",
                    told.getFirst());
                progress(moved);
                // one goes
                millrace.reload(config(kind, untouched, pool("moving", moving, "", 1, 2)));
                progress(moved);
                // its links change
                millrace.reload(config(kind, untouched, pool("moving", moving, "  server_connections: 3\n", 1, 2)));
                progress(moved);
                // a server is moved elsewhere under its name
                millrace.reload(config(kind, untouched, pool("moving", moving, "", 1, 2)
                    .replace("127.0.0.1:" + servers.get(2).port(), "127.0.0.1:" + servers.get(0).port())));
                progress(moved);
                // a pool comes, another keeps its address under another name and goes on
                millrace.reload(config(kind, untouched, pool("moving", moving, "", 0, 1), pool("new", coming, "", 2)));
                try (RawClient client = new RawClient(coming)) {
                    client.expect("+OK\r\n", "SET", "k", "1");
                    millrace.reload(config(kind, untouched, pool("moving", moving, "", 0, 1)));
                    assertEquals(0, client.untilClose().length);
                }
                assertThrows(ConnectException.class, () -> new RawClient(coming).close());
                progress(moved);
                progress(calm);
            }
            assertEquals(opened, links(millrace, stillIndex), "links of the pool that stayed as it was");
            endLoads();
            assertEquals(null, trouble.get());
            assertEquals(0, millrace.errors(), log::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldFailNoRequestInAThousandReloads(LaneKind kind) throws Exception {
        int still = FreePort.find();
        int moving = FreePort.find();
        String untouched = pool("still", still, "", 0, 1);
        MillraceConfig without = config(kind, untouched, pool("moving", moving, "", 0, 1));
        MillraceConfig with = config(kind, untouched, pool("moving", moving, "", 0, 1, 2));
        try (Millrace millrace = start(without)) {
            AtomicLong calm = load(still, "calm", true);
            AtomicLong moved = load(moving, "moved", false);
            progress(calm);
            progress(moved);
            int stillIndex = millrace.totals().topology().poolIndexOf("still");
            long opened = links(millrace, stillIndex);
            for (int i = 0; i < (kind == LaneKind.FUSED ? 1000 : 100); i++) {
                assertEquals(2, millrace.reload(i % 2 == 0 ? with : without).size(), "the server, and what moves");
                assertEquals(null, trouble.get(), log::toString);
            }
            progress(calm);
            progress(moved);
            assertEquals(opened, links(millrace, stillIndex), "links of the pool that stayed as it was");
            endLoads();
            assertEquals(null, trouble.get());
            assertEquals(0, millrace.errors(), log::toString);
        }
    }

    private static long links(Millrace millrace, int pool) {
        long sum = 0;
        for (int server = 0; server < 2; server++) {
            for (ServerCounter counter : List.of(ServerCounter.SERVER_CONNECTIONS, ServerCounter.SERVER_EOF,
                ServerCounter.SERVER_ERR, ServerCounter.SERVER_TIMEDOUT)) {
                sum += millrace.totals().server(pool, server, counter);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldRenameAPoolWithoutClosingItsAddress(LaneKind kind) throws Exception {
        int port = FreePort.find();
        try (Millrace millrace = start(config(kind, pool("old", port, "", 0)));
            RawClient before = new RawClient(port)) {
            before.expect("+OK\r\n", "SET", "k", "1");
            millrace.reload(config(kind, pool("new", port, "", 0)));
            assertEquals(0, before.untilClose().length);
            try (RawClient after = new RawClient(port)) {
                after.expect("$1\r\n1\r\n", "GET", "k");
                assertTrue(after.call("INFO", "servers").contains("server_new_s0:state=live"));
            }
            assertEquals(0, millrace.errors(), log::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAnswerWhatClientsOfARemovedPoolHaveSent(LaneKind kind) throws Exception {
        int still = FreePort.find();
        int going = FreePort.find();
        String stays = pool("still", still, "", 0);
        try (Millrace millrace = start(config(kind, stays, pool("going", going, "", 0, 1)));
            RawClient pipelining = new RawClient(going); RawClient half = new RawClient(going)) {
            pipelining.expect("+OK\r\n", "SET", "k", "1");
            byte[] get = Resp.request("GET", "k");
            half.send(Arrays.copyOf(get, 9));
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 2000; i++) {
                many.writeBytes(get);
            }
            pipelining.send(many.toByteArray());
            AtomicReference<List<String>> changes = new AtomicReference<>();
            Thread reload = Thread.ofPlatform().start(() -> {
                try {
                    changes.set(millrace.reload(config(kind, stays)));
                } catch (IOException | InterruptedException e) {
                    trouble.set(e.toString());
                }
            });
            for (int i = 0; i < 2000; i++) {
                assertEquals("$1\r\n1\r\n", Resp.text(pipelining.reply()));
            }
            assertEquals(0, pipelining.untilClose().length);
            assertTrue(reload.isAlive(), "somebody has sent half a request");
            half.send(Arrays.copyOfRange(get, 9, get.length));
            assertEquals("$1\r\n1\r\n", Resp.text(half.reply()));
            assertEquals(0, half.untilClose().length);
            reload.join();
            assertEquals(null, trouble.get());
            assertEquals("pool going: removed; its clients get the replies that are due, and are closed",
                changes.get().getFirst());
            assertEquals(1, millrace.totals().topology().pools().size());
            assertEquals(0, millrace.errors(), log::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldChangeNothingWhenSomethingIsWrong(LaneKind kind) throws Exception {
        int port = FreePort.find();
        int free = FreePort.find();
        String pool = pool("alpha", port, "", 0, 1);
        try (Millrace millrace = start(config(kind, pool));
            ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            AtomicLong calm = load(port, "calm", true);
            progress(calm);
            IOException refused = assertThrows(IOException.class, () -> millrace.reload(config(kind,
                pool("alpha", port, "", 1, 2), pool("beta", free, "", 0), pool("gamma", taken.getLocalPort(), "", 0))));
            assertTrue(refused.getMessage().startsWith("pool gamma cannot listen on 127.0.0.1:" + taken.getLocalPort()),
                refused.getMessage());
            assertThrows(ConnectException.class, () -> new RawClient(free).close());
            ConfigException bad = assertThrows(ConfigException.class, () -> millrace.reload(config(kind,
                pool("alpha", port, "", 1, 2).replace("redis: true", "redis: false"))));
            assertTrue(bad.getMessage().contains("alpha.redis"), bad.getMessage());
            progress(calm);
            endLoads();
            assertEquals(null, trouble.get());
            assertEquals(List.of("s0", "s1"), millrace.totals().topology().pools().getFirst().servers().stream()
                .map(each -> each.ringName()).toList());
            assertEquals(1, millrace.totals().topology().pools().size());
            assertEquals(0, millrace.errors(), log::toString);
        }
    }
}
