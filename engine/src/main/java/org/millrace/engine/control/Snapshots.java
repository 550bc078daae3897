package org.millrace.engine.control;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.client.Travels;
import org.millrace.engine.topology.Snapshot;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Topology;

/**
 * The present snapshot of pools and servers, and the way of each next one into the lanes: a lane gets one when it has
 * taken the one before. Control thread, but for what says otherwise.
 */
public final class Snapshots {
    private static final long PENDING_NS = 1_000_000;
    private static final long IDLE_NS = 500_000_000;

    private final ServerNames names;
    private final Map<Integer, Leaving> leaving = new HashMap<>();
    private volatile Snapshot current;
    private List<LaneHandle> lanes = List.of();
    private Snapshot[] handed = {};
    private int changesSeen;

    /** With all servers live, where their names are by now. */
    public Snapshots(Topology topology, ServerNames names) {
        this.names = names;
        current = new Snapshot(topology, names.endpoints());
    }

    /** The present one. Any thread. */
    public Snapshot current() {
        return current;
    }

    /** Who has which key at present. Any thread. */
    public Topology topology() {
        return current.topology();
    }

    /** These lanes have the present snapshot. Before the control thread starts. */
    public void start(List<LaneHandle> all) {
        lanes = all;
        handed = new Snapshot[all.size()];
        Arrays.fill(handed, current);
    }

    /** The next topology, made from the present one. */
    public void change(Topology next) {
        for (PoolTopology pool : topology().pools()) {
            if (next.pool(pool.index()) == null) {
                leaving.put(pool.index(), new Leaving());
            }
        }
        names.use(next, System.nanoTime());
        current = new Snapshot(next, names.endpoints());
        hand();
    }

    /** The topology of another configuration, to come after the present one. */
    public Topology next(MillraceConfig config) {
        return topology().with(config, Set.copyOf(leaving.keySet()));
    }

    /**
     * Looks at what is under way.
     *
     * @return nanoseconds until the next look
     */
    public long look() {
        int changes = names.changes();
        if (changes != changesSeen) {
            changesSeen = changes;
            change(topology().next());
        }
        hand();
        if (isTaken()) {
            askForClients();
            return IDLE_NS;
        }
        return PENDING_NS;
    }

    /** True once all lanes have taken the present snapshot. */
    public boolean isTaken() {
        for (int i = 0; i < handed.length; i++) {
            if (handed[i] != current || !lanes.get(i).lane().hasTaken(current)) {
                return false;
            }
        }
        return true;
    }

    private void hand() {
        for (int i = 0; i < handed.length; i++) {
            LaneHandle lane = lanes.get(i);
            Snapshot next = current;
            if (handed[i] != next && lane.lane().hasTaken(handed[i])
                && lane.commands().offer(() -> lane.lane().take(next))) {
                handed[i] = next;
            }
        }
    }

    /** The index of a pool that has left is free when no lane has a client of it any more. */
    private void askForClients() {
        leaving.entrySet().removeIf(each -> {
            Leaving pool = each.getValue();
            boolean answered = pool.lanesToAsk.get() == 0;
            Travels travels = travels();
            boolean still = travels.underWay(each.getKey()) == 0 && travels.changes(each.getKey()) == pool.changes;
            if (answered && pool.asked && pool.clients.get() == 0 && still) {
                return true;
            }
            if (answered) {
                ask(each.getKey(), pool);
            }
            return false;
        });
    }

    private Travels travels() {
        return lanes.getFirst().lane().client().state().travels();
    }

    private void ask(int index, Leaving pool) {
        pool.asked = true;
        pool.changes = travels().changes(index);
        pool.clients.set(0);
        pool.lanesToAsk.set(lanes.size());
        for (LaneHandle lane : lanes) {
            boolean taken = lane.commands().offer(() -> {
                pool.clients.addAndGet(lane.lane().client().state().life().clientsOf(index));
                pool.lanesToAsk.decrementAndGet();
            });
            if (!taken) {
                pool.clients.incrementAndGet();
                pool.lanesToAsk.decrementAndGet();
            }
        }
    }

    /** A pool that has left: whether its lanes were asked for clients of it, and what they have said so far. */
    private static final class Leaving {
        private final AtomicInteger clients = new AtomicInteger();
        private final AtomicInteger lanesToAsk = new AtomicInteger();
        private boolean asked;
        /** Of its clients that move between lanes, before anybody was asked. */
        private long changes;
    }
}
