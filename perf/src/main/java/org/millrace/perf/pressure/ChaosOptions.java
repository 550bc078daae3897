package org.millrace.perf.pressure;

/**
 * What the chaos run does.
 *
 * @param durationNs how long faults are made
 * @param seed       of faults and requests
 * @param servers    how many there are
 * @param clients    connections at a time
 * @param timeoutMs  the pool's {@code timeout}
 * @param slackMs    by how much a reply may come later than that
 * @param progressNs time between two lines of progress
 */
public record ChaosOptions(long durationNs, long seed, int servers, int clients, int timeoutMs, int slackMs,
    long progressNs) {
}
