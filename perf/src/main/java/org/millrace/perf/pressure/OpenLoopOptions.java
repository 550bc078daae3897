package org.millrace.perf.pressure;

import java.net.InetSocketAddress;

/**
 * A load at a rate that does not depend on how fast answers come.
 *
 * @param target        proxy or server
 * @param connections   connections
 * @param ratePerSecond requests over all connections
 * @param inFlight      most requests on the way on one connection; what is due beyond them waits in the client
 * @param warmupNs      time that is not measured
 * @param durationNs    time that is measured
 * @param seed          for requests and phases
 * @param byArrival     measure what arrives in the measured time, as one who counts answers does; else what was to be
 *                      sent in it, however late it is answered
 */
record OpenLoopOptions(InetSocketAddress target, int connections, double ratePerSecond, int inFlight, long warmupNs,
    long durationNs, long seed, boolean byArrival) {
}
