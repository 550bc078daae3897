package org.millrace.engine.control.admin;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.ClientRoll;
import org.millrace.engine.client.ClientRow;
import org.millrace.engine.control.LaneHandle;

/** One way through the clients of a pool on all lanes, each lane a part in each of its turns. */
final class ClientWalk {
    /** Looked at by one command of a lane, which runs some dozens of those in a turn. */
    private static final int PART = 16;

    /** Sees clients. */
    @FunctionalInterface
    interface Visitor {
        /** Shown a client by its lane, on that lane's thread; true closes it. Lanes may call at the same time. */
        boolean visit(ClientRow row, ClientHalfState half);
    }

    private final List<LaneHandle> lanes;
    private final int pool;
    private final Visitor visitor;
    private final Consumer<Boolean> done;
    private final AtomicInteger left;
    private final AtomicBoolean failed = new AtomicBoolean();

    private ClientWalk(List<LaneHandle> lanes, int pool, Visitor visitor, Consumer<Boolean> done) {
        this.lanes = lanes;
        this.pool = pool;
        this.visitor = visitor;
        this.done = done;
        left = new AtomicInteger(lanes.size());
    }

    /**
     * Begins to go.
     *
     * @param done called once, by the last lane: false if one had too much to do, and its clients were not all seen
     */
    static void begin(List<LaneHandle> lanes, int pool, Visitor visitor, Consumer<Boolean> done) {
        ClientWalk walk = new ClientWalk(lanes, pool, visitor, done);
        walk.lanes.forEach(lane -> walk.step(lane, Integer.MAX_VALUE));
    }

    private void step(LaneHandle lane, int from) {
        boolean taken = lane.commands().offer(() -> {
            ClientHalfState half = lane.lane().client().state();
            int next = new ClientRoll(half).visit(from, PART, pool, row -> visitor.visit(row, half));
            if (next == 0) {
                end();
            } else {
                step(lane, next);
            }
        });
        if (!taken) {
            failed.set(true);
            end();
        }
    }

    private void end() {
        if (left.decrementAndGet() == 0) {
            done.accept(!failed.get());
        }
    }
}
