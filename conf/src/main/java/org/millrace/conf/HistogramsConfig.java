package org.millrace.conf;

/**
 * What is kept of latency: histograms, the file that they are written to, slow requests.
 *
 * @param latency              whether they are kept
 * @param latencyLog           the file; empty if there is none
 * @param latencyLogIntervalMs how much time one line of it is about
 * @param latencyLogMaxBytes   when another file is begun
 * @param slowlogLogSlowerThanUs from how long on a request is slow
 * @param slowlogMaxLen        how many slow requests of each pool are kept; 0 = none
 */
public record HistogramsConfig(boolean latency, String latencyLog, int latencyLogIntervalMs, long latencyLogMaxBytes,
    int slowlogLogSlowerThanUs, int slowlogMaxLen) {
    /** A hundredth of a second, as Redis has it. */
    static final int SLOWER_THAN_US = 10_000;
    /** Likewise. */
    static final int SLOWLOG_MAX_LEN = 128;

    /** Kept, and written nowhere. */
    public static HistogramsConfig defaults() {
        return new HistogramsConfig(true, "", 10_000, 64L << 20, SLOWER_THAN_US, SLOWLOG_MAX_LEN);
    }
}
