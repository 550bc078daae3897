package org.millrace.routing;

import java.util.List;
import org.millrace.conf.MillraceConfig;

/**
 * Who has which key, in all pools, at one moment. Immutable: every change of the servers makes another topology with a
 * greater version, which the control thread hands to the lanes.
 */
public final class Topology {
    private final long version;
    private final List<PoolTopology> pools;

    private Topology(long version, List<PoolTopology> pools) {
        this.version = version;
        this.pools = pools;
    }

    /**
     * Builds the topology of a configuration.
     *
     * @param config  validated configuration; the pools keep its order
     * @param version number of this snapshot, greater than that of the one it replaces
     * @throws IllegalArgumentException as {@link PoolTopology#of} does
     */
    public static Topology of(MillraceConfig config, long version) {
        return new Topology(version, config.pools().stream().map(PoolTopology::of).toList());
    }

    /** Number of this snapshot; later ones have greater numbers. */
    public long version() {
        return version;
    }

    /** All pools, in the configuration's order. */
    public List<PoolTopology> pools() {
        return pools;
    }

    /** A pool by its index. */
    public PoolTopology pool(int poolIndex) {
        return pools.get(poolIndex);
    }

    /** The index of a pool by its name, -1 if there is none. */
    public int poolIndexOf(String name) {
        for (int i = 0; i < pools.size(); i++) {
            if (pools.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Makes a router over a pool for one thread. */
    public Router newRouter(int poolIndex) {
        return pools.get(poolIndex).newRouter();
    }

    /** Makes a router over a pool for one thread, with a seed for a random distribution. */
    public Router newRouter(int poolIndex, long seed) {
        return pools.get(poolIndex).newRouter(seed);
    }
}
