package org.millrace.engine.traffic;

/**
 * Which requests are looked at: all while there are few, else one of so many, after gaps of random length, so that no
 * rhythm of the traffic can hide from it or be taken for all of it. A sample stands for as many requests as there are
 * to one sample on average. The gap follows the number of requests: it is chosen anew at the end of each interval, and
 * doubled within one that has had its samples. One thread.
 */
final class Sampling {
    /** Samples in an interval that are wanted. */
    static final int WANTED = 512;
    /** Longest gap, on average. */
    static final int GAP_MAX = 4096;

    private int left = 1;
    private int gap = 1;
    /** Samples before the gap is doubled. */
    private int samplesLeft = WANTED;
    /** Requests of this interval, as far as samples tell; those of many keys count as so many. */
    private long seen;
    private long random;

    Sampling(long seed) {
        random = seed | 1;
    }

    /** Another request: true if it is to be looked at, which {@link #take} tells then. */
    boolean isDue() {
        return --left <= 0;
    }

    /** How many requests the next sample stands for. */
    int weight() {
        return gap;
    }

    /** A sample was taken; one of many keys costs as much as many. */
    void take(int keys) {
        int cost = Math.max(1, keys);
        seen += (long) gap * cost;
        samplesLeft -= cost;
        if (samplesLeft <= 0) {
            samplesLeft = WANTED;
            gap = Math.min(gap * 2, GAP_MAX);
        }
        draw();
    }

    private void draw() {
        left = 1 + below(2 * gap - 1);
    }

    /** A number from 0 up to below the bound, each as often as any other. */
    int below(int bound) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) ((random >>> 33) * bound >>> 31);
    }

    /** An interval ends: the next one will have about as many requests. */
    void endInterval() {
        gap = Math.clamp(seen / WANTED, 1, GAP_MAX);
        samplesLeft = WANTED;
        seen = 0;
        draw();
    }
}
