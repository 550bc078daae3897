package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.engine.kit.TakenMemory;
import org.millrace.io.CloseCause;
import org.millrace.io.SegmentArena;

/** What happens at each limit of a large reply, and to large replies on the way. */
class StreamLimitsTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    /** Fills a segment of 128 KiB nearly. */
    private static final int PIECE = 127 * KIB;
    private static final String BIG = bulk(Resp.value(3 * MIB));

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPassOnWhatHasComeOfALargeReply(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k") + request("GET", "l"));
            lane.server(0).link().deliverInPieces(BIG.substring(0, MIB), 100_000);
            lane.settle();
            String begun = client.take();
            assertTrue(begun.length() > MIB - 70_000, begun.length() + " bytes of the first MiB");
            lane.server(0).link().deliverInPieces(BIG.substring(MIB), 100_000);
            lane.reply(0, "+second\r\n");
            assertTrue((begun + client.take()).equals(BIG + "+second\r\n"));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepPartsThatAreAheadOfTheirTurn(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("max_memory", "64mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)));
            lane.server(1).link().deliverInPieces(BIG.substring(0, 2 * MIB), 100_000);
            lane.settle();
            assertEquals("", client.take());
            lane.reply(0, "+first\r\n");
            String begun = client.take();
            assertTrue(begun.startsWith("+first\r\n$3145728\r\n") && begun.length() > 2 * MIB - 70_000);
            lane.server(1).link().deliverInPieces(BIG.substring(2 * MIB), 100_000);
            lane.settle();
            assertTrue((begun + client.take()).equals("+first\r\n" + BIG));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldStreamAReplyOfManySmallValues(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("LRANGE", "k", "0", "-1"));
            String reply = "*100000\r\n" + bulk("0123456789").repeat(100_000);
            lane.server(0).link().deliverInPieces(reply, 50_001);
            lane.settle();
            assertTrue(client.take().equals(reply));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerWithAnErrorIfNothingOfTheReplyHasGoneOutWhenTheLinkEnds(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("max_memory", "64mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)));
            lane.server(1).link().deliverInPieces(BIG.substring(0, 2 * MIB), 100_000);
            lane.settle();
            lane.server(1).link().end(CloseCause.RESET);
            lane.settle();
            lane.reply(0, "+first\r\n");
            assertEquals("+first\r\n-ERR Connection reset by peer\r\n", client.take());
            assertTrue(client.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseTheClientOfAReplyThatHasBegunWhenTheLinkEnds(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            lane.server(0).link().deliverInPieces(BIG.substring(0, 2 * MIB), 100_000);
            lane.settle();
            lane.server(0).link().end(CloseCause.RESET);
            lane.settle();
            assertTrue(client.isClosed(), "an error in the middle of a value would be taken for the value");
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_IN_REPLY));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDropTheRestOfAReplyWhoseClientIsGoneAndServeOthersBehindIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").start(mode)) {
            FakeConnection gone = lane.connect();
            lane.send(gone, request("GET", "k"));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", "l"));
            lane.server(0).link().deliverInPieces(BIG.substring(0, MIB), 100_000);
            lane.settle();
            gone.end(CloseCause.RESET);
            lane.server(0).link().deliverInPieces(BIG.substring(MIB), 100_000);
            lane.reply(0, "+mine\r\n");
            assertEquals("+mine\r\n", next.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotEndAReplyThatHasBegunWhenItsTimeIsUp(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            lane.server(0).link().deliverInPieces(BIG.substring(0, MIB), 100_000);
            lane.after(500);
            lane.server(0).link().deliverInPieces(BIG.substring(MIB), 100_000);
            lane.settle();
            assertTrue(client.take().equals(BIG));
            assertEquals(0, lane.count(ServerHalfCounter.TIMED_OUT));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldReadALinkNoFurtherThanStreamWindowWhileMemoryIsShort(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("stream_window", "256kb").start(mode)) {
            String reply = bulk(Resp.value(14 * MIB));
            FakeConnection client = lane.connect();
            client.allow(0);
            lane.send(client, request("GET", "k"));
            FakeConnection link = lane.server(0).link();
            link.deliverInPieces(reply, PIECE);
            lane.settle();
            assertEquals(1, lane.count(ServerHalfCounter.STREAM_HELD));
            assertTrue(link.isReadPaused());
            long inUse = lane.serverTransport().arena().bytesInUse();
            assertTrue(inUse >= 7 * MIB && inUse <= 9 * MIB, "half of the memory may be used: " + inUse);
            client.allow(Long.MAX_VALUE);
            lane.after(1);
            assertFalse(link.isReadPaused());
            assertTrue(client.take().equals(reply));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldHoldALinkAgainAndAgainForAClientThatTakesItsReplySlowly(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("link_hold_ms", 300).start(mode)) {
            String reply = bulk(Resp.value(15 * MIB));
            FakeConnection client = lane.connect();
            client.allow(0);
            lane.send(client, request("GET", "k"));
            lane.server(0).link().deliverInPieces(reply, PIECE);
            StringBuilder got = new StringBuilder();
            for (int i = 0; i < 150; i++) {
                client.allow(100_000);
                lane.after(200);
                assertTrue(lane.serverTransport().arena().bytesInUse() <= 10 * MIB);
                got.append(client.take());
            }
            client.allow(Long.MAX_VALUE);
            lane.after(1);
            assertTrue(got.append(client.take()).toString().equals(reply));
            assertTrue(lane.count(ServerHalfCounter.STREAM_HELD) >= 2);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseAClientThatTakesTooLittleOfAReplyThatHoldsALink(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("link_hold_ms", 300).start(mode)) {
            FakeConnection dripping = lane.connect();
            dripping.allow(0);
            lane.send(dripping, request("GET", "k"));
            lane.server(0).link().deliverInPieces(bulk(Resp.value(14 * MIB)), PIECE);
            lane.settle();
            for (int i = 0; i < 29; i++) {
                dripping.allow(1_000);
                lane.after(10);
                assertTrue(dripping.isOpen());
            }
            lane.after(10);
            assertEquals(CloseCause.EXHAUSTED, dripping.cause(), "30 KiB in 300 ms are too little");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseAClientThatHoldsALinkForLinkHoldMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("link_hold_ms", 300).start(mode)) {
            FakeConnection mute = lane.connect();
            mute.allow(0);
            lane.send(mute, request("GET", "k"));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", "l"));
            lane.server(0).link().deliverInPieces(bulk(Resp.value(14 * MIB)) + "+mine\r\n", PIECE);
            lane.after(299);
            assertTrue(mute.isOpen());
            mute.allow(MIB);
            lane.after(299);
            assertTrue(mute.isOpen(), "it has taken some");
            lane.after(300);
            assertEquals(CloseCause.EXHAUSTED, mute.cause());
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_BY_HOLDING));
            lane.after(1);
            assertEquals("+mine\r\n", next.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotHoldALinkForAReplyThatIsWhole(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("link_hold_ms", 300).start(mode)) {
            FakeConnection mute = lane.connect();
            mute.allow(0);
            lane.send(mute, request("GET", "k"));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", "l") + request("GET", "m"));
            lane.server(0).link().deliverInPieces(bulk(Resp.value(7 * MIB)), PIECE);
            lane.settle();
            lane.reply(0, "+mine\r\n");
            assertEquals("+mine\r\n", next.take(), "it is behind what the mute client does not take");
            lane.after(5_000);
            assertTrue(mute.isOpen() && next.isOpen(), "nobody is held up");
            lane.reply(0, "+mine too\r\n");
            assertEquals("+mine too\r\n", next.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseNobodyButTheClientThatHoldsTheLink(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("link_hold_ms", 300).start(mode)) {
            FakeConnection full = lane.connect();
            full.allow(0);
            lane.send(full, request("GET", "k"));
            lane.server(0).link().deliverInPieces(bulk(Resp.value(5 * MIB)), PIECE);
            lane.settle();
            FakeConnection holding = lane.connect();
            holding.allow(0);
            FakeConnection next = lane.connect();
            lane.send(holding, request("GET", "l"));
            lane.send(next, request("GET", "m"));
            lane.server(0).link().deliverInPieces(bulk(Resp.value(9 * MIB)) + "+mine\r\n", PIECE);
            lane.settle();
            lane.after(300);
            assertEquals(CloseCause.EXHAUSTED, holding.cause());
            assertTrue(full.isOpen() && next.isOpen(), "one has its reply whole, the other has asked for little");
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_BY_HOLDING));
            assertEquals("+mine\r\n", next.take());
            lane.send(next, request("GET", "n"));
            lane.reply(0, "+again\r\n");
            assertEquals("+again\r\n", next.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeALinkThatItDoesNotReadForNoSilentOne(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("link_hold_ms", 2_000).limit("link_silence_ms", 100).pool("timeout", 60_000).start(mode)) {
            FakeConnection slow = lane.connect();
            slow.allow(0);
            lane.send(slow, request("GET", "k"));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", "l"));
            String reply = bulk(Resp.value(14 * MIB));
            lane.server(0).link().deliverInPieces(reply + "+mine\r\n", PIECE);
            lane.after(1);
            lane.after(1_900);
            assertTrue(lane.server(0).link().isOpen(), "the proxy has paused it");
            slow.allow(Long.MAX_VALUE);
            lane.after(1);
            lane.after(1);
            assertTrue(slow.take().equals(reply));
            assertEquals("+mine\r\n", next.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldMakeFewPartsOfAReplyThatDrips(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(0);
            lane.send(client, request("GET", "k"));
            String reply = bulk(Resp.value(300 * KIB));
            lane.server(0).link().deliverInPieces(reply.substring(0, 290 * KIB), 100);
            lane.settle();
            assertTrue(lane.lane().server().state().messages().inUse() <= 5, "a part for each 64 KiB, and the rest");
            long inUse = lane.serverTransport().arena().bytesInUse();
            assertTrue(inUse <= 900 * KIB, inUse + " bytes for 290 KiB");
            client.allow(Long.MAX_VALUE);
            lane.server(0).link().deliver(reply.substring(290 * KIB));
            lane.settle();
            assertTrue(client.take().equals(reply));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGiveAnErrorForALargeReplyAheadOfItsTurnThatHoldsALinkForLinkHoldMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("link_hold_ms", 300)
            .limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", lane.keyOn(1)));
            lane.server(1).link().deliverInPieces(bulk(Resp.value(14 * MIB)) + "+mine\r\n", PIECE);
            lane.settle();
            assertTrue(lane.server(1).link().isReadPaused());
            lane.after(300);
            assertEquals("+mine\r\n", next.take(), "the link is free for others");
            assertEquals(1, lane.count(ClientHalfCounter.REFUSED_BY_HOLDING));
            lane.reply(0, "+first\r\n");
            assertEquals("+first\r\n-ERR the reply has waited too long for the replies before it\r\n", client.take());
            lane.send(client, request("GET", lane.keyOn(1)));
            lane.reply(1, "+next\r\n");
            assertEquals("+next\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldReadALinkNoFurtherThanClientMaxBytes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("max_memory", "256mb").limit("max_message", "4mb")
            .limit("client_max_bytes", "4mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)) + request("GET",
                lane.keyOn(1, 1)));
            FakeConnection link = lane.server(1).link();
            link.deliverInPieces(BIG + BIG, PIECE);
            lane.settle();
            long held = lane.lane().client().state().account(0).bytes();
            assertTrue(held >= 4 * MIB && held <= 4 * MIB + 256 * KIB, held + " bytes are held");
            assertTrue(link.isReadPaused(), "although there is memory");
            lane.reply(0, "+first\r\n");
            lane.after(1);
            assertTrue(client.take().equals("+first\r\n" + BIG + BIG));
            assertFalse(link.isReadPaused());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDropTheRestOfAReplyForWhichThereIsNoMemoryAndKeepTheLink(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("LRANGE", lane.keyOn(1), "0", "-1"));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", lane.keyOn(1)));
            FakeConnection link = lane.server(1).link();
            String reply = "*50000\r\n" + bulk("0123456789").repeat(50_000);
            link.deliverInPieces(reply.substring(0, 200_000), 4_000);
            lane.settle();
            SegmentArena arena = lane.serverTransport().arena();
            try (TakenMemory taken = TakenMemory.of(arena)) {
                taken.allBut(arena, 4 * KIB);
                link.deliverInPieces(reply.substring(200_000), 4_000);
                for (int i = 0; i < 50; i++) {
                    lane.turn();
                }
                assertEquals(0, link.unread());
            }
            lane.settle();
            lane.reply(1, "+mine\r\n");
            assertEquals("+mine\r\n", next.take());
            assertTrue(link.isOpen());
            assertEquals(1, lane.count(ServerHalfCounter.REPLIES_DISCARDED));
            lane.reply(0, "+first\r\n");
            assertEquals("+first\r\n-ERR Cannot allocate memory\r\n", client.take());
        }
    }
}
