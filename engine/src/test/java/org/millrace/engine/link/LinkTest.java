package org.millrace.engine.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer.Door;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** Links: what waits, what is in flight, how they fail and come back. */
@Tag("faults")
class LinkTest {
    static final String TIMED_OUT = "-ERR Connection timed out\r\n";

    /** A lane with one server and links of its own. */
    LaneSpec spec() {
        return LaneSpec.lane();
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldOpenOnTheFirstRequestAndSendWhatWaitedInOrder(LaneMode mode) {
        try (LaneHarness lane = spec().start(mode)) {
            lane.server(0).door(Door.SILENT);
            FakeConnection first = lane.connect();
            FakeConnection second = lane.connect();
            assertEquals(0, lane.server(0).attempts());
            lane.send(first, request("GET", "a"));
            lane.send(second, request("GET", "b"));
            assertEquals(1, lane.server(0).attempts());
            assertEquals(2, lane.count(ServerHalfCounter.PARKED));
            assertEquals(0, lane.lane().rings().occupied(), "what waits holds no slot");
            lane.server(0).link().stand();
            lane.settle();
            assertEquals(List.of("GET a", "GET b"), lane.server(0).requests());
            lane.reply(0, "+a\r\n+b\r\n");
            assertEquals("+a\r\n", first.take());
            assertEquals("+b\r\n", second.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotFrameAClientWhoseRequestIsParked(LaneMode mode) {
        try (LaneHarness lane = spec().servers(2).start(mode)) {
            lane.server(0).door(Door.SILENT);
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)));
            assertTrue(client.isReadPaused());
            lane.send(client, request("GET", lane.keyOn(1)));
            assertEquals(0, lane.server(1).attempts());
            lane.send(other, request("GET", lane.keyOn(1)));
            assertEquals(1, lane.server(1).requests().size(), "others go on");
            lane.reply(1, "+v\r\n");
            lane.server(0).link().stand();
            lane.settle();
            assertFalse(client.isReadPaused());
            assertEquals(1, lane.server(1).requests().size());
            lane.reply(1, "+second\r\n");
            lane.reply(0, "+first\r\n");
            assertEquals("+first\r\n+second\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSendParkedRequestsFirstComeFirstServedThroughANarrowWindow(LaneMode mode) {
        try (LaneHarness lane = spec().pool("server_max_queue", 2).start(mode)) {
            List<FakeConnection> clients = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(lane.connect());
                expected.add("GET k" + i);
                lane.send(clients.get(i), request("GET", "k" + i));
            }
            List<String> received = new ArrayList<>();
            for (int answered = 0; answered < 20;) {
                List<String> came = lane.server(0).requests();
                received.addAll(came);
                assertTrue(received.size() - answered <= 2, "at most two are in flight");
                lane.reply(0, "+" + answered++ + "\r\n");
            }
            assertEquals(expected, received);
            for (int i = 0; i < 20; i++) {
                assertEquals("+" + i + "\r\n", clients.get(i).take());
            }
            assertEquals(0, lane.lane().server().links()[0][0].links()[0].parkedCount());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSwallowTheLateReplyOfARequestThatTimedOut(LaneMode mode) {
        try (LaneHarness lane = spec().pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.after(60);
            lane.send(client, request("GET", "b"));
            lane.after(60);
            assertEquals(TIMED_OUT, client.take());
            assertEquals(1, lane.count(ServerHalfCounter.TIMED_OUT));
            assertEquals(2, lane.lane().server().links()[0][0].links()[0].inFlightCount());
            lane.reply(0, "+late a\r\n+b\r\n");
            assertEquals("+b\r\n", client.take());
            assertEquals(1, lane.count(ServerHalfCounter.LATE_REPLIES));
            assertEquals(1, lane.count(PoolCounter.FORWARD_ERROR));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSwallowALargeLateReply(LaneMode mode) {
        try (LaneHarness lane = spec().pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.after(150);
            lane.reply(0, Resp.bulk(Resp.value(100_000)));
            assertEquals(0, lane.lane().server().state().messages().inUse());
            lane.send(client, request("GET", "b"));
            lane.reply(0, "+b\r\n");
            assertEquals(TIMED_OUT + "+b\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTimeOutWhatIsParked(LaneMode mode) {
        try (LaneHarness lane = spec().pool("timeout", 100).pool("server_max_queue", 1).start(mode)) {
            FakeConnection first = lane.connect();
            FakeConnection second = lane.connect();
            lane.send(first, request("GET", "a"));
            lane.send(second, request("SET", "b", Resp.value(50_000)));
            lane.after(150);
            assertEquals(TIMED_OUT, second.take());
            assertFalse(second.isReadPaused());
            assertEquals(0, lane.lane().client().state().messages().inUse());
            lane.reply(0, "+late\r\n");
            assertEquals(List.of("GET a"), lane.server(0).requests(), "what timed out before it was sent is not sent");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEndOnlyTheLinkOfAStrayReply(LaneMode mode) {
        try (LaneHarness lane = spec().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)));
            FakeConnection bad = lane.server(0).link();
            lane.reply(0, "+mine\r\n+stray\r\n");
            assertEquals("+mine\r\n", client.take());
            assertEquals(CloseCause.PROTOCOL, bad.cause());
            assertEquals(1, lane.count(ServerHalfCounter.STRAY_REPLIES));
            assertEquals(1, lane.count(0, ServerCounter.SERVER_ERR));
            lane.reply(1, "+other\r\n");
            assertEquals("+other\r\n", client.take());
            assertTrue(lane.server(1).link().isOpen());
            lane.send(client, request("GET", lane.keyOn(0)));
            assertEquals(2, lane.server(0).attempts());
            lane.reply(0, "+again\r\n");
            assertEquals("+again\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNeverGiveAStrayReplyToARequestOfTheSameTurn(LaneMode mode) {
        try (LaneHarness lane = spec().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.reply(0, "+a\r\n");
            client.take();
            lane.server(0).reply("+stray\r\n");
            lane.send(client, request("GET", "b"));
            assertEquals(1, lane.count(ServerHalfCounter.STRAY_REPLIES));
            assertEquals("", client.take());
            assertEquals(2, lane.server(0).attempts());
            lane.reply(0, "+b\r\n");
            assertEquals("+b\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldFailWhatIsInFlightWhenTheServerBreaksTheProtocol(LaneMode mode) {
        try (LaneHarness lane = spec().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a") + request("GET", "b") + request("GET", "c"));
            lane.reply(0, "+a\r\n%1\r\n+b\r\n");
            assertEquals("+a\r\n-ERR Invalid argument\r\n-ERR Invalid argument\r\n", client.take());
            assertEquals(2, lane.count(PoolCounter.FORWARD_ERROR));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPairWhatCameWholeBeforeTheLinkEnded(LaneMode mode) {
        try (LaneHarness lane = spec().engine("ring_slots", 8).start(mode)) {
            FakeConnection client = lane.connect();
            StringBuilder requests = new StringBuilder();
            StringBuilder replies = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                requests.append(request("GET", "k" + i));
                replies.append('+').append(i).append("\r\n");
            }
            lane.send(client, requests.toString());
            lane.server(0).reply(replies + "$5\r\nhal");
            lane.turn();
            lane.server(0).link().end(CloseCause.RESET);
            lane.send(client, request("GET", "last"));
            lane.reply(0, "+last\r\n");
            assertEquals(replies + "+last\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellEachClientWhyItsRequestFailed(LaneMode mode) {
        for (CloseCause cause : List.of(CloseCause.RESET, CloseCause.BROKEN_PIPE, CloseCause.NO_ROUTE)) {
            try (LaneHarness lane = spec().start(mode)) {
                FakeConnection client = lane.connect();
                lane.send(client, request("GET", "a") + request("SET", "b", Resp.value(20_000)));
                lane.server(0).link().end(cause);
                lane.settle();
                String error = "-ERR " + cause.text() + "\r\n";
                assertEquals(error + error, client.take());
                assertEquals(List.of("down 0 " + cause), lane.outside().events());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepWhatIsParkedForTheNextConnection(LaneMode mode) {
        try (LaneHarness lane = spec().pool("server_max_queue", 1).start(mode)) {
            FakeConnection first = lane.connect();
            FakeConnection second = lane.connect();
            lane.send(first, request("GET", "warm"));
            lane.reply(0, "+warm\r\n");
            lane.send(first, request("GET", "a"));
            lane.send(second, request("GET", "b"));
            lane.server(0).link().end(CloseCause.PEER_CLOSED);
            lane.settle();
            assertEquals("+warm\r\n-ERR unknown\r\n", first.take());
            assertEquals(List.of("GET b"), lane.server(0).requests());
            lane.reply(0, "+b\r\n");
            assertEquals("+b\r\n", second.take());
            assertEquals(1, lane.count(0, ServerCounter.SERVER_EOF));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldFailFastWhileItRests(LaneMode mode) {
        try (LaneHarness lane = spec().limit("link_retry_min_ms", 100).start(mode)) {
            lane.server(0).door(Door.SHUT);
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.send(client, request("GET", "b"));
            assertEquals("-ERR Connection refused\r\n-ERR Connection refused\r\n", client.take());
            assertEquals(1, lane.server(0).attempts());
            assertEquals(1, lane.count(ServerHalfCounter.LINKS_REFUSED));
            assertEquals(List.of("down 0 REFUSED"), lane.outside().events());
            lane.server(0).door(Door.OPEN);
            lane.after(101);
            lane.send(client, request("GET", "c"));
            lane.reply(0, "+c\r\n");
            assertEquals("+c\r\n", client.take());
            assertEquals(List.of("down 0 REFUSED", "up 0"), lane.outside().events());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPauseBeforeItReopensToAServerThatHangsUpAtOnce(LaneMode mode) {
        try (LaneHarness lane = spec().pool("server_max_queue", 1).limit("link_retry_min_ms", 100)
            .start(mode)) {
            for (int i = 0; i < 10; i++) {
                lane.send(lane.connect(), request("GET", "k" + i));
            }
            for (int i = 0; i < 3; i++) {
                lane.server(0).link().end(CloseCause.PEER_CLOSED);
                lane.settle();
            }
            assertEquals(1, lane.server(0).attempts());
            lane.after(101);
            assertEquals(2, lane.server(0).attempts());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGiveUpConnectingWhenTheTimeOfARequestIsUp(LaneMode mode) {
        try (LaneHarness lane = spec().pool("timeout", 100).start(mode)) {
            lane.server(0).door(Door.SILENT);
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.after(150);
            assertEquals(TIMED_OUT, client.take());
            assertEquals(CloseCause.TIMED_OUT, lane.server(0).link().cause());
            assertEquals(1, lane.count(0, ServerCounter.SERVER_TIMEDOUT));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldFailManyParkedLargeRequestsThroughAShortRing(LaneMode mode) {
        for (int clients = 2; clients < 12; clients++) {
            try (LaneHarness lane = spec().engine("ring_slots", 8).start(mode)) {
                lane.server(0).door(Door.SILENT);
                List<FakeConnection> waiting = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                    waiting.add(lane.connect());
                    lane.send(waiting.get(i), request("SET", "k", Resp.value(20_000)));
                }
                lane.server(0).link().end(CloseCause.REFUSED);
                lane.settle();
                for (FakeConnection client : waiting) {
                    assertEquals("-ERR Connection refused\r\n", client.take());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCountRequestsAndResponsesWithTheirBytes(LaneMode mode) {
        try (LaneHarness lane = spec().start(mode)) {
            FakeConnection client = lane.connect();
            String set = request("SET", "k", Resp.value(20_000));
            lane.send(client, request("GET", "k") + set + request("PING"));
            lane.reply(0, Resp.bulk(Resp.value(30_000)) + "+OK\r\n");
            assertEquals(2, lane.count(0, ServerCounter.REQUESTS));
            assertEquals(request("GET", "k").length() + set.length(), lane.count(0, ServerCounter.REQUEST_BYTES));
            assertEquals(2, lane.count(0, ServerCounter.RESPONSES));
            assertEquals(Resp.bulk(Resp.value(30_000)).length() + 5, lane.count(0, ServerCounter.RESPONSE_BYTES));
            assertEquals(1, lane.count(0, ServerCounter.SERVER_CONNECTIONS));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSendAllRequestsOfATurnAtOnce(LaneMode mode) {
        try (LaneHarness lane = spec().start(mode)) {
            FakeConnection warm = lane.connect();
            lane.send(warm, request("GET", "k"));
            lane.reply(0, "+v\r\n");
            int before = lane.server(0).link().flushes();
            for (int i = 0; i < 50; i++) {
                lane.connect().deliver(request("GET", "k" + i) + request("GET", "l" + i));
            }
            lane.settle();
            assertEquals(1, lane.server(0).link().flushes() - before);
        }
    }
}
