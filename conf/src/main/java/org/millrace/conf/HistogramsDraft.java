package org.millrace.conf;

/** Settings of the histograms while they are being read. */
final class HistogramsDraft {
    boolean latency;
    String latencyLog = "";
    int latencyLogIntervalMs;
    long latencyLogMaxBytes;

    HistogramsConfig build() {
        return new HistogramsConfig(latency, latencyLog, latencyLogIntervalMs, latencyLogMaxBytes);
    }
}
