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
import org.millrace.io.CloseCause;

/** What happens at each limit of a large reply, and to large replies on the way. */
class StreamLimitsTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
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
            link.deliverInPieces(reply, 128 * KIB);
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
    void shouldCloseAClientThatHoldsALinkForLinkHoldMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .limit("link_hold_ms", 300).start(mode)) {
            FakeConnection mute = lane.connect();
            mute.allow(0);
            lane.send(mute, request("GET", "k"));
            FakeConnection next = lane.connect();
            lane.send(next, request("GET", "l"));
            lane.server(0).link().deliverInPieces(bulk(Resp.value(14 * MIB)) + "+mine\r\n", 128 * KIB);
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
}
