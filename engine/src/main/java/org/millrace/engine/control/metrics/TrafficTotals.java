package org.millrace.engine.control.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.millrace.engine.traffic.PoolTraffic;

/**
 * What lanes have sampled of the traffic of all pools, in the last while: what was seen half a minute ago counts for a
 * quarter. The control thread adds; whoever shows it reads. Any thread, but none of a lane's.
 */
public final class TrafficTotals {
    /** After so long what was seen counts for half. */
    static final long HALF_NS = 15_000_000_000L;
    private static final double NS_PER_SECOND = 1e9;
    /** Where next to no time has passed there are no rates. */
    private static final double SHORTEST = 0.5;

    private final Map<String, PoolTrafficTotals> pools = new LinkedHashMap<>();
    private boolean begun;
    private long passedNs;
    /** What is counted is about so many seconds, those that have passed fading like it. */
    private double seconds;
    private volatile boolean on;

    /** With nothing in it. */
    public TrafficTotals() {
        // pools come with their traffic
    }

    /** Time passes; pools that are not present are forgotten. */
    synchronized void pass(long nowNs, Predicate<String> present) {
        long ns = begun ? nowNs - passedNs : 0;
        begun = true;
        passedNs = nowNs;
        pools.keySet().removeIf(present.negate());
        double factor = Math.pow(0.5, (double) ns / HALF_NS);
        seconds = seconds * factor + ns / NS_PER_SECOND;
        pools.values().forEach(each -> each.pass(factor, nowNs));
    }

    /** Adds what a lane has sampled of a pool. */
    synchronized void add(PoolTraffic pool, long nowNs) {
        pools.computeIfAbsent(pool.name(), name -> new PoolTrafficTotals()).add(pool, nowNs);
    }

    /** Traffic is looked at from now on, or no more: what is known is forgotten then. */
    synchronized void use(boolean next) {
        on = next;
        if (!next) {
            pools.clear();
            begun = false;
            seconds = 0;
        }
    }

    /** True if traffic is looked at. */
    public boolean isOn() {
        return on;
    }

    /** Of all pools that have had traffic. */
    public synchronized List<TrafficTop> tops() {
        List<TrafficTop> tops = new ArrayList<>();
        pools.forEach((name, pool) -> tops.add(pool.top(name, time())));
        return tops;
    }

    private double time() {
        return Math.max(seconds, SHORTEST);
    }

    /** Of one pool; empty lists if it has had no traffic. */
    public synchronized TrafficTop top(String pool) {
        PoolTrafficTotals totals = pools.get(pool);
        return totals == null ? new TrafficTop(pool, List.of(), List.of(), List.of(), 0) : totals.top(pool, time());
    }
}
