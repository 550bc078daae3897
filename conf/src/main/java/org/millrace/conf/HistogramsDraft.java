package org.millrace.conf;

/** Settings of the histograms while they are being read. */
final class HistogramsDraft {
    boolean latency;
    String latencyLog = "";
    int latencyLogIntervalMs;
    long latencyLogMaxBytes;
    int slowlogLogSlowerThanUs = HistogramsConfig.SLOWER_THAN_US;
    int slowlogMaxLen = HistogramsConfig.SLOWLOG_MAX_LEN;

    HistogramsConfig build() {
        return new HistogramsConfig(latency, latencyLog, latencyLogIntervalMs, latencyLogMaxBytes,
            slowlogLogSlowerThanUs, slowlogMaxLen);
    }
}
