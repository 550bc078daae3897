package org.millrace.perf.pressure;

/**
 * What the idle clients do.
 *
 * @param connections  how many there are
 * @param warmRequests requests of the warm-up
 * @param settleNs     time for the proxy to come to rest before each look
 * @param maxBytes     most that a connection may cost, off-heap and heap together
 */
public record IdleOptions(int connections, long warmRequests, long settleNs, long maxBytes) {
}
