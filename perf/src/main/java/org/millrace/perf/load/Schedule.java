package org.millrace.perf.load;

import java.util.Arrays;

/**
 * When each request of an open loop is meant to leave: every connection at the same fixed rate, each with its own
 * seeded phase. The n-th request of a worker belongs to connection n modulo their number, because phases are in order.
 * Immutable; it does not know how far the run has come, so a stall cannot move it.
 */
public final class Schedule {
    private final double startNs;
    private final double intervalNs;
    private final double rampNs;
    private final double[] phaseNs;

    /**
     * @param startNs     time of the run's start
     * @param connections connections of the worker
     * @param intervalNs  time between two requests of one connection
     * @param seed        for the phases
     */
    public Schedule(long startNs, int connections, double intervalNs, long seed) {
        this(startNs, connections, intervalNs, seed, 0);
    }

    /** A schedule whose rate rises evenly from nothing to all of it in the first {@code rampNs}. */
    Schedule(long startNs, int connections, double intervalNs, long seed, long rampNs) {
        this.rampNs = rampNs;
        this.startNs = startNs;
        this.intervalNs = intervalNs;
        Mixer random = new Mixer(seed);
        phaseNs = new double[connections];
        for (int i = 0; i < connections; i++) {
            phaseNs[i] = (random.nextLong() >>> 11) * 0x1.0p-53 * intervalNs;
        }
        Arrays.sort(phaseNs);
    }

    /** When the worker's {@code n}-th request is meant to leave. */
    public long dueNs(long n) {
        return dueNs((int) (n % phaseNs.length), n / phaseNs.length);
    }

    /** When the {@code n}-th request of a connection is meant to leave. */
    public long dueNs(int connection, long n) {
        double steadyNs = n * intervalNs + phaseNs[connection];
        // Time t of the ramp has seen t^2 / (2 * ramp) of steady sending; all of it half of what steady sending does.
        return (long) (startNs + (steadyNs < rampNs / 2 ? Math.sqrt(2 * rampNs * steadyNs) : steadyNs + rampNs / 2));
    }

    /** Which connection the worker's {@code n}-th request belongs to. */
    public int connectionOf(long n) {
        return (int) (n % phaseNs.length);
    }
}
