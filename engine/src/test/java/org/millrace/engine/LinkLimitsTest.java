package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** What happens at each limit of a link, and to what waits for one. */
class LinkLimitsTest {
    private static final String OVERLOADED = "-ERR overloaded: the request waited longer than queue_timeout\r\n";

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRefuseWhatHasWaitedForQueueTimeoutMsOldestFirst(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("server_max_queue", 1).pool("queue_timeout", 100).start(mode)) {
            FakeConnection first = lane.connect();
            lane.send(first, request("GET", "k"));
            FakeConnection second = lane.connect();
            lane.send(second, request("GET", "k"));
            lane.after(50);
            FakeConnection third = lane.connect();
            lane.send(third, request("GET", "k"));
            lane.after(49);
            assertEquals("", second.take());
            lane.after(2);
            assertEquals(OVERLOADED, second.take());
            assertEquals("", third.take());
            assertEquals(1, lane.count(ServerHalfCounter.QUEUE_TIMED_OUT));
            lane.reply(0, "+first\r\n");
            lane.reply(0, "+third\r\n");
            assertEquals("+first\r\n", first.take());
            assertEquals("+third\r\n", third.take());
            lane.send(second, request("PING"));
            assertEquals("+PONG\r\n", second.take(), "it keeps its connection");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRefuseAPartOfAScatteredRequestAfterQueueTimeoutMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).pool("server_max_queue", 1).pool("queue_timeout", 100)
            .start(mode)) {
            lane.send(lane.connect(), request("GET", lane.keyOn(0)));
            FakeConnection client = lane.connect();
            lane.send(client, request("MGET", lane.keyOn(0), lane.keyOn(1)));
            lane.reply(1, "*1\r\n" + bulk("v"));
            lane.after(101);
            assertEquals(OVERLOADED, client.take());
            lane.reply(0, "+late\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldParkAtThePoolsOwnServerMaxQueueAndServerMaxUnsent(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("server_max_queue", 9).pool("server_max_queue", 2)
            .start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k").repeat(5));
            assertEquals(2, lane.server(0).requests().size());
            lane.reply(0, "+v\r\n".repeat(2));
            lane.reply(0, "+v\r\n".repeat(2));
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n".repeat(5), client.take());
        }
        try (LaneHarness lane = LaneSpec.lane().limit("server_max_unsent", "64kb").pool("server_max_unsent", "4kb")
            .start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "first"));
            lane.server(0).link().allow(0);
            for (int i = 0; i < 4; i++) {
                FakeConnection each = lane.connect();
                lane.send(each, request("SET", "k", Resp.value(3000)));
            }
            lane.after(2);
            assertEquals(2, lane.count(0, ServerCounter.IN_QUEUE), "two fit, two wait");
            lane.server(0).link().allow(Long.MAX_VALUE);
            lane.settle();
            assertEquals(5, lane.server(0).requests().size());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDropReadsOfAClientThatIsGoneAndSendItsWrites(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).pool("server_max_queue", 1).start(mode)) {
            FakeConnection holder = lane.connect();
            lane.send(holder, request("GET", lane.keyOn(0)));
            assertEquals(1, lane.server(0).requests().size());
            FakeConnection gone = lane.connect();
            lane.send(gone, request("GET", lane.keyOn(0)) + request("SET", lane.keyOn(0), "v")
                + request("MGET", lane.keyOn(0), lane.keyOn(1)));
            FakeConnection stays = lane.connect();
            lane.send(stays, request("GET", lane.keyOn(0, 1)));
            gone.end(CloseCause.RESET);
            lane.settle();
            assertEquals(2, lane.count(ServerHalfCounter.DROPPED_GONE));
            lane.reply(0, "+held\r\n");
            assertEquals(Resp.requests(request("SET", lane.keyOn(0), "v")), lane.server(0).requests());
            lane.reply(0, "+OK\r\n");
            assertEquals(Resp.requests(request("GET", lane.keyOn(0, 1))), lane.server(0).requests());
            lane.reply(0, "+mine\r\n");
            assertEquals("+held\r\n", holder.take());
            assertEquals("+mine\r\n", stays.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldResumeParkedRequestsFirstComeFirstServedBeforeNewOnes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("server_max_queue", 1).start(mode)) {
            List<FakeConnection> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(lane.connect());
                lane.send(clients.getLast(), request("GET", "k" + i));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(Resp.requests(request("GET", "k" + i)), lane.server(0).requests(),
                    "in the order of coming");
                // a new one comes each time, and must wait behind all others
                clients.add(lane.connect());
                lane.send(clients.getLast(), request("GET", "k" + (20 + i)));
                lane.reply(0, "+" + i + "\r\n");
                assertEquals("+" + i + "\r\n", clients.get(i).take());
            }
            for (int i = 20; i < 40; i++) {
                lane.reply(0, "+" + i + "\r\n");
                assertEquals("+" + i + "\r\n", clients.get(i).take());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerAMixedPipelineInOrderThoughOneServerHangs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).pool("timeout", 200).start(mode)) {
            FakeConnection client = lane.connect();
            String hung = request("GET", lane.keyOn(0));
            String healthy = request("GET", lane.keyOn(1));
            lane.send(client, healthy + hung + healthy + hung + healthy);
            lane.reply(1, "+1\r\n+2\r\n+3\r\n");
            assertEquals("+1\r\n", client.take());
            assertEquals(0, lane.lane().rings().occupied(), "no slot waits for a slow server");
            lane.after(201);
            String timedOut = "-ERR Connection timed out\r\n";
            assertEquals(timedOut + "+2\r\n" + timedOut + "+3\r\n", client.take());
            lane.reply(0, "+late\r\n+late\r\n");
            assertEquals("", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepAnsweringAtTheServersRateWhenThreeTimesAsMuchIsAsked(LaneMode mode) {
        Flow flow = Flow.run(mode, 2, 6, 4_000);
        assertTrue(flow.good >= 0.97 * flow.answers, flow::toString);
        assertTrue(flow.slowestMs <= 500 + 2, flow::toString);
        assertTrue(flow.failed > 0, flow::toString);
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldFailNothingBelowTheServersRate(LaneMode mode) {
        Flow flow = Flow.run(mode, 10, 9, 3_000);
        assertEquals(0, flow.failed, flow::toString);
    }

    /** A server that answers at a fixed rate, and clients that each ask one thing and then another. */
    private static final class Flow {
        private final LaneHarness lane;
        private final List<FakeConnection> idle = new ArrayList<>();
        private final List<FakeConnection> waiting = new ArrayList<>();
        private final List<Long> askedNs = new ArrayList<>();
        private int waitingAtServer;
        private int answers;
        private int good;
        private int failed;
        private long slowestMs;

        private Flow(LaneHarness lane) {
            this.lane = lane;
        }

        /**
         * Milliseconds of one after the other.
         *
         * @param rate  replies a millisecond
         * @param asked requests a millisecond
         */
        static Flow run(LaneMode mode, int rate, int asked, int milliseconds) {
            try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb").pool("timeout", 500).start(mode)) {
                Flow flow = new Flow(lane);
                // it takes a while to find the rate, and until what was sent before that is answered
                for (int i = 0; i < 2000; i++) {
                    flow.step(rate, asked);
                }
                flow.good = 0;
                flow.failed = 0;
                flow.answers = 0;
                for (int i = 0; i < milliseconds; i++) {
                    flow.step(rate, asked);
                }
                return flow;
            }
        }

        private void step(int rate, int asked) {
            for (int i = 0; i < asked; i++) {
                FakeConnection client = idle.isEmpty() ? lane.connect() : idle.removeLast();
                client.deliver(request("GET", "k"));
                waiting.add(client);
                askedNs.add(lane.nowNs());
            }
            lane.after(1);
            waitingAtServer += lane.server(0).requests().size();
            int replies = Math.min(rate, waitingAtServer);
            if (replies > 0) {
                waitingAtServer -= replies;
                answers += replies;
                lane.reply(0, "+v\r\n".repeat(replies));
            }
            for (int i = waiting.size() - 1; i >= 0; i--) {
                String reply = waiting.get(i).take();
                if (!reply.isEmpty()) {
                    slowestMs = Math.max(slowestMs, (lane.nowNs() - askedNs.remove(i)) / 1_000_000);
                    idle.add(waiting.remove(i));
                    if (reply.equals("+v\r\n")) {
                        good++;
                    } else {
                        failed++;
                    }
                }
            }
        }

        @Override
        public String toString() {
            return good + " good of " + answers + " answers, " + failed + " failed, slowest " + slowestMs + " ms, "
                + waiting.size() + " waiting";
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotLookThroughAllRequestsForEachClientThatGoes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("server_max_queue", 4000).start(mode)) {
            FakeConnection holder = lane.connect();
            for (int i = 0; i < 20; i++) {
                holder.deliver(request("GET", "k").repeat(200));
            }
            lane.settle();
            FakeConnection first = lane.connect();
            lane.send(first, request("GET", "k"));
            FakeConnection second = lane.connect();
            lane.send(second, request("GET", "k"));
            first.end(CloseCause.RESET);
            lane.settle();
            assertEquals(1, lane.count(ServerHalfCounter.DROPPED_GONE));
            second.end(CloseCause.RESET);
            lane.after(3);
            assertEquals(1, lane.count(ServerHalfCounter.DROPPED_GONE), "4000 have just been looked at");
            lane.after(2);
            assertEquals(2, lane.count(ServerHalfCounter.DROPPED_GONE));
        }
    }
}
