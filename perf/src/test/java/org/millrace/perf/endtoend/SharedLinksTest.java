package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.perf.check.CheckConfig;
import org.millrace.perf.check.CheckResult;
import org.millrace.perf.check.OrderChecker;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** Two lanes with one connection to each server between them: {@code server_connections_total: 1}. */
@Timeout(120)
@Tag("faults")
class SharedLinksTest {
    private static final int MIB = 1 << 20;
    private static final int REQUESTS = 50_000;

    private static ProxyKit.Builder shared(LaneKind kind) {
        return ProxyKit.with(kind).engine("lanes", "2").pool("server_connections_total", "1");
    }

    private static long count(ProxyKit kit, ServerHalfCounter counter) {
        return kit.millrace().totals().servers(counter);
    }

    /** Connections that a server has, but for the one that asks. */
    private static long connections(LocalRedis server) throws IOException {
        return server.call("CLIENT", "LIST").lines().filter(line -> line.contains("addr=")).count() - 1;
    }

    private static String bulk(String value) {
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldHaveOneConnectionToEachServerAndGiveEachRequestItsOwnReply(LaneKind kind) throws Exception {
        try (ProxyKit kit = shared(kind).start()) {
            CheckResult result = OrderChecker.run(new CheckConfig()
                .target(new InetSocketAddress("127.0.0.1", kit.port())).requests(REQUESTS).maxValueSize(128 << 10)
                .seed(11));
            assertEquals(List.of(), result.texts());
            assertEquals(0, result.wrong());
            assertTrue(result.isOk(), result::toString);
            for (int server = 0; server < 4; server++) {
                assertEquals(1, connections(kit.server(server)), "connections to server " + server);
                assertEquals(1, kit.millrace().totals().server(0, server, ServerCounter.SERVER_CONNECTIONS));
            }
            assertTrue(count(kit, ServerHalfCounter.SHARED_REQUESTS) > 1000);
            assertTrue(count(kit, ServerHalfCounter.SHARED_BYTES) > MIB);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldCarryLargeValuesBothWays(LaneKind kind) throws Exception {
        try (ProxyKit kit = shared(kind).start(); RawClient one = kit.client(); RawClient two = kit.client()) {
            for (int server = 0; server < 4; server++) {
                String key = kit.keyOn(server, "large", 0);
                byte[] value = new byte[MIB + server];
                for (int i = 0; i < value.length; i++) {
                    value[i] = (byte) ('a' + (i * 7 + i / 1000 + server) % 26);
                }
                assertEquals("+OK\r\n", Resp.text(one.call(Resp.request(Resp.bytes("SET"), Resp.bytes(key), value))));
                for (RawClient client : List.of(one, two)) {
                    client.send("GET", key);
                    client.expectBytes(Resp.bulk(value));
                }
                assertEquals(1, connections(kit.server(server)));
            }
            one.expect("*2\r\n$-1\r\n$-1\r\n", "MGET", kit.keyOn(0, "none", 0), kit.keyOn(1, "none", 0));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldFailAndComeBackWithItsServer(LaneKind kind) throws Exception {
        int port = FreePort.find();
        try (ProxyKit kit = shared(kind).servers(1).otherServer("127.0.0.1:" + port + ":1 victim")
            .pool("timeout", "2000").limit("link_retry_max_ms", "20").start();
            RawClient one = kit.client(); RawClient two = kit.client()) {
            String key = kit.keyOn(1, "k", 0);
            String well = kit.keyOn(0, "k", 0);
            one.expect("-ERR Connection refused\r\n", "GET", key);
            two.expect("-ERR Connection refused\r\n", "GET", key);
            try (LocalRedis victim = LocalRedis.startOn(port)) {
                awaitAnswer(one, "+OK\r\n", "SET", key, "v");
                awaitAnswer(two, bulk("v"), "GET", key);
                assertEquals(1, connections(victim));
                Signal.send(victim.pid(), "STOP");
                one.send("GET", key);
                two.send("GET", key);
                Await.until("requests in flight", () -> kit.entriesInUse() >= 2);
                victim.kill();
                Set<String> allowed = Set.of("-ERR unknown\r\n", "-ERR Connection reset by peer\r\n");
                for (RawClient client : List.of(one, two)) {
                    String reply = Resp.text(client.reply());
                    assertTrue(allowed.contains(reply), reply);
                }
                awaitAnswer(one, "-ERR Connection refused\r\n", "GET", key);
                awaitAnswer(two, "-ERR Connection refused\r\n", "GET", key);
            }
            one.expect("+OK\r\n", "SET", well, "1");
            two.expect(bulk("1"), "GET", well);
            try (LocalRedis again = LocalRedis.startOn(port)) {
                awaitAnswer(one, "$-1\r\n", "GET", key);
                awaitAnswer(two, "$-1\r\n", "GET", key);
                assertEquals(1, connections(again));
            }
        }
    }

    private static void awaitAnswer(RawClient client, String expected, String... words) {
        Await.until(expected.strip() + " for " + String.join(" ", words), () -> {
            try {
                return client.call(words).equals(expected);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldServeOthersAtFullSpeedWhileTheRingToAStoppedServerIsFull(LaneKind kind) throws Exception {
        try (ProxyKit kit = shared(kind).servers(2).start();
            RawClient one = kit.client(); RawClient two = kit.client();
            RawClient other = kit.client(); RawClient another = kit.client()) {
            for (RawClient client : List.of(one, two, other, another)) {
                client.expect("+OK\r\n", "SET", kit.keyOn(0, "k", 0), "v");
                client.expect("+OK\r\n", "SET", kit.keyOn(1, "k", 0), "v");
            }
            ProxyKit.signal(kit.server(0), "STOP");
            int requests = 1000;
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = 0; i < requests; i++) {
                wire.writeBytes(Resp.request("SET", kit.keyOn(0, "k", 0), "x".repeat(8000) + i));
                if (i % 10 == 0) {
                    wire.writeBytes(Resp.request("GET", kit.keyOn(0, "k", 0)));
                }
            }
            // whichever of the two lanes borrows: both have more for the server than any ring takes
            one.sendAside(wire.toByteArray());
            two.sendAside(wire.toByteArray());
            Await.until("a full ring", () -> count(kit, ServerHalfCounter.SHARED_RING_FULL) > 0
                && count(kit, ServerHalfCounter.PARKED) > 0);
            for (int i = 0; i < 300; i++) {
                other.expect("+OK\r\n", "SET", kit.keyOn(1, "k", i), "v" + i);
                another.expect(bulk("v" + i), "GET", kit.keyOn(1, "k", i));
            }
            assertEquals(0, kit.slotsOccupied());
            ProxyKit.signal(kit.server(0), "CONT");
            for (RawClient client : List.of(one, two)) {
                for (int i = 0; i < requests; i++) {
                    assertEquals("+OK\r\n", Resp.text(client.reply()));
                    if (i % 10 == 0) {
                        assertTrue(Resp.text(client.reply()).startsWith("$80"));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldLogInOnceAndUseTheDatabaseOfThePool(LaneKind kind) throws Exception {
        try (LocalRedis redis = withPassword("hush");
            ProxyKit kit = shared(kind).servers(0).otherServer("127.0.0.1:" + redis.port() + ":1 s1")
                .pool("redis_auth", "hush").pool("redis_db", "3").start();
            RawClient one = kit.client(); RawClient two = kit.client();
            RawClient direct = new RawClient(redis.port())) {
            one.expect("+OK\r\n", "AUTH", "hush");
            two.expect("+OK\r\n", "AUTH", "hush");
            one.expect("+OK\r\n", "SET", "k", "v");
            two.expect(bulk("v"), "GET", "k");
            direct.expect("+OK\r\n", "AUTH", "hush");
            direct.expect("$-1\r\n", "GET", "k");
            direct.expect("+OK\r\n", "SELECT", "3");
            direct.expect(bulk("v"), "GET", "k");
            String list = direct.call("CLIENT", "LIST");
            assertEquals(2, list.lines().filter(line -> line.contains("addr=")).count(), list);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldServeMemcachedWithSilentRequests(LaneKind kind) throws Exception {
        ProxyKit.Builder builder = MemcachedKit.builder(kind, "server_connections_total", "1").engine("lanes", "2");
        try (MemcachedKit kit = MemcachedKit.start(builder, 2)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(kit.proxy().client());
            }
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < clients.size(); i++) {
                    String wire = "";
                    String get = "get";
                    String values = "";
                    for (int k = 0; k < 8; k++) {
                        String key = "c" + i + "k" + k;
                        wire += "set " + key + " 0 0 3 noreply\r\nr" + (10 + round) + "\r\n";
                        get += " " + key;
                        values += MemcachedKit.value(key, "r" + (10 + round));
                    }
                    assertEquals(values + "END\r\n", MemcachedKit.talk(clients.get(i), wire + get + "\r\n"));
                }
            }
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldReloadToSharedLinksAndBack(LaneKind kind) throws Exception {
        int port = FreePort.find();
        try (LocalRedis redis = LocalRedis.start()) {
            String own = yaml(kind, port, redis, "");
            String sharing = yaml(kind, port, redis, "  server_connections_total: 1\n");
            try (Millrace millrace = Millrace.start(ConfigReader.read("t.yml", own), new StartOptions("127.0.0.1", 0,
                OutputStream.nullOutputStream()));
                RawClient one = new RawClient(port); RawClient two = new RawClient(port)) {
                for (int round = 0; round < 6; round++) {
                    for (int i = 0; i < 50; i++) {
                        one.send("SET", "k" + i, "v" + round);
                        two.send("SET", "j" + i, "w" + round);
                    }
                    List<String> told = millrace.reload(ConfigReader.read("t.yml", round % 2 == 0 ? sharing : own));
                    assertTrue(told.getFirst().contains("server_connections_total is " + (round % 2 == 0 ? 1 : 0)),
                        told::toString);
                    for (int i = 0; i < 50; i++) {
                        one.send("GET", "k" + i);
                        two.send("GET", "j" + i);
                    }
                    for (RawClient client : List.of(one, two)) {
                        client.replies(50).forEach(reply -> assertEquals("+OK\r\n", Resp.text(reply)));
                        String value = bulk((client == one ? "v" : "w") + round);
                        client.replies(50).forEach(reply -> assertEquals(value, Resp.text(reply)));
                    }
                    long wanted = round % 2 == 0 ? 1 : 2;
                    Await.until("connections: " + wanted, () -> connectionsNow(redis) == wanted);
                }
                assertTrue(millrace.totals().servers(ServerHalfCounter.SHARED_REQUESTS) > 0);
                assertEquals(0, millrace.errors());
            }
        }
    }

    private static LocalRedis withPassword(String password) throws IOException {
        LocalRedis redis = LocalRedis.start();
        assertTrue(redis.call("CONFIG", "SET", "requirepass", password).contains("OK"));
        return redis;
    }

    private static long connectionsNow(LocalRedis redis) {
        try {
            return connections(redis);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String yaml(LaneKind kind, int port, LocalRedis redis, String directives) {
        return "millrace:\n  lanes: 2\n  stage_threads: " + kind.stageThreads() + "\n  transport: " + kind.transport()
            + "\n  limits:\n    max_memory: 256mb\ntest:\n  listen: 127.0.0.1:" + port + "\n  redis: true\n"
            + directives
            + "  servers:\n    - 127.0.0.1:" + redis.port() + ":1 s1\n";
    }
}
