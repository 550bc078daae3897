package org.millrace.perf.pressure;

import java.util.List;

/**
 * What the chaos run does.
 *
 * @param protocols  a pool, servers and clients for each
 * @param durationNs how long faults are made
 * @param seed       of faults and requests
 * @param servers    how many there are of each protocol
 * @param clients    connections at a time, of each protocol
 * @param timeoutMs  the pools' {@code timeout}
 * @param slackMs    by how much a reply may come later than that
 * @param progressNs time between two lines of progress
 */
public record ChaosOptions(List<ChaosProtocol> protocols, long durationNs, long seed, int servers, int clients,
    int timeoutMs, int slackMs, long progressNs) {
}
