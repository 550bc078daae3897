package org.millrace.engine.control.metrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millrace.engine.control.KeyText;
import org.millrace.engine.traffic.LargestKeys;
import org.millrace.engine.traffic.PoolTraffic;
import org.millrace.engine.traffic.Sketches;

/** What all lanes have sampled of one pool of late. One thread at a time. */
final class PoolTrafficTotals {
    /** Names that are kept: twice as many at most. */
    static final int KEYS = 512;
    static final int ADDRESSES = 256;
    /** So long a large key is told after it was seen last. */
    static final long LARGE_NS = 60_000_000_000L;

    private final DecayedCounts keys = new DecayedCounts(KEYS);
    private final DecayedCounts askers = new DecayedCounts(ADDRESSES);
    private final DecayedCounts movers = new DecayedCounts(ADDRESSES);
    private final Map<Long, Large> largest = new HashMap<>();

    /** The largest of a key. */
    private record Large(TrafficTop.BigKey key, long seenNs) {
    }

    /** Time passes: what was counted counts for this share of what it did. */
    void pass(double factor, long nowNs) {
        keys.fade(factor);
        askers.fade(factor);
        movers.fade(factor);
        largest.values().removeIf(each -> nowNs - each.seenNs > LARGE_NS);
    }

    /** Adds what a lane has sampled. */
    void add(PoolTraffic pool, long nowNs) {
        Sketches given = pool.given();
        keys.add(given.keys());
        askers.add(given.askers());
        movers.add(given.movers());
        LargestKeys large = given.largest();
        for (int i = 0; i < large.size(); i++) {
            Large before = largest.get(large.hash(i));
            boolean larger = before == null || large.bytes(i) > before.key.bytes();
            TrafficTop.BigKey key = !larger ? before.key : new TrafficTop.BigKey(
                KeyText.of(large.name(i), large.length(i)), large.bytes(i), pool.command(large.command(i)),
                large.isReply(i));
            largest.put(large.hash(i), new Large(key, nowNs));
        }
        if (largest.size() > 2 * Sketches.LARGEST_MAX) {
            List<Map.Entry<Long, Large>> sorted = new ArrayList<>(largest.entrySet());
            sorted.sort(Comparator.comparingLong(each -> -each.getValue().key.bytes()));
            sorted.subList(Sketches.LARGEST_MAX, sorted.size()).forEach(each -> largest.remove(each.getKey()));
        }
    }

    /**
     * The greatest of all.
     *
     * @param time seconds that the counts are about
     */
    TrafficTop top(String pool, double time) {
        double all = Math.max(keys.total(), 1);
        List<TrafficTop.HotKey> hot = keys.greatest(TrafficTop.MOST).stream()
            .map(row -> new TrafficTop.HotKey(KeyText.of(row.name, row.length), row.count / all, row.count / time))
            .toList();
        List<TrafficTop.BigKey> big = largest.values().stream().map(Large::key)
            .sorted(Comparator.comparingLong(TrafficTop.BigKey::bytes).reversed()).limit(TrafficTop.MOST).toList();
        return new TrafficTop(pool, hot, big, talkers(time), keys.missing() / all);
    }

    private List<TrafficTop.Talker> talkers(double time) {
        double requests = Math.max(askers.total(), 1);
        double bytes = Math.max(movers.total(), 1);
        Map<String, TrafficTop.Talker> found = new LinkedHashMap<>();
        Collection<DecayedCounts.Row> rows = new ArrayList<>(askers.greatest(TrafficTop.MOST));
        rows.addAll(movers.greatest(TrafficTop.MOST));
        for (DecayedCounts.Row row : rows) {
            found.computeIfAbsent(new String(row.name, StandardCharsets.UTF_8), address -> new TrafficTop.Talker(
                address, askers.count(row.name) / time, movers.count(row.name) / time));
        }
        return found.values().stream()
            .sorted(Comparator.comparingDouble((TrafficTop.Talker each) -> -Math.max(
                each.requestsPerSecond() / requests, each.bytesPerSecond() / bytes)))
            .limit(TrafficTop.MOST).toList();
    }
}
