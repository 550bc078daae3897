package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.latency.SeriesKind;

/** Time that passes at a known place is recorded as that stage's, and no other's. */
class LatencySplitTest {
    private static final long MS = 1_000_000;

    private static Map<SeriesKey, Histogram> take(LaneHarness lane) {
        List<Recorder> both = List.of(lane.lane().client().state().recorder(), lane.lane().server().state().recorder());
        both.forEach(Recorder::ask);
        lane.settle();
        Map<SeriesKey, Histogram> taken = new HashMap<>();
        both.forEach(each -> each.collect((key, values) -> taken.put(key, values.copy())));
        return taken;
    }

    private static SeriesKey pool(SeriesKind kind, String family) {
        return new SeriesKey(kind, "alpha", null, family);
    }

    private static SeriesKey server(SeriesKind kind, int server) {
        return new SeriesKey(kind, "alpha", "127.0.0.1:" + (7000 + server), null);
    }

    /** All values are so many milliseconds, but for the histogram's error and that of a stamp. */
    private static void assertAll(long ms, long count, Histogram values) {
        assertEquals(count, values.getTotalCount());
        assertEquals(ms * MS, values.getMinValue(), 0.01 * ms * MS + 2_048);
        assertEquals(ms * MS, values.getMaxValue(), 0.01 * ms * MS + 2_048);
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutTheDelayOfAServerAtTheServer(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "k", "v"));
            lane.after(40);
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
            Map<SeriesKey, Histogram> taken = take(lane);
            assertAll(40, 1, taken.get(pool(SeriesKind.REQUEST, "string")));
            assertAll(40, 1, taken.get(server(SeriesKind.SERVER, 0)));
            assertAll(40, 1, taken.get(server(SeriesKind.SERVER_REQUEST, 0)));
            assertAll(0, 1, taken.get(server(SeriesKind.LINK_WAIT, 0)));
            assertAll(0, 1, taken.get(pool(SeriesKind.ORDER_WAIT, null)));
            assertAll(0, 1, taken.get(pool(SeriesKind.CLIENT_WRITE, null)));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutTheWaitForAFullLinkBeforeIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("server_max_queue", 1).start(mode)) {
            FakeConnection first = lane.connect();
            FakeConnection second = lane.connect();
            lane.send(first, request("GET", "a"));
            lane.send(second, request("GET", "b"));
            lane.after(30);
            lane.reply(0, "$-1\r\n");
            lane.after(20);
            lane.reply(0, "$-1\r\n");
            assertEquals("$-1\r\n", second.take());
            Map<SeriesKey, Histogram> taken = take(lane);
            Histogram waits = taken.get(server(SeriesKind.LINK_WAIT, 0));
            assertEquals(2, waits.getTotalCount());
            assertEquals(1, waits.getCountBetweenValues(0, MS));
            assertEquals(30 * MS, waits.getMaxValue(), 0.4 * MS);
            assertEquals(20 * MS, taken.get(server(SeriesKind.SERVER, 0)).getMinValue(), 0.4 * MS);
            assertEquals(50 * MS, taken.get(pool(SeriesKind.REQUEST, "string")).getMaxValue(), 0.6 * MS);
            assertEquals(2, taken.get(server(SeriesKind.QUEUE_DEPTH, 0)).getMaxValue(), "parked and in flight");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutTheWaitForEarlierRepliesApart(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)) + request("PING"));
            lane.after(10);
            lane.reply(1, bulk("second"));
            lane.after(25);
            lane.reply(0, bulk("first"));
            assertEquals(bulk("first") + bulk("second") + "+PONG\r\n", client.take());
            Map<SeriesKey, Histogram> taken = take(lane);
            assertAll(35, 1, taken.get(server(SeriesKind.SERVER, 0)));
            assertAll(10, 1, taken.get(server(SeriesKind.SERVER, 1)));
            assertAll(10, 1, taken.get(server(SeriesKind.SERVER_REQUEST, 1)));
            assertAll(35, 2, taken.get(pool(SeriesKind.REQUEST, "string")));
            assertAll(35, 1, taken.get(pool(SeriesKind.REQUEST, "connection")));
            Histogram order = taken.get(pool(SeriesKind.ORDER_WAIT, null));
            assertEquals(3, order.getTotalCount());
            assertEquals(1, order.getCountBetweenValues(0, MS));
            assertEquals(1, order.getCountBetweenValues(25 * MS, 25 * MS));
            assertEquals(1, order.getCountBetweenValues(35 * MS, 35 * MS), "the proxy's own answer has waited longest");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutTheSlownessOfAClientApart(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(2);
            lane.send(client, request("GET", "k"));
            lane.reply(0, bulk("value"));
            lane.after(60);
            client.allow(1000);
            lane.settle();
            assertEquals(bulk("value"), client.take());
            Map<SeriesKey, Histogram> taken = take(lane);
            assertAll(60, 1, taken.get(pool(SeriesKind.CLIENT_WRITE, null)));
            assertAll(0, 1, taken.get(pool(SeriesKind.REQUEST, "string")));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRecordEachPartOfAScatteredRequestAtItsServer(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("MGET", lane.keyOn(0), lane.keyOn(1)));
            lane.after(5);
            lane.reply(0, "*1\r\n$-1\r\n");
            lane.after(10);
            lane.reply(1, "*1\r\n$-1\r\n");
            assertEquals("*2\r\n$-1\r\n$-1\r\n", client.take());
            Map<SeriesKey, Histogram> taken = take(lane);
            assertAll(5, 1, taken.get(server(SeriesKind.SERVER, 0)));
            assertAll(15, 1, taken.get(server(SeriesKind.SERVER, 1)));
            assertAll(15, 1, taken.get(pool(SeriesKind.REQUEST, "string")));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRecordRequestsThatFailAndLateRepliesOfTheirServers(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            lane.after(100);
            assertEquals("-ERR ", client.take().substring(0, 5));
            lane.after(20);
            lane.reply(0, bulk("late"));
            Map<SeriesKey, Histogram> taken = take(lane);
            assertAll(100, 1, taken.get(pool(SeriesKind.REQUEST, "string")));
            assertAll(120, 1, taken.get(server(SeriesKind.SERVER, 0)));
            assertNull(taken.get(server(SeriesKind.SERVER_REQUEST, 0)), "nobody waited for it any more");
        }
    }

    @Test
    void shouldRecordHowMuchATurnHandles() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k").repeat(3));
            lane.reply(0, "$-1\r\n".repeat(3));
            Map<SeriesKey, Histogram> taken = take(lane);
            for (SeriesKind kind : List.of(SeriesKind.TURN_REQUESTS, SeriesKind.TURN_REPLIES)) {
                Histogram sizes = taken.get(new SeriesKey(kind, null, null, "lane-0"));
                assertEquals(1, sizes.getTotalCount());
                assertEquals(3, sizes.getMaxValue());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRecordNothingWhenItIsOff(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().engine("latency", false).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "k", "v"));
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
            assertEquals(Map.of(), take(lane));
        }
    }
}
