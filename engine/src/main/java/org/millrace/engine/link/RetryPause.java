package org.millrace.engine.link;

import org.millrace.conf.LimitsConfig;

/**
 * The growing, jittered pause between attempts to open a link, so that a fleet of proxies does not stampede a server
 * that comes back: between half of and the whole of min * 2^failures, at most max.
 */
final class RetryPause {
    private final long minNs;
    private final long maxNs;
    private long random;
    private int failures;
    private long untilNs;

    RetryPause(LimitsConfig limits, long seed) {
        minNs = limits.linkRetryMinMs() * 1_000_000L;
        maxNs = limits.linkRetryMaxMs() * 1_000_000L;
        random = seed * 0x9E3779B97F4A7C15L + 1;
    }

    /** An attempt has failed: the next pause begins. */
    void begin(long nowNs) {
        long lengthNs = Math.min(maxNs, minNs << Math.min(failures, 20));
        failures++;
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        long halfNs = lengthNs / 2;
        untilNs = nowNs + lengthNs - (halfNs == 0 ? 0 : Math.floorMod(random, halfNs));
    }

    /** Another lane has failed, and will not try again for so long. */
    void rest(long nowNs, long lengthNs) {
        untilNs = nowNs + lengthNs;
    }

    /** What is left of it. */
    long leftNs(long nowNs) {
        return Math.max(0, untilNs - nowNs);
    }

    boolean isOver(long nowNs) {
        return nowNs - untilNs >= 0;
    }

    /** The link works: the next pause is the shortest again. */
    void reset() {
        failures = 0;
    }
}
