package org.millrace.engine.route;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.KeyFinder;
import org.millrace.codec.resp.command.KeyList;
import org.millrace.codec.resp.command.RespErrors;
import org.millrace.codec.resp.command.Treatment;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.link.FailureReplies;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.CloseCause;
import org.millrace.io.Segment;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Router;
import org.millrace.routing.Topology;

/**
 * Gives each request its server. A command whose keys may be split becomes a scatter plan when they live on several
 * servers; any other command whose keys do gets an error rather than a silently wrong answer.
 */
public final class RouteStage extends Stage<RequestSlot> {
    private final ServerHalfState half;
    /** By the index of the pool; none where there is no pool. */
    private Router[] routers = new Router[0];
    private Snapshot snapshot;
    private volatile List<CounterSet<PoolCounter>> poolCounters = List.of();
    private final RequestView view = new RequestView();
    private final KeyList keys = new KeyList();
    private final Scatter scatter;
    private final int bodyThreshold;
    /** Where a key that is a body is joined while it is hashed; null at all other times. */
    private Segment longKey;

    /**
     * The first stage of the server half.
     *
     * @param filter   the stage before
     * @param snapshot pools and servers at first
     */
    public RouteStage(RingBuffer<RequestSlot> ring, Sequence filter, StageFaults faults, ServerHalfState half,
        Snapshot snapshot) {
        super("route", ring, faults, filter);
        this.half = half;
        take(snapshot);
        this.bodyThreshold = half.frameLimits().bodyThreshold();
        this.scatter = new Scatter(half.messages());
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
        Command command = slot.command;
        Router router = routers[slot.pool];
        if (router.isEmpty()) {
            fail(slot, FailureReplies.of(CloseCause.REFUSED));
        } else if (command.isSingleFirstKey() && slot.keyLength >= 0) {
            slot.server = router.route(slot.buffer, slot.offset + slot.keyOffset, slot.keyLength);
        } else {
            routeByKeys(slot, command, router);
        }
        return true;
    }

    private void routeByKeys(RequestSlot slot, Command command, Router router) {
        view.wrap(slot.buffer, slot.offset, slot.length, bodyThreshold);
        int found = KeyFinder.find(command, slot.buffer, view, keys);
        if (found != KeyFinder.OK) {
            fail(slot, command.keyError(found));
            return;
        }
        if (router.isAnyServerGood()) {
            // every server is as good as any other, and one is enough
            slot.server = router.route(slot.buffer, slot.offset, 0);
        } else if (acquireLongKey(slot)) {
            try {
                place(slot, command, router);
            } finally {
                releaseLongKey();
            }
        } else {
            half.counters().increment(ServerHalfCounter.NO_MEMORY);
            fail(slot, FailureReplies.NO_MEMORY);
        }
        keys.shrink();
    }

    private void place(RequestSlot slot, Command command, Router router) {
        slot.server = serverOf(slot, router, 0);
        boolean together = true;
        for (int i = 1; i < keys.size() && together; i++) {
            together = serverOf(slot, router, i) == slot.server;
        }
        if (!together) {
            if (command.treatment() == Treatment.SCATTER) {
                split(slot, router);
            } else {
                fail(slot, RespErrors.CROSSSLOT);
            }
        }
    }

    /** Makes room for the longest key that is a body, if there is one; false if there is no memory. */
    private boolean acquireLongKey(RequestSlot slot) {
        int longest = 0;
        for (int i = 0; i < keys.size(); i++) {
            if (keys.bodyIndex(i) >= 0) {
                longest = Math.max(longest, (int) slot.message.bodyLength(keys.bodyIndex(i)));
            }
        }
        if (longest == 0) {
            return true;
        }
        longKey = half.transport().arena().acquire(longest);
        return longKey != null;
    }

    private void releaseLongKey() {
        if (longKey != null) {
            longKey.release();
            longKey = null;
        }
    }

    private void split(RequestSlot slot, Router router) {
        scatter.begin(slot, keys.size());
        for (int i = 0; i < keys.size(); i++) {
            scatter.assign(i, serverOf(slot, router, i));
        }
        slot.plan = scatter.plan(view);
        if (slot.plan == null) {
            fail(slot, FailureReplies.NO_MEMORY);
        } else {
            poolCounters.get(slot.pool).add(PoolCounter.FRAGMENTS, slot.plan.fragmentCount());
        }
    }

    private int serverOf(RequestSlot slot, Router router, int key) {
        if (keys.bodyIndex(key) < 0) {
            return router.route(slot.buffer, keys.offset(key), (int) keys.length(key));
        }
        int length = (int) slot.message.bodyLength(keys.bodyIndex(key));
        slot.message.copyBody(keys.bodyIndex(key), longKey.buffer(), length);
        return router.route(longKey.buffer(), 0, length);
    }

    private void fail(RequestSlot slot, DirectBuffer error) {
        half.replies().fail(slot.exchangeId, error);
        slot.kind = RequestSlot.ANSWERED;
        if (slot.message != null) {
            half.replies().release(slot.message);
            slot.message = null;
        }
    }

    @Override
    protected void onFault(RequestSlot slot) {
        if (slot.kind == RequestSlot.REQUEST) {
            fail(slot, FailureReplies.FAULT);
        }
    }
}
