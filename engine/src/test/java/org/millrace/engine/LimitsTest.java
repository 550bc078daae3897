package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.LimitsConfig;
import org.millrace.conf.PoolLimits;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer.Door;
import org.millrace.engine.kit.FakeSocket;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** What happens at each limit of the configuration, and what counts it. */
class LimitsTest {
    private static final int MIB = 1 << 20;
    private static final List<Class<?>> TESTS = List.of(LimitsTest.class, ClientLimitsTest.class, LinkLimitsTest.class,
        StreamLimitsTest.class);

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldStopReadingOrRefuseAtMaxMemoryAndGoOnAfterwards(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "16mb").pool("server_max_queue", 1).start(mode)) {
            lane.send(lane.connect(), request("GET", "first"));
            List<FakeConnection> clients = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                FakeConnection client = lane.connect();
                clients.add(client);
                client.deliverInPieces(request("SET", "k", Resp.value(MIB / 2)), MIB / 8 - 3);
                lane.settle();
            }
            long bytes = lane.transport().arena().bytesReserved()
                + (mode == LaneMode.SPLIT ? lane.serverTransport().arena().bytesReserved() : 0);
            assertTrue(bytes <= 16 * MIB, bytes + " bytes");
            assertTrue(lane.count(ClientHalfCounter.REFUSED_BY_MEMORY) > 0, "the limit came near");
            long refused = lane.count(ClientHalfCounter.NO_MEMORY) + lane.count(ServerHalfCounter.NO_MEMORY);
            assertTrue(refused > 0 || clients.stream().anyMatch(client -> client.unread() > 0));
            clients.forEach(client -> client.end(CloseCause.RESET));
            lane.reply(0, "+OK\r\n".repeat(100));
            lane.server(0).link().end(CloseCause.RESET);
            lane.after(2_000);
            FakeConnection late = lane.connect();
            lane.send(late, request("PING"));
            assertEquals("+PONG\r\n", late.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseAClientWhoseReplyHasNoRoomInMaxMemory(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "16mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            List<Segment> all = exhaust(lane.transport().arena());
            if (mode == LaneMode.FUSED) {
                // room to receive the reply, but none to send it on
                all.removeLast().release();
            }
            lane.reply(0, "+v\r\n");
            assertEquals(CloseCause.EXHAUSTED, client.cause());
            assertEquals(1, lane.count(ClientHalfCounter.NO_MEMORY));
            assertEquals(1, lane.count(PoolCounter.CLIENT_ERR));
            all.forEach(Segment::release);
            FakeConnection late = lane.connect();
            lane.send(late, request("GET", "k"));
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n", late.take());
        }
    }

    @Test
    void shouldRefuseARequestThatHasNoRoomToWaitInMaxMemory() {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "16mb").start(LaneMode.SPLIT)) {
            lane.server(0).door(Door.SILENT);
            FakeConnection client = lane.connect();
            List<Segment> all = exhaust(lane.serverTransport().arena());
            lane.send(client, request("GET", "k"));
            assertEquals("-ERR Cannot allocate memory\r\n", client.take());
            assertEquals(1, lane.count(ServerHalfCounter.NO_MEMORY));
            assertTrue(client.isOpen());
            all.forEach(Segment::release);
        }
    }

    /** Takes all memory; the last segment is of the smallest size. */
    private static List<Segment> exhaust(SegmentArena arena) {
        List<Segment> all = new ArrayList<>();
        for (int bytes = MIB; bytes >= 256; bytes /= 2) {
            for (Segment next = arena.acquire(bytes); next != null; next = arena.acquire(bytes)) {
                all.add(next);
            }
        }
        while (all.getLast().capacity() > 256) {
            int half = all.getLast().capacity() / 2;
            all.removeLast().release();
            all.add(arena.acquire(half));
            all.add(arena.acquire(half));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeARequestLongerThanMaxMessageForAProtocolError(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_message", "64kb").start(mode)) {
            isProtocolError(lane, "too big request", request("MSET", "a", Resp.value(40_000), "b",
                Resp.value(40_000)));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseTheLinkOfAReplyLongerThanMaxMessage(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_message", "64kb").start(mode)) {
            closesItsLink(lane, "*2\r\n" + bulk(Resp.value(40_000)) + bulk(Resp.value(40_000)));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeAValueLongerThanMaxBulkForAProtocolError(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_bulk", "1kb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "k", Resp.value(1024)));
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
            isProtocolError(lane, "invalid bulk length", request("SET", "k", Resp.value(1025)));
            closesItsLink(lane, bulk(Resp.value(1025)));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeMoreWordsThanMaxArgumentsForAProtocolError(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_arguments", 16).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "*16\r\n$3\r\nDEL\r\n" + bulk("k").repeat(15));
            lane.reply(0, ":1\r\n");
            assertEquals(":1\r\n", client.take());
            isProtocolError(lane, "invalid multibulk length", "*17\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseTheLinkOfAReplyDeeperThanMaxReplyDepth(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_reply_depth", 2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            lane.reply(0, "*1\r\n*1\r\n:1\r\n");
            assertEquals("*1\r\n*1\r\n:1\r\n", client.take());
            closesItsLink(lane, "*1\r\n*1\r\n*1\r\n:1\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeAnInlineCommandLongerThanMaxInlineForAProtocolError(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_inline", "64").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "PING " + "x".repeat(57) + "\r\n");
            assertEquals(bulk("x".repeat(57)), client.take());
            isProtocolError(lane, "too big inline request", "PING " + "x".repeat(60) + "\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotReadAClientOnAtClientMaxQueue(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("client_max_queue", 3).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, request("GET", "a") + request("GET", "b") + request("GET", "c") + request("GET", "d"));
            assertEquals(List.of("GET a", "GET b", "GET c"), lane.server(0).requests());
            assertTrue(client.isReadPaused());
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_QUEUE));
            lane.send(other, request("GET", "x"));
            assertEquals(List.of("GET x"), lane.server(0).requests());
            lane.reply(0, "+a\r\n");
            assertEquals(List.of("GET d"), lane.server(0).requests());
            lane.reply(0, "+b\r\n+c\r\n+x\r\n+d\r\n");
            assertEquals("+a\r\n+b\r\n+c\r\n+d\r\n", client.take());
            assertFalse(client.isReadPaused());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotReadAClientOnAtClientMaxOutput(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("client_max_output", "16kb").start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(1);
            lane.send(client, request("GET", "a") + request("GET", "b"));
            lane.reply(0, bulk(Resp.value(10_000)));
            assertFalse(client.isReadPaused() && lane.count(ClientHalfCounter.PAUSED_BY_OUTPUT) > 0);
            lane.reply(0, bulk(Resp.value(10_000)));
            lane.send(client, request("GET", "c"));
            assertEquals(List.of("GET a", "GET b"), lane.server(0).requests());
            assertTrue(client.isReadPaused());
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_OUTPUT));
            client.allow(2_000);
            lane.settle();
            assertTrue(client.isReadPaused(), "it is read again when half of it is gone");
            client.allow(Long.MAX_VALUE);
            lane.settle();
            assertEquals(List.of("GET c"), lane.server(0).requests());
            assertFalse(client.isReadPaused());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeClientFramesPerTurnAndThenServeOthers(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("client_frames_per_turn", 10).start(mode)) {
            FakeConnection wide = lane.connect();
            FakeConnection thin = lane.connect();
            wide.deliver(request("PING").repeat(35));
            thin.deliver(request("PING"));
            lane.turn();
            assertEquals(11, lane.count(ClientHalfCounter.REQUESTS));
            lane.turn();
            assertEquals("+PONG\r\n", thin.take());
            assertEquals(21, lane.count(ClientHalfCounter.REQUESTS));
            lane.settle();
            assertEquals("+PONG\r\n".repeat(35), wide.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldParkRequestsAtServerMaxQueue(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("server_max_queue", 2).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(other, request("PING"));
            lane.send(client, request("GET", "a"));
            lane.reply(0, "+a\r\n");
            lane.server(0).requests();
            long before = lane.count(ServerHalfCounter.PARKED);
            lane.send(client, request("GET", "b") + request("GET", "c") + request("GET", "d"));
            assertEquals(List.of("GET b", "GET c"), lane.server(0).requests());
            assertEquals(before + 1, lane.count(ServerHalfCounter.PARKED));
            assertTrue(lane.count(ClientHalfCounter.PAUSED_BY_PARKED) > 0);
            lane.reply(0, "+b\r\n");
            assertEquals(List.of("GET d"), lane.server(0).requests());
            lane.reply(0, "+c\r\n+d\r\n");
            assertEquals("+a\r\n+b\r\n+c\r\n+d\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldParkRequestsAtServerMaxUnsent(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("server_max_unsent", "4kb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.reply(0, "+a\r\n");
            lane.server(0).requests();
            FakeConnection link = lane.server(0).link();
            link.allow(0);
            lane.send(client, request("SET", "b", Resp.value(5_000)));
            long before = lane.count(ServerHalfCounter.PARKED);
            lane.send(client, request("GET", "c"));
            assertEquals(before + 1, lane.count(ServerHalfCounter.PARKED));
            assertTrue(link.output().unsentBytes() < 6_000);
            link.allow(Long.MAX_VALUE);
            lane.settle();
            assertEquals(List.of("SET b " + Resp.value(5_000), "GET c"), lane.server(0).requests());
            lane.reply(0, "+OK\r\n+c\r\n");
            assertEquals("+a\r\n+OK\r\n+c\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPauseAtLeastAboutLinkRetryMinMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("link_retry_min_ms", 200).start(mode)) {
            lane.server(0).door(Door.SHUT);
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.after(99);
            lane.send(client, request("GET", "b"));
            assertEquals(1, lane.server(0).attempts());
            lane.after(102);
            lane.send(client, request("GET", "c"));
            assertEquals(2, lane.server(0).attempts());
            assertEquals("-ERR Connection refused\r\n".repeat(3), client.take());
            assertEquals(2, lane.count(ServerHalfCounter.LINKS_REFUSED));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPauseAtMostLinkRetryMaxMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("link_retry_min_ms", 10).limit("link_retry_max_ms", 50)
            .start(mode)) {
            lane.server(0).door(Door.SHUT);
            FakeConnection client = lane.connect();
            for (int i = 1; i <= 20; i++) {
                lane.send(client, request("GET", "a"));
                assertEquals(i, lane.server(0).attempts());
                lane.after(51);
            }
            assertEquals(20, lane.count(ServerHalfCounter.LINKS_REFUSED));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseALinkAfterLinkSilenceMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("link_silence_ms", 500).pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.after(2_000);
            lane.send(client, request("GET", "a"));
            FakeConnection link = lane.server(0).link();
            lane.after(450);
            assertEquals("-ERR Connection timed out\r\n", client.take());
            assertTrue(link.isOpen());
            lane.reply(0, "+half a li");
            lane.after(450);
            assertTrue(link.isOpen(), "a byte is a sign of life");
            lane.after(60);
            assertEquals(CloseCause.TIMED_OUT, link.cause());
            assertEquals(1, lane.count(0, ServerCounter.SERVER_TIMEDOUT));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLeaveAnIdleLinkAloneAfterLinkSilenceMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("link_silence_ms", 500).pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.reply(0, "+a\r\n");
            lane.after(10_000);
            assertTrue(lane.server(0).link().isOpen());
            lane.send(client, request("GET", "b"));
            lane.after(50);
            assertTrue(lane.server(0).link().isOpen(), "silence counts from the oldest request on");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeNoMoreThanRingSlotsAtATimeAndLoseNothing(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().engine("ring_slots", 8).start(mode)) {
            FakeConnection client = lane.connect();
            StringBuilder requests = new StringBuilder();
            StringBuilder replies = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                requests.append(request("GET", "k" + i));
                replies.append('+').append(i).append("\r\n");
            }
            client.deliver(requests.toString());
            lane.turn();
            assertTrue(lane.count(ClientHalfCounter.REQUESTS) <= 8);
            assertTrue(lane.count(ClientHalfCounter.RING_FULL) > 0);
            lane.settle();
            assertEquals(200, lane.server(0).requests().size());
            lane.reply(0, replies.toString());
            assertTrue(lane.count(ServerHalfCounter.RING_FULL) > 0);
            assertEquals(replies.toString(), client.take());
        }
    }

    @Test
    void shouldTurnAwayAClientBeyondClientConnections() throws IOException {
        try (LaneHarness lane = LaneSpec.lane().pool("client_connections", 2).start(LaneMode.FUSED)) {
            LaneHandle handle = new LaneHandle(lane.lane(), lane.commands(), List.of(), List.of(lane.transport()));
            Listeners listeners = new Listeners(lane.config(), List.of(handle), text -> { });
            listeners.open();
            FakeSocket first = lane.transport().arrive(0);
            FakeSocket second = lane.transport().arrive(0);
            FakeSocket third = lane.transport().arrive(0);
            assertNotNull(first.connection());
            assertNotNull(second.connection());
            lane.settle();
            assertEquals("-ERR max number of clients reached\r\n", third.connection().take());
            assertTrue(third.connection().isOutputShut());
            assertEquals(1, lane.count(ClientHalfCounter.REFUSED_BY_NUMBER));
            assertEquals(2, lane.count(PoolCounter.CLIENT_CONNECTIONS));
            first.connection().end(CloseCause.PEER_CLOSED);
            lane.settle();
            FakeSocket fourth = lane.transport().arrive(0);
            assertNotNull(fourth.connection());
            assertEquals("", fourth.connection().take());
            lane.after(1_001);
            assertTrue(third.connection().isClosed(), "it has had its time to read");
            assertEquals(2, lane.count(PoolCounter.CLIENT_CONNECTIONS));
            second.connection().end(CloseCause.PEER_CLOSED);
            fourth.connection().end(CloseCause.PEER_CLOSED);
        }
    }

    @Test
    @Timeout(60)
    void shouldStopAfterDrainMsThoughRequestsAreUnanswered(@TempDir Path folder) throws IOException {
        Path socket = folder.resolve("m");
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String yaml = "millrace:\n  drain_ms: 100\nalpha:\n  listen: " + socket + "\n  redis: true\n  servers:\n"
                + "    - 127.0.0.1:" + server.getLocalPort() + ":1\n";
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            Millrace millrace = Millrace.start(ConfigReader.read("drain.yml", yaml),
                new StartOptions("127.0.0.1", 0, new PrintStream(log, true, StandardCharsets.UTF_8)));
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                client.write(ByteBuffer.wrap(Resp.bytes(request("GET", "k"))));
                try (Socket link = server.accept()) {
                    assertEquals('*', link.getInputStream().read());
                    long startNs = System.nanoTime();
                    assertFalse(millrace.stop());
                    long tookNs = System.nanoTime() - startNs;
                    assertTrue(tookNs >= 100_000_000L && tookNs < 20_000_000_000L, tookNs + " ns");
                    assertTrue(log.toString(StandardCharsets.UTF_8).contains("stopped with requests unanswered"));
                }
            }
        }
    }

    @Test
    void shouldHaveATestNamedForEachLimit() {
        List<String> limits = new ArrayList<>(List.of("ringSlots", "drainMs", "clientConnections"));
        for (Class<?> record : List.of(LimitsConfig.class, PoolLimits.class)) {
            for (RecordComponent component : record.getRecordComponents()) {
                limits.add(component.getName());
            }
        }
        limits.remove("pool");
        for (Class<?> tests : TESTS) {
            for (Method method : tests.getDeclaredMethods()) {
                limits.removeIf(limit -> method.getName().toLowerCase(Locale.ROOT)
                    .contains(limit.toLowerCase(Locale.ROOT)));
            }
        }
        assertEquals(List.of(), limits);
    }

    private static void isProtocolError(LaneHarness lane, String error, String wire) {
        FakeConnection client = lane.connect();
        long before = lane.count(ClientHalfCounter.PROTOCOL_ERRORS);
        lane.send(client, wire);
        assertEquals("-ERR Protocol error: " + error + "\r\n", client.take());
        assertTrue(client.isOutputShut());
        assertEquals(before + 1, lane.count(ClientHalfCounter.PROTOCOL_ERRORS));
    }

    private static void closesItsLink(LaneHarness lane, String reply) {
        FakeConnection client = lane.connect();
        lane.send(client, request("GET", "k"));
        FakeConnection link = lane.server(0).link();
        long before = lane.count(0, ServerCounter.SERVER_ERR);
        lane.reply(0, reply);
        assertEquals(CloseCause.PROTOCOL, link.cause());
        assertEquals("-ERR Invalid argument\r\n", client.take());
        assertTrue(client.isOpen());
        assertEquals(before + 1, lane.count(0, ServerCounter.SERVER_ERR));
    }
}
