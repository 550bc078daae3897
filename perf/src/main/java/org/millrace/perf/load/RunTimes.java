package org.millrace.perf.load;

/** The moments of a run, shared by its threads. Times are of {@link System#nanoTime}. */
final class RunTimes {
    private static final long NEVER_NS = Long.MAX_VALUE / 4;

    private final long startNs;
    private final long measureFromNs;
    private final long endNs;
    private volatile boolean stopped;

    RunTimes(long startNs, LoadConfig config) {
        this.startNs = startNs;
        measureFromNs = startNs + config.rampNs() + config.warmupNs();
        endNs = measureFromNs + (config.durationNs() == 0 ? NEVER_NS : config.durationNs());
    }

    long startNs() {
        return startNs;
    }

    long measureFromNs() {
        return measureFromNs;
    }

    /**
     * How often a request that was meant to leave then is counted: once, or not at all in the warm-up. A number, and no
     * branch that the warm-up never takes: that would have what is compiled thrown away just when measuring begins.
     */
    int measured(long intendedNs) {
        return (int) (~(intendedNs - measureFromNs) >>> Long.SIZE - 1);
    }

    /** No request is meant to leave from here on. */
    long endNs() {
        return endNs;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Send no more, only wait for what is in flight. */
    void stop() {
        stopped = true;
    }
}
