package org.millrace.engine.route;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.CloseCause;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Router;
import org.millrace.routing.Topology;

/** Gives each request its server: that of its first key, or what the routes of its pool find, a plan for several. */
public final class RouteStage extends Stage<RequestSlot> {
    private final ServerHalfState half;
    /** By the index of the pool; none where there is no pool. */
    private Router[] routers = new Router[0];
    private final RequestRoutes[] routes;
    private Snapshot snapshot;
    private volatile List<CounterSet<PoolCounter>> poolCounters = List.of();

    /**
     * The first stage of the server half.
     *
     * @param filter   the stage before
     * @param snapshot pools and servers at first
     * @param routes   by the number of the protocol
     */
    public RouteStage(RingBuffer<RequestSlot> ring, Sequence filter, StageFaults faults, ServerHalfState half,
        Snapshot snapshot, RequestRoutes[] routes) {
        super("route", ring, faults, filter);
        this.half = half;
        this.routes = routes;
        take(snapshot);
    }

    /** Requests from here on are routed by this snapshot. Pools that are in it as before keep their routers. */
    private void take(Snapshot next) {
        Topology topology = next.topology();
        Router[] made = new Router[topology.poolIndexes()];
        List<CounterSet<PoolCounter>> counters = new ArrayList<>();
        for (int pool = 0; pool < made.length; pool++) {
            PoolTopology now = topology.pool(pool);
            PoolTopology before = snapshot == null ? null : snapshot.topology().pool(pool);
            made[pool] = now == null ? null : now == before ? routers[pool] : now.newRouter();
            boolean same = now != null && before != null && now.name().equals(before.name());
            counters.add(same ? poolCounters.get(pool) : new CounterSet<>(PoolCounter.class));
        }
        routers = made;
        snapshot = next;
        poolCounters = List.copyOf(counters);
    }

    /** What the server half counts for a pool: the fragments. Any thread may read it. */
    public CounterSet<PoolCounter> poolCounters(int pool) {
        List<CounterSet<PoolCounter>> counters = poolCounters;
        return pool < counters.size() ? counters.get(pool) : new CounterSet<>(PoolCounter.class);
    }

    @Override
    protected boolean onSlot(RequestSlot slot, long slotSequence) {
        if (slot.kind != RequestSlot.REQUEST) {
            if (slot.kind == RequestSlot.TOPOLOGY) {
                take(slot.snapshot);
            }
            return true;
        }
        if (!half.replies().hasRoom(1)) {
            return false;
        }
        Router router = routers[slot.pool];
        if (router.isEmpty()) {
            half.refuse(slot, half.protocol(slot.protocol).failures().of(CloseCause.REFUSED));
        } else if (slot.plain) {
            slot.server = router.route(slot.buffer, slot.offset + slot.keyOffset, slot.keyLength);
        } else {
            routes[slot.protocol].route(slot, router);
            if (slot.plan != null) {
                poolCounters.get(slot.pool).add(PoolCounter.FRAGMENTS, slot.plan.fragmentCount());
            }
        }
        return true;
    }

    @Override
    protected void onFault(RequestSlot slot) {
        if (slot.kind == RequestSlot.REQUEST) {
            half.refuse(slot, half.protocol(slot.protocol).failures().fault());
        }
    }
}
