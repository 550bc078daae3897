package org.millrace.engine.latency;

/**
 * When a thread that records hands over what it has: the control thread asks, the other hands over at the beginning of
 * its next turn, and all that it had written before is then the control thread's to read. One is asked for at a time.
 */
public final class Handover {
    private volatile long asked;
    private volatile long handed;

    /** True if it is asked for what has not been handed over. Recording thread. */
    public boolean isDue() {
        return asked != handed;
    }

    /** It has been handed over. Recording thread, while {@link #isDue}. */
    public void done() {
        handed = asked;
    }

    /** Asks; after what was asked for before has been collected. Control thread. */
    public void ask() {
        asked = handed + 1;
    }

    /** True once what was asked for is there. Control thread. */
    public boolean isHanded() {
        return asked == handed;
    }
}
