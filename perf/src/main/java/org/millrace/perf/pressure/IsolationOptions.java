package org.millrace.perf.pressure;

import java.util.List;

/**
 * What the isolation measures.
 *
 * @param faults         names of the faults
 * @param pairs          runs without and with the fault, by turns
 * @param runNs          measured time of one run
 * @param warmupNs       time before it
 * @param ratePerSecond  requests to the healthy servers
 * @param connections    connections that they come on
 * @param besideRate     requests to the server that will hang
 * @param timeoutMs      the pool's timeout
 * @param maxRatio       most that p99 may grow
 */
public record IsolationOptions(List<String> faults, int pairs, long runNs, long warmupNs, double ratePerSecond,
    int connections, double besideRate, int timeoutMs, double maxRatio) {
    /** Names of all faults. */
    public static final List<String> ALL = List.of("hung-server", "mute-client");

    /** Takes a copy of the list. */
    public IsolationOptions {
        faults = List.copyOf(faults);
    }
}
