package org.millrace.engine.control.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.traffic.NameCounts;
import org.millrace.engine.traffic.NameHash;
import org.millrace.engine.traffic.Sketches;
import org.millrace.engine.traffic.TrafficRecorder;
import org.millrace.engine.traffic.Zipf;
import org.millrace.io.CloseCause;

/** Which keys and clients take most of the traffic is told rightly, of all lanes together. */
@Timeout(60)
class TrafficTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final TrafficTotals totals = new TrafficTotals();
    private TrafficMerge merge;
    private long nowNs = SECOND_NS;

    private void watch(LaneHarness lane) {
        merge = new TrafficMerge(List.of(new LaneHandle(lane.lane(), lane.commands(), List.of(),
            List.of(lane.transport()))), totals, true);
        second(lane);
    }

    /** Another second has passed: what was sampled in it is here. */
    private void second(LaneHarness lane) {
        nowNs += SECOND_NS;
        merge.look(nowNs, lane.lane().snapshot());
        lane.settle();
        merge.look(nowNs, lane.lane().snapshot());
    }

    private TrafficTop top() {
        return totals.top("alpha");
    }

    private static List<String> keys(TrafficTop top) {
        return top.hot().stream().map(TrafficTop.HotKey::key).toList();
    }

    /** Four lanes, many seconds: exact counts are within the bound that is told. */
    @ParameterizedTest
    @ValueSource(doubles = {0.7, 1.0, 1.2})
    void shouldKeepTheBoundThatIsToldOnZipfTrafficOfManyLanes(double exponent) {
        DecayedCounts counts = new DecayedCounts(PoolTrafficTotals.KEYS);
        Map<Integer, Double> exact = new HashMap<>();
        Zipf zipf = new Zipf(20_000, exponent, 11);
        NameCounts lane = new NameCounts(Sketches.KEYS_MAX, Sketches.KEY_BYTES_MAX);
        UnsafeBuffer name = new UnsafeBuffer(new byte[Integer.BYTES]);
        double total = 0;
        for (int second = 0; second < 30; second++) {
            counts.fade(0.95);
            total *= 0.95;
            exact.replaceAll((key, count) -> count * 0.95);
            for (int number = 0; number < 4; number++) {
                for (int i = 0; i < 2_000; i++) {
                    int key = zipf.next();
                    name.putInt(0, key);
                    lane.add(NameHash.of(name, 0, Integer.BYTES), name, 0, Integer.BYTES, Integer.BYTES, 1);
                    exact.merge(key, 1.0, Double::sum);
                    total++;
                }
                counts.add(lane);
                lane.reset();
            }
        }
        assertEquals(total, counts.total(), 1e-3);
        assertTrue(counts.size() <= 2 * PoolTrafficTotals.KEYS, counts.size() + " names");
        double bound = counts.missing() / total;
        assertTrue(bound <= 1.0 / Sketches.KEYS_MAX + 1.0 / PoolTrafficTotals.KEYS, bound + " of all");
        Map<Integer, Double> shown = new HashMap<>();
        counts.greatest(Integer.MAX_VALUE).forEach(row -> shown.put(new UnsafeBuffer(row.name).getInt(0), row.count));
        exact.forEach((key, count) -> {
            double told = shown.getOrDefault(key, 0.0);
            assertTrue(told <= count + 1e-6 && count <= told + counts.missing() + 1e-6,
                key + ": " + told + " of " + count + ", missing " + counts.missing());
        });
        // whatever has a greater share than the bound is there
        exact.forEach((key, count) -> assertTrue(count <= counts.missing() || shown.containsKey(key), key + " is hot"));
    }

    /** A sample of a lane's requests, in its real way through the lane. */
    @Test
    void shouldTellSharesOfZipfTrafficAsExactCountsDo() {
        Zipf zipf = new Zipf(2_000, 1.1, 12);
        Map<Integer, Integer> exact = new HashMap<>();
        int requests = 0;
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            watch(lane);
            FakeConnection client = lane.connect();
            for (int second = 0; second < 6; second++) {
                for (int batch = 0; batch < 100; batch++) {
                    StringBuilder asked = new StringBuilder();
                    StringBuilder replies = new StringBuilder();
                    for (int i = 0; i < 50; i++) {
                        int key = zipf.next();
                        exact.merge(key, 1, Integer::sum);
                        requests++;
                        asked.append(request("GET", "k" + key));
                        replies.append("$-1\r\n");
                    }
                    lane.send(client, asked.toString());
                    lane.reply(0, replies.toString());
                    client.take();
                }
                second(lane);
            }
        }
        TrafficTop top = top();
        assertEquals(TrafficTop.MOST, top.hot().size());
        assertTrue(top.shareError() < 0.005, top.shareError() + "");
        for (TrafficTop.HotKey hot : top.hot().subList(0, 10)) {
            double share = (double) exact.get(Integer.parseInt(hot.key().substring(1))) / requests;
            // of some 3000 samples, which fade
            double deviation = Math.sqrt(share / 2_500);
            assertEquals(share, hot.share(), 6 * deviation + top.shareError(), hot.key());
            assertEquals(hot.share() * 5_000, hot.requestsPerSecond(), 0.15 * hot.share() * 5_000, hot.key());
        }
        for (int key = 0; key < 4; key++) {
            assertTrue(keys(top).contains("k" + key), top.hot().toString());
        }
        assertEquals(5_000, top.talkers().getFirst().requestsPerSecond(), 750);
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCountEveryKeyOfACommandWithManyAndEachClientByItsAddress(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            watch(lane);
            FakeConnection client = lane.connect();
            lane.send(client, request("MGET", "a", "b", "a"));
            lane.reply(0, "*3\r\n$-1\r\n$-1\r\n$-1\r\n");
            lane.send(client, request("MSET", "b", "1", "c", "2"));
            lane.reply(0, "+OK\r\n");
            lane.send(client, request("EVAL", "return 1", "1", "d", "x"));
            lane.reply(0, ":1\r\n");
            // answered by the proxy, or refused: no key is asked for
            lane.send(client, request("PING", "a") + request("GET") + request("KEYS", "a"));
            second(lane);
            Map<String, Double> counts = new HashMap<>();
            TrafficTop top = top();
            top.hot().forEach(each -> counts.put(each.key(), each.share() * 6));
            assertEquals(List.of("a", "b", "c", "d"), counts.keySet().stream().sorted().toList());
            assertEquals(2, counts.get("a"), 1e-6);
            assertEquals(2, counts.get("b"), 1e-6);
            assertEquals(1, counts.get("c"), 1e-6);
            assertEquals(List.of("client"), top.talkers().stream().map(TrafficTop.Talker::address).toList());
            assertEquals(3, top.talkers().getFirst().requestsPerSecond(), 0.1);
            assertTrue(top.talkers().getFirst().bytesPerSecond() > 100, top.talkers().toString());
            assertEquals(0, top.shareError());
            client.take();
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCountEveryKeyOfMemcachedToo(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis", false).start(mode)) {
            watch(lane);
            FakeConnection client = lane.connect();
            lane.send(client, "get a b a\r\n");
            lane.reply(0, "END\r\n");
            lane.send(client, "set b 0 0 300\r\n" + "v".repeat(300) + "\r\n");
            lane.reply(0, "STORED\r\n");
            lane.send(client, "gat 10 c d\r\n");
            lane.reply(0, "END\r\n");
            lane.send(client, "get e\r\n");
            lane.reply(0, "VALUE e 0 5000\r\n" + "v".repeat(5000) + "\r\nEND\r\n");
            lane.send(client, "stats proxy\r\nversion\r\n");
            second(lane);
            Map<String, Double> counts = new HashMap<>();
            top().hot().forEach(each -> counts.put(each.key(), each.share() * 7));
            assertEquals(List.of("a", "b", "c", "d", "e"), counts.keySet().stream().sorted().toList());
            assertEquals(2, counts.get("a"), 1e-6);
            assertEquals(2, counts.get("b"), 1e-6);
            List<TrafficTop.BigKey> big = top().big();
            assertEquals("e get reply", said(big.get(0)));
            assertEquals("b set request", said(big.get(1)));
            assertTrue(big.get(0).bytes() > 5000 && big.get(0).bytes() < 5100, big.toString());
            client.take();
        }
    }

    private static String said(TrafficTop.BigKey key) {
        return key.key() + ' ' + key.command() + ' ' + key.measured();
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellTheLargestByReplyOrRequestAndNoValue(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            watch(lane);
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "asked", "secret".repeat(50)));
            lane.reply(0, "+OK\r\n");
            lane.send(client, request("GET", "told"));
            lane.reply(0, "$40000\r\n" + "s".repeat(40_000) + "\r\n");
            // not a sample, yet large
            lane.send(client, request("SET", "large", "x".repeat(100_000)));
            lane.reply(0, "+OK\r\n");
            second(lane);
            List<TrafficTop.BigKey> big = top().big();
            assertEquals(List.of("large set request", "told get reply", "asked set request"),
                big.stream().map(TrafficTest::said).toList());
            assertEquals(40_010, big.get(1).bytes());
            assertFalse(new TrafficLines(totals).json().contains("secret"));
            client.take();
        }
    }

    @Test
    void shouldShowTheBeginningOfALongKeyAndItsLength() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            watch(lane);
            FakeConnection client = lane.connect();
            String odd = "a \"\\\r\u0001\u00e9".substring(0, 6);
            lane.send(client, request("GET", "k".repeat(97)) + request("GET", "k".repeat(96)) + request("GET", odd));
            lane.reply(0, "$-1\r\n".repeat(3));
            // a key that is a body
            lane.send(client, request("GET", "z".repeat(20_000)));
            lane.reply(0, "$-1\r\n");
            second(lane);
            List<String> keys = keys(top());
            assertEquals(4, keys.size(), keys.toString());
            assertTrue(keys.contains("k".repeat(96)), keys.toString());
            assertTrue(keys.contains("k".repeat(96) + "... (1 more bytes)"), keys.toString());
            assertTrue(keys.contains("z".repeat(96) + "... (19904 more bytes)"), keys.toString());
            assertTrue(keys.contains("a \"\\\\\\r\\x01"), keys.toString());
            String json = new TrafficLines(totals).json();
            assertTrue(json.contains("{\"key\":\"a \\\"\\\\\\\\\\\\r\\\\x01\", \"share\":0.25"), json);
            client.take();
        }
    }

    @Test
    void shouldLookAtNoMoreThanKeysPerRequestMaxAndCountThemForAll() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            watch(lane);
            FakeConnection client = lane.connect();
            StringBuilder asked = new StringBuilder("*1025\r\n$4\r\nMGET\r\n");
            for (int i = 0; i < 1024; i++) {
                asked.append(i % 2 == 0 ? "$3\r\nhot\r\n" : "$4\r\n" + (1000 + i) + "\r\n");
            }
            lane.send(client, asked.toString());
            lane.reply(0, "*1024\r\n" + "$-1\r\n".repeat(1024));
            second(lane);
            // one of four, beginning anywhere: all or none of them are the hot one
            TrafficTop top = top();
            double all = top.hot().stream().mapToDouble(TrafficTop.HotKey::requestsPerSecond).sum();
            if (top.hot().getFirst().key().equals("hot")) {
                assertEquals(1024, all, 100);
            } else {
                assertEquals(TrafficTop.MOST * 4, all, 8);
            }
            client.take();
        }
    }

    @Test
    void shouldFollowNoMoreThanSamplesMaxRequestsAndCountTheOthers() {
        int more = 5;
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            watch(lane);
            FakeConnection client = lane.connect();
            for (int i = 0; i < TrafficRecorder.SAMPLES_MAX + more; i++) {
                lane.send(client, request("GET", "k"));
            }
            assertEquals(more, lane.count(ClientHalfCounter.SAMPLES_NOT_FOLLOWED));
            lane.reply(0, "$-1\r\n".repeat(TrafficRecorder.SAMPLES_MAX + more));
            lane.send(client, request("GET", "k"));
            lane.reply(0, "$-1\r\n");
            assertEquals(more, lane.count(ClientHalfCounter.SAMPLES_NOT_FOLLOWED), "all are free again");
            client.take();
            // those of a client that goes are free too
            FakeConnection other = lane.connect();
            for (int i = 0; i < 200; i++) {
                lane.send(other, request("GET", "k"));
            }
            other.end(CloseCause.RESET);
            lane.settle();
            for (int i = 0; i < TrafficRecorder.SAMPLES_MAX / 2; i++) {
                lane.send(client, request("GET", "k"));
            }
            assertEquals(more, lane.count(ClientHalfCounter.SAMPLES_NOT_FOLLOWED));
            lane.reply(0, "$-1\r\n".repeat(200 + TrafficRecorder.SAMPLES_MAX / 2));
            client.take();
        }
    }

    @Test
    void shouldForgetWhatIsOldAndWhatIsTurnedOff() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            watch(lane);
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "old"));
            lane.reply(0, "$-1\r\n");
            for (int i = 0; i < 30; i++) {
                lane.send(client, request("GET", "new"));
                lane.reply(0, "$-1\r\n");
                second(lane);
            }
            assertEquals(List.of("new", "old"), keys(top()));
            assertEquals(1, top().hot().getFirst().requestsPerSecond(), 0.05);
            assertTrue(top().hot().getLast().share() < 0.02, "faded by half twice: " + top().hot());
            assertEquals(2, top().big().size());
            nowNs += 120 * SECOND_NS;
            second(lane);
            assertEquals(List.of(), top().hot());
            assertEquals(List.of(), top().big());
            lane.send(client, request("GET", "k"));
            lane.reply(0, "$-1\r\n");
            merge.use(false);
            second(lane);
            assertEquals(List.of(), totals.tops());
            assertEquals("{}", new TrafficLines(totals).json());
            lane.send(client, request("GET", "k"));
            lane.reply(0, "$-1\r\n");
            second(lane);
            assertEquals(List.of(), totals.tops());
            merge.use(true);
            second(lane);
            lane.send(client, request("GET", "again"));
            lane.reply(0, "$-1\r\n");
            second(lane);
            assertEquals(List.of("again"), keys(top()));
            client.take();
        }
    }

    @Test
    void shouldHoldNoMoreLargeKeysThanItTellsTwice() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            watch(lane);
            FakeConnection client = lane.connect();
            for (int second = 0; second < 4; second++) {
                for (int i = 0; i < 50; i++) {
                    lane.send(client, request("SET", "k" + (1000 + second * 50 + i), "v".repeat(1 + i)));
                    lane.reply(0, "+OK\r\n");
                }
                second(lane);
            }
            List<TrafficTop.BigKey> big = top().big();
            assertEquals(TrafficTop.MOST, big.size());
            for (int i = 0; i < 8; i++) {
                assertTrue(big.get(i).bytes() >= big.get(4).bytes(), big.toString());
            }
            assertTrue(big.subList(0, 4).stream().map(TrafficTop.BigKey::key)
                .allMatch(key -> Integer.parseInt(key.substring(1)) % 50 == 49), big.toString());
            client.take();
        }
    }
}
