package org.millrace.perf.pressure;

import org.millrace.perf.report.JsonObject;

/**
 * One crowd of idle connections to one proxy.
 *
 * @param proxy         its name
 * @param used          whether each connection had served a SET and a GET before
 * @param connections   how many there were
 * @param residentBytes growth of resident memory
 * @param heapBytes     growth of the live heap; 0 where there is none
 * @param leftBytes     growth of resident memory that was left when they had gone
 * @param bound         whether the proxy has promised anything
 * @param maxBytes      what it promised for a connection
 */
record IdleResult(String proxy, boolean used, int connections, long residentBytes, long heapBytes, long leftBytes,
    boolean bound, long maxBytes) {
    /** Resident and live heap; a heap that was touched at the start does not show in resident memory. */
    double bytesEach() {
        return (double) (Math.max(0, residentBytes) + Math.max(0, heapBytes)) / connections;
    }

    boolean isKept() {
        return !bound || bytesEach() <= maxBytes;
    }

    JsonObject json() {
        return new JsonObject().put("proxy", proxy).put("used_before", used).put("connections", connections)
            .put("resident_growth_bytes", residentBytes).put("live_heap_growth_bytes", heapBytes)
            .put("left_bytes", leftBytes).put("bytes_each", bytesEach()).put("bound", bound).put("kept", isKept());
    }
}
