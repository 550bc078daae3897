package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** For whom a link is held in the middle of a large reply, and for whom it is not. */
@Tag("faults")
class StreamHoldTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    /** Fills a segment of 128 KiB nearly. */
    private static final int PIECE = 127 * KIB;
    private static final String BIG = bulk(Resp.value(3 * MIB));

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerARefusedReplyOnceThoughItsLinkEndsBeforeItIsWhole(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("link_hold_ms", 300)
            .limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)));
            FakeConnection link = lane.server(1).link();
            link.deliverInPieces(bulk(Resp.value(14 * MIB)).substring(0, 13 * MIB), PIECE);
            lane.settle();
            assertTrue(link.isReadPaused());
            lane.after(300);
            assertEquals(1, lane.count(ClientHalfCounter.REFUSED_BY_HOLDING));
            link.end(CloseCause.RESET);
            lane.settle();
            lane.reply(0, "+first\r\n");
            assertEquals("+first\r\n-ERR the reply has waited too long for the replies before it\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotHoldALinkForALargeReplyThatComesTooLate(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("link_silence_ms", 100_000).pool("timeout", 100)
            .limit("client_max_bytes", "4mb").limit("max_message", "4mb").start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(0);
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)));
            lane.server(0).link().deliverInPieces(bulk(Resp.value(3800 * KIB)).substring(0, 3700 * KIB), PIECE);
            lane.settle();
            assertFalse(lane.server(0).link().isReadPaused());
            lane.after(101);
            assertEquals(1, lane.count(ServerHalfCounter.TIMED_OUT));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", lane.keyOn(1)));
            lane.server(1).link().deliverInPieces(BIG + "+mine\r\n", PIECE);
            lane.settle();
            assertEquals(0, lane.count(ServerHalfCounter.STREAM_HELD));
            assertEquals("+mine\r\n", next.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotTakeWhatAClientSendsForWhatItTakes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(3).limit("link_hold_ms", 300)
            .limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", lane.keyOn(1)));
            FakeConnection link = lane.server(1).link();
            link.deliverInPieces(bulk(Resp.value(14 * MIB)) + "+mine\r\n", PIECE);
            lane.settle();
            assertTrue(link.isReadPaused());
            for (int i = 0; i < 3; i++) {
                lane.send(client, request("SET", lane.keyOn(2), Resp.value(70 * KIB)));
                lane.reply(2, "+OK\r\n");
                lane.after(100);
            }
            assertEquals("+mine\r\n", next.take(), "the link is free after link_hold_ms");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotWaitForAClientThatHasTakenAllAndHoldsARequest(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("link_hold_ms", 300).limit("client_max_bytes", "4mb")
            .limit("max_message", "4mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(1)));
            String set = request("SET", lane.keyOn(0), Resp.value(4000 * KIB));
            client.deliverInPieces(set.substring(0, 3990 * KIB), PIECE);
            lane.settle();
            lane.server(1).link().deliverInPieces(BIG, PIECE);
            lane.settle();
            lane.after(300);
            assertTrue(client.isOpen(), "its request is slow, not it");
            assertTrue(client.take().equals(BIG));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotWaitForAClientThatHasTakenAllAndWhoseRequestAHungServerDoesNotTake(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("link_hold_ms", 300).limit("client_max_bytes", "4mb")
            .limit("max_message", "4mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)));
            lane.reply(0, "+a\r\n");
            assertEquals("+a\r\n", client.take());
            lane.server(0).link().allow(0);
            lane.send(client, request("GET", lane.keyOn(1)));
            client.deliverInPieces(request("SET", lane.keyOn(0), Resp.value(3000 * KIB)), PIECE);
            lane.settle();
            lane.server(1).link().deliverInPieces(BIG, PIECE);
            lane.settle();
            lane.after(300);
            assertTrue(client.isOpen());
            assertTrue(client.take().equals(BIG));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldReckonWithEarlierHoldsOfAReplyWhoseClientTakesNothing(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("link_hold_ms", 300).limit("stream_window", "64kb")
            .limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb").start(mode)) {
            FakeConnection mute = lane.connect();
            mute.allow(0);
            lane.send(mute, request("GET", "k"));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", "k"));
            FakeConnection link = lane.server(0).link();
            String reply = bulk(Resp.value(14 * MIB)) + "+mine\r\n";
            allow(lane, 8);
            link.deliverInPieces(reply.substring(0, 5 * MIB), PIECE);
            lane.settle();
            assertTrue(link.isReadPaused());
            for (int i = 0; i < 2; i++) {
                lane.after(140);
                allow(lane, 64);
                assertFalse(link.isReadPaused(), "others have left much memory free");
                allow(lane, 8);
                link.deliverInPieces(reply.substring((5 + i) * MIB, (6 + i) * MIB), PIECE);
                lane.settle();
                assertTrue(link.isReadPaused(), "and taken it back");
            }
            link.deliverInPieces(reply.substring(7 * MIB), PIECE);
            assertEquals(3, lane.count(ServerHalfCounter.STREAM_HELD));
            assertEquals("", next.take());
            lane.after(21);
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_BY_HOLDING));
            assertEquals("+mine\r\n", next.take());
        }
    }

    /** Each half may have so many MiB. */
    private static void allow(LaneHarness lane, int mebibytes) {
        lane.transport().arena().maxBytes((long) mebibytes * MIB);
        lane.serverTransport().arena().maxBytes((long) mebibytes * MIB);
        lane.settle();
    }
}
