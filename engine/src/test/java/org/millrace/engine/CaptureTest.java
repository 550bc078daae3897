package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.engine.kit.TapRecorder;
import org.millrace.io.CloseCause;

/** What a tap sees of the clients of a lane: each request as it was framed, each reply as it was handed over. */
class CaptureTest {
    private static final String GET = request("GET", "k");
    private static final String SET = request("SET", "k", "v");

    private static LaneSpec captured() {
        return LaneSpec.lane().engine("capture", "{dir: nowhere}").pool("capture", true);
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSeeRequestsAndRepliesInOrderWithTheirTimes(LaneMode mode) {
        try (LaneHarness lane = captured().start(mode)) {
            TapRecorder tap = TapRecorder.on(lane);
            FakeConnection client = lane.connect();
            client.deliverInPieces(SET + GET, 7);
            lane.after(5);
            lane.reply(0, "+OK\r\n" + bulk("v"));
            lane.after(5);
            lane.send(client, request("PING"));
            assertEquals(List.of("1 open alpha", "1 > " + SET, "1 > " + GET, "1 < +OK\r\n", "1 < " + bulk("v"),
                "1 > " + request("PING"), "1 < +PONG\r\n"), tap.lines());
            assertTrue(tap.times().get(6) - tap.times().get(4) == 5_000_000, tap.times().toString());
            client.end(CloseCause.PEER_CLOSED);
            lane.settle();
            assertEquals(List.of("1 closed"), tap.lines());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSeeRepliesInTheOrderOfTheClientWhicheverComesFirst(LaneMode mode) {
        try (LaneHarness lane = captured().servers(2).start(mode)) {
            TapRecorder tap = TapRecorder.on(lane);
            FakeConnection client = lane.connect();
            String first = request("GET", lane.keyOn(0));
            String second = request("GET", lane.keyOn(1));
            lane.send(client, first + second);
            lane.reply(1, "+second\r\n");
            assertEquals(List.of("1 open alpha", "1 > " + first, "1 > " + second), tap.lines());
            lane.reply(0, "+first\r\n");
            assertEquals(List.of("1 < +first\r\n", "1 < +second\r\n"), tap.lines());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSeeLargeRequestsAndRepliesThatGoOnInParts(LaneMode mode) {
        try (LaneHarness lane = captured().servers(2).start(mode)) {
            TapRecorder tap = TapRecorder.on(lane, 1, 16 << 20);
            FakeConnection client = lane.connect();
            String large = request("SET", lane.keyOn(1), Resp.value(700_000));
            client.deliverInPieces(large, 100_000);
            lane.settle();
            lane.reply(1, "+OK\r\n");
            assertEquals(List.of("1 open alpha", "1 > " + large, "1 < +OK\r\n"), tap.lines());

            String small = request("GET", lane.keyOn(0));
            String wide = request("LRANGE", lane.keyOn(1), "0", "-1");
            lane.send(client, small + wide);
            String reply = "*3\r\n" + bulk(Resp.value(900_000)) + bulk("x") + bulk(Resp.value(500_000));
            lane.server(1).link().deliverInPieces(reply.substring(0, 1_000_000), 100_000);
            lane.settle();
            tap.drain();
            lane.reply(0, "+first\r\n");
            int before = tap.pieces();
            tap.drain();
            assertTrue(tap.pieces() > before + 1, "what has come of it is seen before the rest comes");
            lane.server(1).link().deliverInPieces(reply.substring(1_000_000), 100_000);
            lane.settle();
            assertEquals(List.of("1 > " + small, "1 > " + wide, "1 < +first\r\n", "1 < " + reply), tap.lines());
            tap.assertWhole();
            assertEquals("+OK\r\n+first\r\n" + reply, client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSeeThatNoReplyWasDue(LaneMode mode) {
        try (LaneHarness lane = captured().pool("redis", false).start(mode)) {
            TapRecorder tap = TapRecorder.on(lane);
            FakeConnection client = lane.connect();
            String silent = "set a 0 0 1 noreply\r\nx\r\n";
            lane.send(client, silent + "get a\r\n");
            lane.reply(0, "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n");
            assertEquals(List.of("1 open alpha memcached", "1 > " + silent, "1 > get a\r\n", "1 <",
                "1 < VALUE a 0 1\r\nx\r\nEND\r\n"), tap.lines());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSeeAnAnswerToWhatIsNoRequest(LaneMode mode) {
        try (LaneHarness lane = captured().start(mode)) {
            TapRecorder tap = TapRecorder.on(lane);
            FakeConnection client = lane.connect();
            lane.send(client, "*1\r\n!\r\n");
            String told = client.take();
            client.end(CloseCause.PEER_CLOSED);
            lane.settle();
            assertEquals(List.of("1 open alpha", "1 > broken", "1 < " + told, "1 closed"), tap.lines());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldJoinClientsThatAreConnectedAndLeaveThemAgain(LaneMode mode) {
        try (LaneHarness lane = captured().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, GET);
            TapRecorder tap = TapRecorder.on(lane);
            lane.send(client, SET);
            lane.reply(0, "+of before\r\n+OK\r\n");
            assertEquals(List.of("1 open alpha joined", "1 > " + SET, "1 < +OK\r\n"), tap.lines());
            lane.commands().offer(() -> lane.lane().client().state().taps().use(null));
            lane.send(client, GET);
            lane.reply(0, "+unseen\r\n");
            assertEquals(List.of("1 closed"), tap.lines());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSeeOnlyPoolsThatAreCaptured(LaneMode mode) {
        try (LaneHarness lane = captured().pool("capture", false).start(mode)) {
            TapRecorder tap = TapRecorder.on(lane);
            FakeConnection client = lane.connect();
            lane.send(client, GET);
            lane.reply(0, "+unseen\r\n");
            assertEquals(List.of(), tap.lines());
            lane.take(captured().read());
            lane.send(client, GET);
            lane.reply(0, "+seen\r\n");
            assertEquals(List.of("1 open alpha joined", "1 > " + GET, "1 < +seen\r\n"), tap.lines());
            lane.take(captured().pool("capture", false).read());
            lane.send(client, GET);
            lane.reply(0, "+unseen\r\n");
            assertEquals(List.of("1 closed"), tap.lines());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSeeAllOfOneOfSoManyClientsAndNothingOfOthers(LaneMode mode) {
        try (LaneHarness lane = captured().start(mode)) {
            TapRecorder tap = TapRecorder.on(lane, 3, 1 << 20);
            for (int i = 0; i < 7; i++) {
                FakeConnection client = lane.connect();
                lane.send(client, request("GET", "k" + i));
                lane.reply(0, "+" + i + "\r\n");
            }
            assertEquals(List.of("1 open alpha", "1 > " + request("GET", "k0"), "1 < +0\r\n", "2 open alpha",
                "2 > " + request("GET", "k3"), "2 < +3\r\n", "3 open alpha", "3 > " + request("GET", "k6"),
                "3 < +6\r\n"), tap.lines());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDropAndCountWhatFindsNoRoomAndBeginAnotherConversation(LaneMode mode) {
        try (LaneHarness lane = captured().start(mode)) {
            TapRecorder tap = TapRecorder.on(lane, 1, 64 << 10);
            FakeConnection client = lane.connect();
            String value = request("SET", "k", Resp.value(9_000));
            for (int i = 0; i < 10; i++) {
                lane.send(client, value);
                lane.reply(0, "+" + i + "\r\n");
            }
            assertEquals("+0\r\n+1\r\n+2\r\n+3\r\n+4\r\n+5\r\n+6\r\n+7\r\n+8\r\n+9\r\n", client.take(),
                "no client waits for a capture");
            List<String> seen = tap.lines();
            assertEquals(List.of("1 open alpha", "1 > " + value, "1 < +0\r\n"), seen.subList(0, 3));
            int replies = (int) seen.stream().filter(line -> line.startsWith("1 < ")).count();
            assertEquals("1 damaged", seen.getLast());
            assertEquals(1, lane.count(ClientHalfCounter.CAPTURE_DAMAGED));
            assertEquals(20 - 2L * replies, lane.count(ClientHalfCounter.CAPTURE_DROPPED));
            lane.send(client, GET);
            lane.reply(0, "+seen\r\n");
            assertEquals(List.of("2 open alpha joined", "2 > " + GET, "2 < +seen\r\n"), tap.lines());
        }
    }
}
