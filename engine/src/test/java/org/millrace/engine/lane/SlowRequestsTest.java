package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.control.slow.SlowJson;
import org.millrace.engine.control.slow.SlowLog;
import org.millrace.engine.control.slow.SlowRow;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.slow.SlowRequest;
import org.millrace.engine.slow.SlowRequests;

/** A slow request is noted with its key, its server and the stage that its time has gone to; others are not. */
class SlowRequestsTest {
    private static final int MAX_LEN = 5;
    private static final long EPOCH_S = 1_700_000_000;
    /** A stamp is a step of this length, and a stage lies between two of them. */
    private static final long ERROR_US = 3;
    /** Turns that a fixture takes until nothing more happens take their time, too. */
    private static final long TURNS_US = 400;

    private static SlowLog log(LaneHarness lane) {
        return new SlowLog(List.of(lane.lane().client().state().slow()), MAX_LEN, lane::nowNs, () -> EPOCH_S * 1_000);
    }

    private static void assertStages(long linkWaitMs, long serverMs, long orderWaitMs, SlowRow row) {
        assertEquals(linkWaitMs * 1_000, row.linkWaitUs(), TURNS_US, row::toString);
        assertEquals(serverMs * 1_000, row.serverUs(), TURNS_US, row::toString);
        assertEquals(orderWaitMs * 1_000, row.orderWaitUs(), TURNS_US, row::toString);
        assertEquals(row.durationUs(), row.linkWaitUs() + row.serverUs() + row.orderWaitUs(), ERROR_US, row::toString);
    }

    private static SlowRow only(LaneHarness lane) {
        List<SlowRow> rows = log(lane).rows("alpha");
        assertEquals(1, rows.size(), rows::toString);
        return rows.getFirst();
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutASlowServerAtTheServer(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String key = lane.keyOn(1);
            lane.send(client, request("GET", lane.keyOn(0)));
            lane.reply(0, bulk("quick"));
            lane.send(client, request("SET", key, "secret"));
            lane.after(40);
            lane.reply(1, "+OK\r\n");
            SlowLog log = log(lane);
            SlowRow row = log.rows("alpha").getFirst();
            assertStages(0, 40, 0, row);
            assertEquals(List.of(0L, EPOCH_S, "alpha", "127.0.0.1:7001", "set", 3, key),
                List.of(row.id(), row.time(), row.pool(), row.server(), row.command(), row.words(), row.keyText()));
            assertEquals(client.peer(), row.client());
            assertEquals(1, log.rows("alpha").size(), "the quick one is not slow");
            assertEquals(1, lane.count(ClientHalfCounter.SLOW_REQUESTS));
            assertEquals(SlowJson.of(List.of(row)), SlowJson.of(log.rows()));
            assertTrue(SlowJson.of(log.rows()).contains("\"server\":\"127.0.0.1:7001\", \"client\":\"" + row.client()
                + "\", \"command\":\"set\", \"key\":\"" + key + "\", \"link_wait_us\":"), SlowJson.of(log.rows()));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutAFullLinkBeforeIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("server_max_queue", 1).start(mode)) {
            lane.send(lane.connect(), request("GET", "a"));
            lane.send(lane.connect(), request("GET", "b"));
            lane.after(30);
            lane.reply(0, "$-1\r\n");
            lane.after(20);
            lane.reply(0, "$-1\r\n");
            List<SlowRow> rows = log(lane).rows("alpha");
            assertEquals(List.of("b", "a"), rows.stream().map(SlowRow::keyText).toList(), "the newest first");
            assertStages(30, 20, 0, rows.get(0));
            assertStages(0, 30, 0, rows.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutTheWaitForEarlierRepliesApart(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            lane.send(lane.connect(), request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)) + request("PING"));
            lane.after(12);
            lane.reply(1, bulk("second"));
            lane.after(25);
            lane.reply(0, bulk("first"));
            List<SlowRow> rows = log(lane).rows("alpha").reversed();
            assertStages(0, 37, 0, rows.get(0));
            assertStages(0, 12, 25, rows.get(1));
            assertStages(0, 0, 37, rows.get(2));
            assertEquals(List.of("127.0.0.1:7000", "127.0.0.1:7001", ""), rows.stream().map(SlowRow::server).toList());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNameTheServerThatFailed(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("timeout", 100).start(mode)) {
            lane.send(lane.connect(), request("GET", "k"));
            lane.after(100);
            SlowRow row = only(lane);
            assertStages(0, 100, 0, row);
            assertEquals("127.0.0.1:7000", row.server());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNameTheServerThatAnsweredLastOfSeveral(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            String key = lane.keyOn(0);
            lane.send(lane.connect(), request("MGET", key, lane.keyOn(1)));
            lane.reply(0, "*1\r\n$-1\r\n");
            lane.after(15);
            lane.reply(1, "*1\r\n$-1\r\n");
            SlowRow row = only(lane);
            assertStages(0, 15, 0, row);
            assertEquals(List.of("127.0.0.1:7001", "mget", key), List.of(row.server(), row.command(), row.keyText()));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldShowNoWordThatIsNoKey(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().engine("slowlog_log_slower_than_us", 0).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("AUTH", "password") + request("GET") + request("GET", "a", "secret") + "\r\n"
                + request("EVAL", "return redis.call('get', 'k')", "0"));
            assertEquals("", String.join("", log(lane).rows("alpha").stream().map(SlowRow::keyText).toList()));
        }
    }

    @Test
    void shouldKeepTheBeginningOfALongKey() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            lane.send(lane.connect(), request("GET", "\\\t\"" + "k".repeat(SlowRequest.KEY_BYTES + 10)));
            lane.after(10);
            lane.reply(0, "$-1\r\n");
            assertEquals("\\\\\\t\"" + "k".repeat(SlowRequest.KEY_BYTES - 3) + "... (13 more bytes)",
                only(lane).keyText());
        }
    }

