package org.millrace.routing.distribution;

import java.util.List;

/**
 * Hash modulo the sum of weights: each server, in ring order, holds as many slots in a row as its weight.
 *
 * <p>The slots are not laid out. Only where each server's run ends is kept and searched, which takes four steps for
 * sixteen servers, so the size follows from the number of servers and not from weights, which go up to 2^31 - 1.
 */
final class ModulaDistribution implements Distribution {
    private static final long SLOTS_MAX = 0xffff_ffffL;

    /** Slot after the last one of each server, unsigned, in ring order. */
    private final int[] ends;
    private final int[] servers;
    private final int slots;

    ModulaDistribution(List<ServerNode> nodes) {
        long total = ServerNode.totalWeight(nodes);
        if (total < 1 || total > SLOTS_MAX) {
            throw new IllegalArgumentException("the weights add up to " + total + ", allowed are 1.." + SLOTS_MAX);
        }
        ends = new int[nodes.size()];
        servers = new int[nodes.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += nodes.get(i).weight();
            ends[i] = end;
            servers[i] = nodes.get(i).index();
        }
        slots = end;
    }

    @Override
    public int serverFor(int hash) {
        int slot = Integer.remainderUnsigned(hash, slots);
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(slot, ends[middle]) < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return servers[low];
    }

    @Override
    public long slotsOf(int server) {
        int start = 0;
        for (int i = 0; i < ends.length; i++) {
            if (servers[i] == server) {
                return Integer.toUnsignedLong(ends[i] - start);
            }
            start = ends[i];
        }
        return 0;
    }
}
