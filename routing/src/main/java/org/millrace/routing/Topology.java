package org.millrace.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;

/**
 * Who has which key, in all pools, at one moment. Immutable: every change of the servers makes another topology with a
 * greater version, which the control thread hands to the lanes.
 */
public final class Topology {
    private final long version;
    private final List<PoolTopology> pools;
    private final PoolTopology[] byIndex;

    private Topology(long version, List<PoolTopology> pools) {
        this.version = version;
        this.pools = List.copyOf(pools);
        byIndex = new PoolTopology[pools.stream().mapToInt(PoolTopology::index).max().orElse(-1) + 1];
        pools.forEach(pool -> byIndex[pool.index()] = pool);
    }

    /**
     * Builds the topology of a configuration, all servers live, pools and servers known by their places in the file.
     *
     * @param config  validated configuration; the pools keep its order
     * @param version number of this snapshot, greater than that of the one it replaces
     * @throws IllegalArgumentException as {@link PoolTopology#of} does
     */
    public static Topology of(MillraceConfig config, long version) {
        List<PoolTopology> pools = new ArrayList<>();
        for (PoolConfig pool : config.pools()) {
            pools.add(PoolTopology.of(pools.size(), pool));
        }
        return new Topology(version, pools);
    }

    /** The next snapshot, which differs in nothing that is said here: addresses have changed. */
    public Topology next() {
        return new Topology(version + 1, pools);
    }

    /** The next snapshot, in which one pool is as given and all others as they are. */
    public Topology with(PoolTopology changed) {
        return new Topology(version + 1, pools.stream()
            .map(pool -> pool.index() == changed.index() ? changed : pool).toList());
    }

    /**
     * The next snapshot, of another configuration. A pool is the same if its name is: it keeps its index, and its
     * servers theirs. A new one takes the lowest index that no pool has now and nobody uses.
     *
     * @param inUse indexes of pools that are gone but still have clients
     * @throws IllegalArgumentException as {@link PoolTopology#of} does
     */
    public Topology with(MillraceConfig config, Set<Integer> inUse) {
        List<PoolTopology> next = new ArrayList<>();
        int free = 0;
        for (PoolConfig pool : config.pools()) {
            int known = poolIndexOf(pool.name());
            if (known >= 0) {
                next.add(byIndex[known].with(pool));
            } else {
                while (pool(free) != null || inUse.contains(free)) {
                    free++;
                }
                next.add(PoolTopology.of(free++, pool));
            }
        }
        return new Topology(version + 1, next);
    }

    /** Number of this snapshot; later ones have greater numbers. */
    public long version() {
        return version;
    }

    /** All pools, in the configuration's order. */
    public List<PoolTopology> pools() {
        return pools;
    }

    /** A pool by its index; null if none has it. */
    public PoolTopology pool(int poolIndex) {
        return poolIndex >= 0 && poolIndex < byIndex.length ? byIndex[poolIndex] : null;
    }

    /** One more than the greatest index of a pool. */
    public int poolIndexes() {
        return byIndex.length;
    }

    /** The index of a pool by its name, -1 if there is none. */
    public int poolIndexOf(String name) {
        for (PoolTopology pool : pools) {
            if (pool.name().equals(name)) {
                return pool.index();
            }
        }
        return -1;
    }

    /** Makes a router over a pool for one thread. */
    public Router newRouter(int poolIndex) {
        return pool(poolIndex).newRouter();
    }

    /** Makes a router over a pool for one thread, with a seed for a random distribution. */
    public Router newRouter(int poolIndex, long seed) {
        return pool(poolIndex).newRouter(seed);
    }
}
