package org.millrace.perf.pressure;

/**
 * What the soak does.
 *
 * @param durationNs    how long
 * @param sampleNs      time between two samples
 * @param progressNs    time between two lines of progress
 * @param ratePerSecond requests; 0 = half of what closed-loop clients get
 * @param connections   connections at a time
 * @param warmRequests  requests of the warm-up
 * @param maxGrowth     how much more the last third may need than the first: 0.05 = 5 %
 * @param maxPauseMs    longest pause of the collector
 */
public record SoakOptions(long durationNs, long sampleNs, long progressNs, double ratePerSecond, int connections,
    long warmRequests, double maxGrowth, double maxPauseMs) {
}
