package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer.Door;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.engine.kit.TakenMemory;
import org.millrace.io.CloseCause;
import org.millrace.io.SegmentArena;

/** What happens at each limit of a client. */
class ClientLimitsTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotReadAClientOnAtClientMaxBytes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").limit("max_message", "1mb")
            .limit("client_max_bytes", "2mb").start(mode)) {
            lane.server(0).door(Door.SILENT);
            FakeConnection client = lane.connect();
            // each turn takes a piece; all wait for a link that never stands
            for (int i = 0; i < 10; i++) {
                client.deliver(request("SET", "k", Resp.value(500 * KIB)));
            }
            lane.settle();
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_PARKED) > 0 ? 1 : 0);
            assertTrue(client.unread() > 0);
            assertTrue(lane.lane().client().state().account(0).bytes() <= 3 * MIB);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotReadALargeRequestForWhichClientMaxBytesHasNoRoomBesideWhatIsHeld(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").limit("max_message", "2mb")
            .limit("client_max_bytes", "2mb").limit("server_max_unsent", "16mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            FakeConnection link = lane.server(0).link();
            link.allow(0);
            String first = request("SET", "b", Resp.value(1200 * KIB));
            client.deliverInPieces(first + request("SET", "c", Resp.value(1500 * KIB)), 127 * KIB);
            lane.settle();
            lane.after(1);
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_BYTES));
            assertEquals(1, lane.count(ClientHalfCounter.NOT_READ_BY_BYTES));
            assertEquals(0, lane.count(ClientHalfCounter.RESERVED_BYTES), "nothing is set aside for what has no room");
            assertTrue(lane.lane().client().state().account(0).bytes() <= 2 * MIB);
            link.allow(Long.MAX_VALUE);
            lane.settle();
            lane.after(1);
            assertEquals(0, lane.count(ClientHalfCounter.NOT_READ_BY_BYTES));
            lane.reply(0, "+a\r\n+b\r\n+c\r\n");
            assertEquals("+a\r\n+b\r\n+c\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCountWhoIsNotReadForEachReason(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("client_max_queue", 2).pool("server_max_queue", 3).start(mode)) {
            FakeConnection queue = lane.connect();
            lane.send(queue, request("GET", "a").repeat(2));
            FakeConnection parked = lane.connect();
            lane.send(parked, request("GET", "b") + request("GET", "c"));
            lane.after(1);
            assertEquals(2, lane.count(ClientHalfCounter.NOT_READ));
            assertEquals(2, lane.count(ClientHalfCounter.NOT_READ_BY_QUEUE));
            assertEquals(1, lane.count(ClientHalfCounter.NOT_READ_BY_PARKED));
            parked.end(CloseCause.RESET);
            lane.after(1);
            assertEquals(1, lane.count(ClientHalfCounter.NOT_READ_BY_QUEUE));
            assertEquals(0, lane.count(ClientHalfCounter.NOT_READ_BY_PARKED));
            lane.reply(0, "+a\r\n+a\r\n+b\r\n");
            lane.after(1);
            assertEquals(0, lane.count(ClientHalfCounter.NOT_READ_BY_QUEUE));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldReadAgainWhenHalfOfClientMaxBytesIsFree(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").limit("max_message", "256kb")
            .limit("client_max_bytes", "256kb").limit("client_max_output", "32mb").start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(0);
            lane.send(client, request("GET", "a"));
            lane.reply(0, bulk(Resp.value(200 * KIB)));
            lane.send(client, request("GET", "b"));
            lane.reply(0, bulk(Resp.value(100 * KIB)));
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_BYTES));
            assertTrue(client.isReadPaused());
            client.deliver(request("GET", "c"));
            lane.settle();
            assertEquals(1, client.unread());
            client.allow(120 * KIB);
            lane.settle();
            assertEquals(1, client.unread(), "less than half is free");
            client.allow(120 * KIB);
            lane.settle();
            assertEquals(0, client.unread());
            client.allow(Long.MAX_VALUE);
            lane.reply(0, "+c\r\n");
            assertTrue(client.take().endsWith("+c\r\n"));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotReadAClientOnAtClientMaxExpected(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").limit("client_max_expected", "64kb")
            .start(mode)) {
            FakeConnection client = lane.connect();
            client.deliver(request("GET", "k").repeat(100));
            lane.settle();
            int first = lane.server(0).requests().size();
            assertTrue(first >= 8 && first <= 17, "a reply is taken for 4 KiB before one has come: " + first);
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_EXPECTED));
            for (int i = 0; i < first; i++) {
                lane.reply(0, "+v\r\n");
            }
            lane.settle();
            int second = lane.server(0).requests().size();
            assertTrue(second > 20, "short replies let it ask for more: " + second);
            for (int i = first; i < 100; i++) {
                lane.reply(0, "+v\r\n");
            }
            assertEquals("+v\r\n".repeat(100), client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLetOneRequestPassWhateverClientMaxExpectedIs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").limit("client_max_expected", "64kb")
            .start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            for (int i = 1; i <= 3; i++) {
                if (i == 2) {
                    client.deliver(request("GET", "k").repeat(2));
                    lane.settle();
                }
                assertEquals(1, lane.server(0).requests().size(), "request " + i);
                lane.reply(0, bulk(Resp.value(MIB)));
            }
            assertEquals(bulk(Resp.value(MIB)).repeat(3), client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseAClientAtOnceAtTheHardClientOutputLimit(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb")
            .pool("client_output_limit", "100kb 0 0").start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(0);
            lane.send(client, request("GET", "k") + request("GET", "k"));
            lane.reply(0, bulk(Resp.value(90 * KIB)));
            assertTrue(client.isOpen());
            lane.reply(0, bulk(Resp.value(15 * KIB)));
            assertEquals(CloseCause.EXHAUSTED, client.cause());
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_BY_OUTPUT_HARD));
            assertEquals(0, lane.count(ClientHalfCounter.CLOSED_BY_OUTPUT_SOFT));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseAClientThatStaysBeyondTheSoftClientOutputLimit(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb")
            .limit("client_output_limit", "0 50kb 3").start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(0);
            lane.send(client, request("GET", "k") + request("GET", "k"));
            lane.reply(0, bulk(Resp.value(60 * KIB)));
            lane.after(2_900);
            assertTrue(client.isOpen());
            client.allow(20 * KIB);
            lane.after(1);
            client.allow(0);
            lane.after(5_000);
            assertTrue(client.isOpen(), "it was below the limit in between");
            lane.reply(0, bulk(Resp.value(60 * KIB)));
            lane.after(2_999);
            assertTrue(client.isOpen());
            lane.after(2);
            assertEquals(CloseCause.EXHAUSTED, client.cause());
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_BY_OUTPUT_SOFT));
            assertEquals(0, lane.count(ClientHalfCounter.CLOSED_BY_OUTPUT_HARD));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotReadTheLargestHoldersAtPoolMaxBytes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").limit("client_max_output", "16mb")
            .pool("pool_max_bytes", "1mb").start(mode)) {
            FakeConnection large = lane.connect();
            large.allow(0);
            FakeConnection small = lane.connect();
            for (int i = 0; i < 2; i++) {
                lane.send(large, request("GET", "k"));
                lane.reply(0, bulk(Resp.value(600 * KIB)));
            }
            lane.after(2);
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_POOL));
            assertTrue(large.isReadPaused());
            assertFalse(small.isReadPaused());
            lane.send(small, request("PING"));
            assertEquals("+PONG\r\n", small.take());
            large.allow(300 * KIB);
            lane.after(2);
            assertTrue(large.isReadPaused(), "a quarter must be free");
            large.allow(300 * KIB);
            lane.after(2);
            assertFalse(large.isReadPaused());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldStopReadingTheLargestHoldersAndThenRefuseNewClientsAsMaxMemoryComesNear(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "16mb").limit("client_max_output", "16mb")
            .start(mode)) {
            List<FakeConnection> readers = new ArrayList<>();
            for (int i = 0; i < 100 && lane.count(ClientHalfCounter.PAUSED_BY_MEMORY) == 0; i++) {
                readers.add(lane.connect());
                readers.getLast().allow(0);
                lane.send(readers.getLast(), request("GET", "k"));
                lane.reply(0, bulk(Resp.value(200 * KIB)));
                lane.after(2);
            }
            assertTrue(lane.count(ClientHalfCounter.PAUSED_BY_MEMORY) > 0);
            assertTrue(readers.getFirst().isReadPaused());
            FakeConnection fresh = lane.connect();
            lane.send(fresh, request("PING"));
            assertEquals("+PONG\r\n", fresh.take(), "a new client is not refused yet");
            FakeConnection refused = fresh;
            for (int i = 0; i < 100 && lane.count(ClientHalfCounter.REFUSED_BY_MEMORY) == 0; i++) {
                lane.send(fresh, request("GET", "k"));
                fresh.allow(0);
                lane.reply(0, bulk(Resp.value(200 * KIB)));
                lane.after(2);
                refused = lane.connect();
                lane.settle();
                fresh = lane.count(ClientHalfCounter.REFUSED_BY_MEMORY) == 0 ? refused : fresh;
            }
            assertEquals("-ERR max memory reached, try again later\r\n", refused.take());
            assertTrue(refused.isOutputShut());
            readers.forEach(client -> client.allow(Long.MAX_VALUE));
            fresh.allow(Long.MAX_VALUE);
            lane.after(2);
            lane.after(2);
            assertFalse(readers.getFirst().isReadPaused());
            FakeConnection late = lane.connect();
            lane.send(late, request("PING"));
            assertEquals("+PONG\r\n", late.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseAHolderThatStallsForGatherTimeoutMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "16mb").limit("gather_timeout", 500)
            .start(mode)) {
            String wire = request("SET", "k", Resp.value(MIB));
            FakeConnection stalled = lane.connect();
            lane.send(stalled, wire.substring(0, 100_000));
            FakeConnection slow = lane.connect();
            lane.send(slow, wire.substring(0, 100_000));
            lane.after(400);
            lane.send(slow, wire.substring(100_000, 200_000));
            lane.after(99);
            assertTrue(stalled.isOpen());
            lane.after(2);
            assertEquals(CloseCause.TIMED_OUT, stalled.cause());
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_BY_GATHER_TIMEOUT));
            lane.after(300);
            lane.send(slow, wire.substring(200_000));
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", slow.take(), "one that brings some in time may go on");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSetMemoryAsideForOneAfterTheOther(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .start(mode)) {
            String wire = request("SET", "k", Resp.value(6 * MIB));
            List<FakeConnection> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(lane.connect());
                clients.getLast().deliverInPieces(wire.substring(0, 3 * MIB), 256 * KIB);
                lane.settle();
            }
            assertTrue(lane.count(ClientHalfCounter.PAUSED_BY_RESERVATION) > 0);
            clients.forEach(client -> client.deliverInPieces(wire.substring(3 * MIB), 256 * KIB));
            for (int i = 0; i < 5; i++) {
                lane.settle();
                lane.after(2);
                lane.reply(0, "+OK\r\n");
            }
            lane.settle();
            clients.forEach(client -> assertEquals("+OK\r\n", client.take()));
            assertEquals(0, lane.count(ClientHalfCounter.NO_MEMORY));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLetTheOldestFinishThoughEachHoldsHalfOfWhatItNeeds(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("gather_timeout", 1000).start(mode)) {
            String value = Resp.value(3 * MIB);
            String wire = request("MSET", lane.keyOn(0), value, lane.keyOn(0, 1), value);
            FakeConnection first = lane.connect();
            FakeConnection second = lane.connect();
            int half = wire.length() / 2 + 100;
            first.deliverInPieces(wire.substring(0, half), 256 * KIB);
            second.deliverInPieces(wire.substring(0, half), 256 * KIB);
            lane.settle();
            FakeConnection third = lane.connect();
            lane.send(third, request("SET", "k", "small"));
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", third.take(), "small requests need nothing set aside");
            first.deliverInPieces(wire.substring(half), 256 * KIB);
            second.deliverInPieces(wire.substring(half), 256 * KIB);
            for (int i = 0; i < 3; i++) {
                lane.after(2);
                lane.reply(0, "+OK\r\n");
            }
            assertEquals("+OK\r\n", first.take());
            assertEquals("+OK\r\n", second.take());
            assertNull(first.cause());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldServeAThinPipelineWhileWideOnesFlood(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").start(mode)) {
            List<FakeConnection> wide = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                wide.add(lane.connect());
                for (int piece = 0; piece < 8; piece++) {
                    wide.getLast().deliver(request("PING").repeat(1000));
                }
            }
            for (int i = 0; i < 5; i++) {
                lane.turn();
            }
            FakeConnection thin = lane.connect();
            thin.deliver(request("PING"));
            int turns = 0;
            while (thin.take().isEmpty()) {
                lane.turn();
                assertTrue(++turns <= 8, "it waits for others");
            }
            assertTrue(wide.stream().anyMatch(client -> client.unread() > 0), "they are not done yet");
            lane.settle();
            wide.forEach(client -> assertEquals("+PONG\r\n".repeat(8000), client.take()));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseAClientThatIsIdleForClientIdleTimeout(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("client_idle_timeout", 1_000).start(mode)) {
            lane.settle();
            FakeConnection idle = lane.connect();
            FakeConnection waiting = lane.connect();
            FakeConnection half = lane.connect();
            FakeConnection busy = lane.connect();
            lane.send(idle, request("PING"));
            lane.send(waiting, request("GET", "k"));
            lane.send(half, "*1\r\n$4\r\nPI");
            lane.after(600);
            lane.send(busy, request("PING"));
            lane.after(399);
            assertTrue(idle.isOpen());
            for (int i = 0; i < 4; i++) {
                lane.after(1);
            }
            assertEquals(CloseCause.LOCAL, idle.cause());
            assertTrue(waiting.isOpen(), "it waits for a reply");
            assertTrue(half.isOpen(), "it is in the middle of a request");
            assertTrue(busy.isOpen(), "it has sent something since");
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_BY_IDLE_TIMEOUT));
            lane.reply(0, "+a\r\n");
            lane.after(999);
            assertTrue(waiting.isOpen(), "it has taken a reply");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldReadAClientAgainThatHoldsLittleThoughMuteOnesKeepMemoryShort(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("client_max_output", "16mb").start(mode)) {
            SegmentArena arena = lane.serverTransport().arena();
            FakeConnection innocent = lane.connect();
            innocent.allow(0);
            while (arena.bytesInUse() < 3 * MIB) {
                lane.send(innocent, request("GET", "k"));
                lane.reply(0, bulk(Resp.value(60 * KIB)));
            }
            String last = request("ECHO", Resp.value(50 * KIB));
            lane.send(innocent, last.substring(0, 30 * KIB));
            while (!innocent.isReadPaused() && arena.bytesInUse() < 13 * MIB) {
                FakeConnection mute = lane.connect();
                mute.allow(0);
                lane.send(mute, request("GET", "k"));
                lane.reply(0, bulk(Resp.value(200 * KIB)));
                lane.after(2);
            }
            assertTrue(innocent.isReadPaused(), "it holds most");
            innocent.allow(Long.MAX_VALUE);
            lane.settle();
            assertTrue(innocent.take().length() > MIB);
            assertTrue(arena.bytesInUse() > 8 * MIB, "the others hold more than half");
            innocent.deliver(last.substring(30 * KIB));
            FakeConnection busy = lane.connect();
            for (int i = 0; i < 10; i++) {
                // else the lane would stand still, and all be read again
                lane.send(busy, request("PING"));
                lane.after(10);
            }
            assertTrue(innocent.take().equals(bulk(Resp.value(50 * KIB))));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLookForTheLargestHoldersLessOftenTheMoreClientsThereAre(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .start(mode)) {
            FakeConnection large = lane.connect();
            large.allow(0);
            lane.send(large, request("GET", "k"));
            lane.reply(0, bulk(Resp.value(60 * KIB)));
            FakeConnection medium = lane.connect();
            medium.allow(0);
            lane.send(medium, request("GET", "k"));
            lane.reply(0, bulk(Resp.value(20 * KIB)));
            for (int i = 0; i < 30_000; i++) {
                lane.connect();
            }
            try (TakenMemory _ = TakenMemory.of(lane.serverTransport().arena())) {
                lane.after(1);
                assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_MEMORY));
                lane.after(2);
                assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_MEMORY), "30000 have just been looked at");
                lane.after(2);
                assertEquals(2, lane.count(ClientHalfCounter.PAUSED_BY_MEMORY));
            }
        }
    }
}
