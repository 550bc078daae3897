package org.millrace.perf.pressure;

import java.util.List;

/**
 * What the flood does.
 *
 * @param kinds        the floods, each on a proxy that was just started and warmed
 * @param requests     at most so many requests in a flood
 * @param holdNs       how long a client that has sent all stays, without reading
 * @param endlessNs    how long the endless flood lasts
 * @param backNs       how soon after the client has left the memory must be back
 * @param warmRequests requests of the warm-up
 * @param growthBytes  most growth that is allowed
 * @param backBytes    most that may be left afterwards
 * @param capBytes     a proxy that has grown by so much is not filled further
 */
public record FloodOptions(List<FloodKind> kinds, long requests, long holdNs, long endlessNs, long backNs,
    long warmRequests, long growthBytes, long backBytes, long capBytes) {
    /** Takes a copy of the list. */
    public FloodOptions {
        kinds = List.copyOf(kinds);
    }
}
