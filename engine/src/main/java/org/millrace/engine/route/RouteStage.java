package org.millrace.engine.route;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import java.util.List;
import java.util.stream.Stream;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;
import org.millrace.routing.Router;

/** Gives each request its server: that of its first key, or what the routes of its pool find, a plan for several. */
public final class RouteStage extends Stage<RequestSlot> {
    private final ServerHalfState half;
    private final Router[] routers;
    private final RequestRoutes[] routes;
    private final List<CounterSet<PoolCounter>> poolCounters;

    /**
     * The first stage of the server half.
     *
     * @param filter  the stage before
     * @param routers of each pool, this thread's own
     * @param routes  by pool
     */
    public RouteStage(RingBuffer<RequestSlot> ring, Sequence filter, StageFaults faults, ServerHalfState half,
        Router[] routers, RequestRoutes[] routes) {
        super("route", ring, faults, filter);
        this.half = half;
        this.routers = routers;
        this.routes = routes;
        poolCounters = Stream.of(routers).map(pool -> new CounterSet<>(PoolCounter.class)).toList();
    }

    /** What the server half counts for a pool: the fragments. Any thread may read it. */
    public CounterSet<PoolCounter> poolCounters(int pool) {
        return poolCounters.get(pool);
    }

    @Override
    protected boolean onSlot(RequestSlot slot, long slotSequence) {
        if (slot.kind != RequestSlot.REQUEST) {
            return true;
        }
        if (!half.replies().hasRoom(1)) {
            return false;
        }
        Router router = routers[slot.pool];
        if (slot.plain) {
            slot.server = router.route(slot.buffer, slot.offset + slot.keyOffset, slot.keyLength);
        } else {
            routes[slot.pool].route(slot, router);
            if (slot.plan != null) {
                poolCounters.get(slot.pool).add(PoolCounter.FRAGMENTS, slot.plan.fragmentCount());
            }
        }
        return true;
    }

    @Override
    protected void onFault(RequestSlot slot) {
        half.refuse(slot, half.protocol(slot.pool).failures().fault());
    }
}
