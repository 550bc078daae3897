package org.millrace.perf.pressure;

import org.millrace.perf.report.JsonObject;

/**
 * One flood of one proxy.
 *
 * @param proxy      its name
 * @param kind       the flood
 * @param requests   requests that left the client
 * @param sentBytes  their bytes
 * @param startBytes resident before
 * @param peakBytes  most resident during it
 * @param endBytes   resident at the end of the watch after the client had left
 * @param backMs     how soon after the leaving memory was back; negative = it was not
 * @param probeMs    longest wait of another client meanwhile
 * @param note       what else is to be said, or nothing
 * @param bound      whether the proxy has promised anything
 * @param kept       whether it kept the promise
 */
record FloodResult(String proxy, FloodKind kind, long requests, long sentBytes, long startBytes, long peakBytes,
    long endBytes, double backMs, double probeMs, String note, boolean bound, boolean kept) {
    long growthBytes() {
        return Math.max(0, peakBytes - startBytes);
    }

    long leftBytes() {
        return endBytes - startBytes;
    }

    JsonObject json() {
        return new JsonObject().put("proxy", proxy).put("flood", kind.name()).put("requests", requests)
            .put("sent_bytes", sentBytes).put("start_bytes", startBytes).put("peak_bytes", peakBytes)
            .put("growth_bytes", growthBytes()).put("left_bytes", leftBytes()).put("back_ms", backMs)
            .put("probe_longest_ms", probeMs).put("note", note).put("bound", bound).put("kept", kept);
    }
}
