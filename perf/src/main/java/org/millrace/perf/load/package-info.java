/**
 * The load generator: open loop at a fixed rate, where latency counts from the moment a request was meant to leave, or
 * closed loop as fast as answers come; every reply is verified against the key it belongs to. One thread owns its
 * connections, their requests in flight and its histograms; the reporter reads intervals without stopping it.
 */
package org.millrace.perf.load;
