package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** Servers that are not there, die, hang and come back: every request gets its answer, and nobody else suffers. */
@Timeout(120)
@Tag("faults")
class FailureTest {
    private static final String TIMED_OUT = "-ERR Connection timed out\r\n";
    private static final String REFUSED = "-ERR Connection refused\r\n";
    private static final int REQUESTS = 500;

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldTellThatAServerRefuses(LaneKind kind) throws Exception {
        int closed = FreePort.find();
        try (ProxyKit kit = ProxyKit.with(kind).servers(0).otherServer("127.0.0.1:" + closed + ":1").start();
            RawClient client = kit.client()) {
            client.expect(REFUSED, "GET", "a");
            client.expect("+PONG\r\n", "PING");
            client.expect(REFUSED, "SET", "a", "1");
            client.expect(REFUSED, "MGET", "a", "b");
            List<byte[]> replies = client.pipeline(gets("k", REQUESTS), REQUESTS);
            replies.forEach(reply -> assertEquals(REFUSED, Resp.text(reply)));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldTellThatAServersNameDoesNotResolve(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).servers(0).otherServer("no-such-host.invalid:6379:1").start();
            RawClient client = kit.client()) {
            client.expect("-ERR Host is down\r\n", "GET", "a");
            client.expect("-ERR Host is down\r\n", "DEL", "a", "b");
            client.expect("+PONG\r\n", "PING");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAnswerWhatWasInFlightWhenAServerDies(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).servers(2).start(); RawClient client = kit.client()) {
            client.expect("+OK\r\n", "SET", kit.keyOn(0, "k", 0), "alive");
            client.expect("$-1\r\n", "GET", kit.keyOn(1, "k", 0));
            ProxyKit.signal(kit.server(0), "STOP");
            client.send(gets(kit, 0, REQUESTS));
            client.send("GET", kit.keyOn(1, "k", 0));
            Await.until("requests in flight", () -> kit.entriesInUse() == REQUESTS);
            ProxyKit.signal(kit.server(0), "KILL");
            Set<String> allowed = Set.of("-ERR unknown\r\n", "-ERR Connection reset by peer\r\n");
            for (byte[] reply : client.replies(REQUESTS)) {
                assertTrue(allowed.contains(Resp.text(reply)), () -> Resp.show(reply));
            }
            assertEquals("$-1\r\n", Resp.text(client.reply()));
            client.expect("+PONG\r\n", "PING");
            // the dead server's listening socket may take a connection with it into the grave
            Await.until("refusal", () -> reply(client, kit.keyOn(0, "k", 0)).equals(REFUSED));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldSwallowTheLateRepliesOfRequestsThatTimedOut(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).servers(1).pool("timeout", "1000").start();
            RawClient client = kit.client(); RawClient other = kit.client()) {
            for (int i = 0; i < 20; i++) {
                client.expect("+OK\r\n", "SET", "k" + i, "v" + i);
            }
            ProxyKit.signal(kit.server(0), "STOP");
            long startNs = System.nanoTime();
            client.send(gets("k", 10));
            client.replies(10).forEach(reply -> assertEquals(TIMED_OUT, Resp.text(reply)));
            long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
            assertTrue(elapsedMs >= 990 && elapsedMs < 5000, "timed out after " + elapsedMs + " ms");
            assertEquals(10, kit.entriesInUse());
            other.send("GET", "k11");
            Await.until("another's request in flight", () -> kit.entriesInUse() == 11);
            ProxyKit.signal(kit.server(0), "CONT");
            String late = Resp.text(other.reply());
            assertTrue(Set.of("$3\r\nv11\r\n", TIMED_OUT).contains(late), late);
            for (int i = 0; i < 20; i++) {
                client.expect(value("v" + i), "GET", "k" + i);
                other.expect(value("v" + (19 - i)), "GET", "k" + (19 - i));
            }
            assertTrue(kit.millrace().totals().servers(ServerHalfCounter.LATE_REPLIES) >= 10);
            assertTrue(kit.millrace().totals().servers(ServerHalfCounter.TIMED_OUT) >= 10);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldServeOthersAndHoldNoSlotWhileAServerHangs(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).servers(2).start(); RawClient stuck = kit.client();
            RawClient other = kit.client()) {
            for (int i = 0; i < REQUESTS; i++) {
                stuck.send("SET", kit.keyOn(0, "k", i), "v" + i);
            }
            stuck.replies(REQUESTS).forEach(reply -> assertEquals("+OK\r\n", Resp.text(reply)));
            ProxyKit.signal(kit.server(0), "STOP");
            stuck.send(gets(kit, 0, REQUESTS));
            Await.until("requests in flight", () -> kit.entriesInUse() == REQUESTS);
            Await.until("both rings empty", () -> kit.slotsOccupied() == 0);
            for (int i = 0; i < REQUESTS; i++) {
                other.send("SET", kit.keyOn(1, "k", i), "w" + i);
            }
            other.replies(REQUESTS).forEach(reply -> assertEquals("+OK\r\n", Resp.text(reply)));
            List<byte[]> served = other.pipeline(gets(kit, 1, REQUESTS), REQUESTS);
            for (int i = 0; i < REQUESTS; i++) {
                assertEquals(value("w" + i), Resp.text(served.get(i)));
            }
            Await.until("both rings empty", () -> kit.slotsOccupied() == 0);
            assertEquals(REQUESTS, kit.entriesInUse());
            ProxyKit.signal(kit.server(0), "CONT");
            for (int i = 0; i < REQUESTS; i++) {
                assertEquals(value("v" + i), Resp.text(stuck.reply()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldParkWhatTheWindowDoesNotHoldWithoutHoldingSlots(LaneKind kind) throws Exception {
        int requests = 3000;
        try (ProxyKit kit = ProxyKit.with(kind).servers(2).pool("server_max_queue", "16").start();
            RawClient stuck = kit.client(); RawClient other = kit.client()) {
            stuck.expect("+OK\r\n", "SET", kit.keyOn(0, "k", 0), "v");
            ProxyKit.signal(kit.server(0), "STOP");
            byte[] all = repeated(Resp.request("GET", kit.keyOn(0, "k", 0)), requests);
            CompletableFuture<Void> sent = stuck.sendAside(all);
            Await.until("a full window", () -> kit.entriesInUse() > 16);
            Await.until("both rings empty", () -> kit.slotsOccupied() == 0);
            for (int i = 0; i < 100; i++) {
                other.expect("$-1\r\n", "GET", kit.keyOn(1, "none", i));
            }
            Await.until("both rings empty", () -> kit.slotsOccupied() == 0);
            ProxyKit.signal(kit.server(0), "CONT");
            stuck.replies(requests).forEach(reply -> assertEquals("$1\r\nv\r\n", Resp.text(reply)));
            sent.join();
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldRecoverWhenAServerComesBack(LaneKind kind, @TempDir Path folder) throws Exception {
        String path = folder.resolve("redis.sock").toString();
        LocalRedis first = LocalRedis.start("--unixsocket", path);
        try (ProxyKit kit = ProxyKit.with(kind).servers(1).otherServer(path + ":1 unix").start();
            RawClient client = kit.client()) {
            String key = kit.keyOn(1, "k", 0);
            client.expect("+OK\r\n", "SET", key, "1");
            ProxyKit.signal(first, "KILL");
            Await.until("an error", () -> isError(client, key));
            for (int i = 0; i < 100; i++) {
                assertTrue(client.call("GET", key).startsWith("-ERR "));
                client.expect("$-1\r\n", "GET", kit.keyOn(0, "none", i));
            }
            first.close();
            try (LocalRedis second = LocalRedis.start("--unixsocket", path)) {
                Await.until(() -> "recovery, pid " + second.pid(), Duration.ofSeconds(10), () -> !isError(client, key));
                client.expect("+OK\r\n", "SET", key, "2");
                client.expect(value("2"), "GET", key);
            }
        } finally {
            first.close();
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldForgetAClientThatLeavesWithRequestsInFlight(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).servers(1).start(); RawClient other = kit.client()) {
            other.expect("+OK\r\n", "SET", "k", "other's");
            ProxyKit.signal(kit.server(0), "STOP");
            RawClient leaving = kit.client();
            leaving.send(gets("k", REQUESTS));
            Await.until("requests in flight", () -> kit.entriesInUse() == REQUESTS);
            leaving.reset();
            Await.until("the client gone", () -> kit.lane().client().state().life().clients().size() == 1);
            other.send("GET", "k");
            ProxyKit.signal(kit.server(0), "CONT");
            assertEquals(value("other's"), Resp.text(other.reply()));
        }
    }

    private static boolean isError(RawClient client, String key) {
        return reply(client, key).startsWith("-ERR ");
    }

    private static String reply(RawClient client, String key) {
        try {
            return client.call("GET", key);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String value(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static byte[] gets(String prefix, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.writeBytes(Resp.request("GET", prefix + i));
        }
        return out.toByteArray();
    }

    private static byte[] gets(ProxyKit kit, int server, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.writeBytes(Resp.request("GET", kit.keyOn(server, "k", i)));
        }
        return out.toByteArray();
    }

    private static byte[] repeated(byte[] request, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.writeBytes(request);
        }
        return out.toByteArray();
    }
}
