package org.millrace.engine.client;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.latency.PoolLatency;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.message.Account;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.topology.Snapshot;
import org.millrace.engine.traffic.PoolTraffic;
import org.millrace.engine.traffic.TrafficRecorder;
import org.millrace.routing.PoolTopology;

/**
 * The pools as the clients of a lane see them, by index. A pool that has left the snapshot is still there for its last
 * clients, until another takes its index. Written by the client half's thread, read by any.
 */
final class ClientPools {
    /** One pool. */
    private record Pool(PoolConfig config, Protocol protocol, CounterSet<PoolCounter> counters, PoolLatency latency,
        PoolTraffic traffic) {
    }

    private static final Pool[] NONE = {};

    private final PoolAccounts poolAccounts;
    private final Recorder recorder;
    private final TrafficRecorder samples;
    private final int bodyThreshold;
    private final Function<PoolConfig, Protocol> protocols;
    private final List<Account> accounts;
    private volatile Pool[] pools = NONE;
    private volatile Snapshot snapshot;

    ClientPools(PoolAccounts poolAccounts, Snapshot snapshot, Function<PoolConfig, Protocol> protocols,
        Recorder recorder, TrafficRecorder samples, int bodyThreshold) {
        this.poolAccounts = poolAccounts;
        this.recorder = recorder;
        this.samples = samples;
        this.bodyThreshold = bodyThreshold;
        this.protocols = protocols;
        accounts = poolAccounts.newLane();
        take(snapshot);
    }

    void take(Snapshot next) {
        int indexes = Math.max(pools.length, next.topology().poolIndexes());
        Pool[] made = Arrays.copyOf(pools, indexes);
        for (PoolTopology pool : next.topology().pools()) {
            Pool before = made[pool.index()];
            boolean same = before != null && before.config.name().equals(pool.name());
            Protocol protocol = protocols.apply(pool.config());
            if (before != null && !same) {
                retire(before);
            }
            made[pool.index()] = new Pool(pool.config(), protocol,
                same ? before.counters : new CounterSet<>(PoolCounter.class),
                same ? before.latency : recorder.pool(pool.name(), protocol.families()),
                same ? before.traffic : samples.pool(pool.name(), protocol::commandName,
                    protocol.requestKeys(bodyThreshold)));
        }
        while (accounts.size() < indexes) {
            accounts.add(new Account(null));
        }
        pools = made;
        snapshot = next;
    }

    private static void retire(Pool gone) {
        gone.traffic.retire();
        if (gone.latency != null) {
            gone.latency.retire();
        }
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** One more than the greatest index there has been. */
    int indexes() {
        return pools.length;
    }

    /** True if no pool has this index, or the one that had it is gone. */
    boolean isGone(int pool) {
        return snapshot.topology().pool(pool) == null;
    }

    /** As the snapshot has it; null if there has been none. */
    PoolConfig config(int pool) {
        return pools[pool] == null ? null : pools[pool].config;
    }

    /** What the clients of a pool speak. */
    Protocol protocol(int pool) {
        return pools[pool].protocol;
    }

    /** Memory held for the clients of a pool on this lane. */
    Account account(int pool) {
        return accounts.get(pool);
    }

    /** Memory held for the clients of a pool on all lanes. */
    long bytes(int pool) {
        return poolAccounts.bytes(pool);
    }

    /** What is recorded of a pool; null if nothing is. */
    PoolLatency latency(int pool) {
        return pools[pool].latency;
    }

    /** What is sampled of a pool. */
    PoolTraffic traffic(int pool) {
        return pools[pool].traffic;
    }

    CounterSet<PoolCounter> counters(int pool) {
        Pool[] all = pools;
        return pool < all.length && all[pool] != null ? all[pool].counters : new CounterSet<>(PoolCounter.class);
    }
}
