package org.millrace.conf;

/**
 * Histograms of latency, and the file that they are written to.
 *
 * @param latency              whether they are kept
 * @param latencyLog           the file; empty if there is none
 * @param latencyLogIntervalMs how much time one line of it is about
 * @param latencyLogMaxBytes   when another file is begun
 */
public record HistogramsConfig(boolean latency, String latencyLog, int latencyLogIntervalMs, long latencyLogMaxBytes) {
    /** Kept, and written nowhere. */
    public static HistogramsConfig defaults() {
        return new HistogramsConfig(true, "", 10_000, 64L << 20);
    }
}
