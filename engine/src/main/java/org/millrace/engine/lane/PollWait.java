package org.millrace.engine.lane;

/** How long a poll may wait for I/O when its thread has nothing to do. */
final class PollWait {
    /** Until somebody wakes it. */
    private static final long FOR_EVER = -1;
    private static final long IDLE_NS = 400_000_000;
    /** While there is something to look after: a time to keep, or memory that others may give back. */
    private static final long BUSY_NS = 5_000_000;

    private PollWait() {
    }

    /** Nanoseconds; below 0 for ever. A lane that rests waits until it is used. */
    static long ns(Lane lane, boolean busy) {
        if (lane.isResting()) {
            return FOR_EVER;
        }
        return busy ? BUSY_NS : IDLE_NS;
    }
}
