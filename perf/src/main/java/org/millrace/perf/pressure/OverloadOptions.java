package org.millrace.perf.pressure;

import java.util.Arrays;

/**
 * What the overload measures.
 *
 * @param serverRate     replies a second of the server
 * @param factors        offered load by that rate
 * @param connections    connections of the load
 * @param inFlight       most requests on the way on one of them
 * @param warmupNs       time at each load that is not measured: the queues fill
 * @param durationNs     time at each load that is measured
 * @param timeoutMs      the pool's timeout
 * @param queueTimeoutMs the pool's queue_timeout in the second part, 0 = no second part
 * @param minGood        least share of the best rate of good answers that must remain at the highest load
 */
public record OverloadOptions(double serverRate, double[] factors, int connections, int inFlight, long warmupNs,
    long durationNs, int timeoutMs, int queueTimeoutMs, double minGood) {
    /** From half to three times of what the server can do. */
    public static final double[] USUAL = {0.5, 0.9, 1, 2, 3};

    /** Takes a copy of the factors. */
    public OverloadOptions {
        factors = factors.clone();
        Arrays.sort(factors);
    }

    @Override
    public double[] factors() {
        return factors.clone();
    }
}
