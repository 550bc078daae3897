package org.millrace.routing.distribution;

import java.util.List;

/**
 * Any server with equal chance, anew for each key of each request. Weights do not count.
 *
 * <p>The generator is a counter whose value is mixed: one addition and a few multiplications, all values of the period
 * 2^64 passed. The shared instance is only a template; each router has its own counter.
 */
final class RandomDistribution implements Distribution {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private final int[] servers;
    private long state;

    RandomDistribution(List<ServerNode> nodes) {
        this(nodes.stream().mapToInt(ServerNode::index).toArray(), 0);
    }

    private RandomDistribution(int[] servers, long seed) {
        this.servers = servers;
        this.state = seed;
    }

    @Override
    public int serverFor(int hash) {
        state += GOLDEN_GAMMA;
        long mixed = state;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        // Scaling the upper half is free of a division; its bias is below servers / 2^32.
        return servers[(int) ((mixed >>> 32) * servers.length >>> 32)];
    }

    @Override
    public long slotsOf(int server) {
        for (int known : servers) {
            if (known == server) {
                return 1;
            }
        }
        return 0;
    }

    @Override
    public boolean needsHash() {
        return false;
    }

    @Override
    public Distribution forRouter(long seed) {
        return new RandomDistribution(servers, seed);
    }
}
