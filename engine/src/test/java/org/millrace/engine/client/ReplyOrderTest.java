package org.millrace.engine.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** A client gets its replies in the order of its requests, whoever answers first. */
class ReplyOrderTest {
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepRepliesThatAreAheadOfTheirTurn(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(3).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, get(lane, 0) + get(lane, 1) + get(lane, 2) + get(lane, 1));
            lane.reply(1, "+first of 1\r\n+second of 1\r\n");
            lane.reply(2, "+of 2\r\n");
            assertEquals("", client.take());
            lane.reply(0, "+of 0\r\n");
            assertEquals("+of 0\r\n+first of 1\r\n+of 2\r\n+second of 1\r\n", client.take());
            assertEquals(1, client.flushes(), "all at once");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepLargeRepliesThatAreAheadOfTheirTurnWithoutCopyingThem(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String value = Resp.value(100_000);
            lane.send(client, get(lane, 0) + get(lane, 1) + get(lane, 1));
            lane.reply(1, bulk(value) + bulk("small"));
            assertEquals("", client.take());
            assertEquals(1, lane.lane().server().state().messages().inUse());
            lane.reply(0, bulk("now"));
            assertEquals(bulk("now") + bulk(value) + bulk("small"), client.take());
            assertEquals(0, lane.lane().server().state().messages().inUse());
            assertTrue(lane.lane().server().state().messages().bytesCopied() < 200);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldHoldALentReplyUntilTheClientHasTakenIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(1_000);
            String value = Resp.value(50_000);
            lane.send(client, get(lane, 0));
            lane.reply(0, bulk(value));
            assertEquals(1, lane.lane().server().state().messages().inUse());
            client.allow(49_000);
            lane.settle();
            assertEquals(1, lane.lane().server().state().messages().inUse());
            client.allow(Long.MAX_VALUE);
            lane.settle();
            assertEquals(0, lane.lane().server().state().messages().inUse());
            assertEquals(bulk(value), client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGiveALentReplyBackWhenTheClientGoes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(1_000);
            lane.send(client, get(lane, 0));
            lane.reply(0, bulk(Resp.value(50_000)));
            client.end(CloseCause.RESET);
            lane.settle();
            assertEquals(0, lane.lane().server().state().messages().inUse());
            assertEquals(1, lane.count(PoolCounter.CLIENT_ERR));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDropRepliesOfAClientThatIsGone(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection gone = lane.connect();
            lane.send(gone, get(lane, 0) + get(lane, 1) + get(lane, 0));
            lane.reply(1, bulk(Resp.value(50_000)));
            gone.end(CloseCause.RESET);
            lane.settle();
            FakeConnection next = lane.connect();
            lane.send(next, get(lane, 0));
            lane.reply(0, bulk("for the first") + bulk(Resp.value(20_000)));
            assertEquals("", next.take(), "the exchange is used again, the reply is not for it");
            assertEquals(2, lane.count(ClientHalfCounter.REPLIES_DROPPED));
            lane.reply(0, bulk("for the second"));
            assertEquals(bulk("for the second"), next.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLeaveNothingBehindWhenAClientGoesInTheTurnOfItsReply(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, get(lane, 0) + get(lane, 0));
            lane.server(0).reply("+OK\r\n");
            lane.turn();
            lane.server(0).reply("+OK\r\n");
            client.end(CloseCause.RESET);
            lane.settle();
            assertFalse(client.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerLocallyInTurn(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, get(lane, 0) + request("PING") + request("NOSUCH") + request("ECHO", "x"));
            assertEquals("", client.take());
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n+PONG\r\n-ERR unknown command 'NOSUCH', with args beginning with: \r\n$1\r\nx\r\n",
                client.take());
        }
    }

    private static String get(LaneHarness lane, int server) {
        return request("GET", lane.keyOn(server));
    }
}
