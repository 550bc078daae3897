package org.millrace.engine.client;

import java.util.function.LongSupplier;

/**
 * What time it is for a half: that of its turn. A turn may wait long for something to come, and what comes first then
 * has the clock asked anew: it must not be dated back to when the wait began. The half's thread.
 */
public final class TurnTime {
    private LongSupplier clock;
    private long nowNs;
    private boolean mayHaveWaited;

    /** The turns' clock, in nanoseconds. Before the first turn that may wait. */
    public void by(LongSupplier turnsClock) {
        clock = turnsClock;
    }

    /** The turn's own time. */
    public void set(long turnNs) {
        nowNs = turnNs;
        mayHaveWaited = false;
    }

    /** The turn looks for I/O next, and may wait for it. */
    public void beforePoll() {
        mayHaveWaited = clock != null;
    }

    /** The time now. */
    public long nowNs() {
        if (mayHaveWaited) {
            set(clock.getAsLong());
        }
        return nowNs;
    }
}