    /** What no lane can hand over is counted, and what the log has is bounded by slowlog_max_len. */
    @Test
    void shouldCountWhatIsLostAndKeepSlowlogMaxLen() {
        try (LaneHarness lane = LaneSpec.lane().engine("slowlog_log_slower_than_us", 0).start(LaneMode.FUSED)) {
            FakeConnection client = lane.connect();
            SlowLog log = log(lane);
            for (int round = 1; round <= 2; round++) {
                lane.send(client, request("PING").repeat(SlowRequests.CAPACITY + 7));
                assertEquals(round * 7, lane.count(ClientHalfCounter.SLOW_REQUESTS_LOST));
                List<SlowRow> rows = log.rows("alpha");
                assertEquals(MAX_LEN, rows.size());
                assertEquals(round * SlowRequests.CAPACITY - 1, rows.getFirst().id());
            }
            assertEquals(2 * (SlowRequests.CAPACITY + 7), lane.count(ClientHalfCounter.SLOW_REQUESTS));
            assertEquals(MAX_LEN, log.rows().size());
            log.reset("beta");
            assertEquals(MAX_LEN, log.rows("alpha").size(), "another pool's");
            log.reset("alpha");
            assertEquals(List.of(), log.rows("alpha"));
            lane.send(client, request("PING"));
            assertEquals(2 * SlowRequests.CAPACITY, log.rows("alpha").getFirst().id(), "ids go on");
            log.look(pool -> false);
            assertEquals(List.of(), log.rows(), "the pool is gone");
        }
    }

    @Test
    void shouldNoteNothingWhenItIsOff() {
        for (LaneSpec off : Stream.of("slowlog_max_len", "latency").map(key -> LaneSpec.lane()
            .engine("slowlog_log_slower_than_us", 0).engine(key, key.equals("latency") ? "false" : "0")).toList()) {
            try (LaneHarness lane = off.start(LaneMode.FUSED)) {
                lane.send(lane.connect(), request("PING"));
                assertEquals(List.of(), log(lane).rows("alpha"));
                assertEquals(0, lane.count(ClientHalfCounter.SLOW_REQUESTS));
            }
        }
    }
}
