package org.millrace.engine.latency;

/**
 * Stamps that fit an int, in steps of 1,024 ns: each request carries some of them. They come round after 73 minutes, so
 * that differences up to half of that are right.
 */
public final class Ticks {
    private static final int SHIFT = 10;

    private Ticks() {
    }

    /** The stamp of a time. */
    public static int of(long nowNs) {
        return (int) (nowNs >> SHIFT);
    }

    /**
     * Nanoseconds from one stamp to another; 0 if the second is earlier, as the two halves of a lane read the clock
     * each for itself.
     */
    public static long between(int from, int to) {
        int ticks = to - from;
        return ticks > 0 ? (long) ticks << SHIFT : 0;
    }
}
