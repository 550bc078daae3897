package org.millrace.engine.share;

import java.util.ArrayList;
import java.util.function.LongSupplier;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.ring.StageFaults;
import org.millrace.io.CloseCause;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Transport;

/** What one lane borrows from others and lends to them. Server half's thread, but for the bell. */
public final class Crossings {
    /** Takes borrowers in. */
    @FunctionalInterface
    public interface Lender {
        /** A borrower without a {@link Crossing#guest() guest} has rung. */
        void onBorrower(Crossing crossing);
    }

    private final int lane;
    private final Neighbours neighbours;
    private final Transport transport;
    private final CounterSet<ServerHalfCounter> counters;
    private final StageFaults faults;
    private final Bell bell;
    private final ArrayList<BorrowedConnection> borrowed = new ArrayList<>();
    /** Those that had no memory to receive into. */
    private ArrayList<BorrowedConnection> starved = new ArrayList<>();
    private ArrayList<BorrowedConnection> starvedBefore = new ArrayList<>();
    private Lender lender = crossing -> crossing.endOwner(CloseCause.REFUSED, 0);
    private Runnable onUse = () -> { };

    /** Of a lane that joins its neighbours. */
    public Crossings(int lane, Neighbours neighbours, Transport transport, CounterSet<ServerHalfCounter> counters,
        StageFaults faults) {
        this.lane = lane;
        this.neighbours = neighbours;
        this.transport = transport;
        this.counters = counters;
        this.faults = faults;
        bell = new Bell(transport::wakeUp);
        neighbours.join(lane, this);
    }

    /** Who takes borrowers in, and the version of the snapshot that this lane goes by. Before the first turn. */
    public void lender(Lender taker, LongSupplier version) {
        lender = taker;
        neighbours.tellsVersion(lane, version);
    }

    /** What is run when others want something of this lane. Before the first turn. */
    public void onUse(Runnable action) {
        onUse = action;
    }

    Bell bell() {
        return bell;
    }

    Transport transport() {
        return transport;
    }

    CounterSet<ServerHalfCounter> counters() {
        return counters;
    }

    /**
     * What this lane has of the links of a server.
     *
     * @param perLane most links of one lane
     * @param total   most links of all lanes, 0 = no limit
     */
    public LinkShare share(int perLane, int total, int pool, int server) {
        return LinkShare.of(perLane, total, lane, neighbours.count(), neighbours.isFixed() ? pool + server : 0);
    }

    /** True if no lane goes by an older snapshot any more. */
    public boolean haveTaken(long version) {
        return neighbours.haveTaken(version);
    }

    /** Begins to borrow a link; the outcome is told by a later poll. */
    public BorrowedConnection connect(int owner, Destination destination, ConnectionHandler handler) {
        BorrowedConnection made = new BorrowedConnection(this, neighbours.of(owner), destination, handler);
        borrowed.add(made);
        return made;
    }

    void ended(BorrowedConnection connection) {
        borrowed.remove(connection);
        starved.remove(connection);
    }

    void starved(BorrowedConnection connection) {
        if (!starved.contains(connection)) {
            starved.add(connection);
        }
    }

    /** Called by the owner's side of a crossing whose bell was rung. */
    void onRung(Crossing crossing) {
        if (crossing.guest() == null) {
            lender.onBorrower(crossing);
        } else {
            crossing.guest().onRung();
        }
    }

    /** Does what others have rung for. Once a turn, after I/O. */
    public int poll() {
        Bell.Caller caller = bell.take();
        if (caller == null) {
            return 0;
        }
        onUse.run();
        int work = 0;
        while (caller != null) {
            Bell.Caller next = Bell.next(caller);
            try {
                caller.onRung();
            } catch (RuntimeException e) {
                faults.onFault("borrowed link", e);
            }
            caller = next;
            work++;
        }
        return work;
    }

    /** About once a millisecond: those that had no memory try again. */
    public void onTimer() {
        if (starved.isEmpty()) {
            return;
        }
        ArrayList<BorrowedConnection> all = starved;
        starved = starvedBefore;
        starvedBefore = all;
        for (int i = 0; i < all.size(); i++) {
            all.get(i).retry();
        }
        all.clear();
    }

    /** The thread is about to wait, if {@link #hasWork} is false afterwards. */
    public void arm() {
        bell.arm();
    }

    public boolean hasWork() {
        return bell.isRung();
    }

    /** Links that this lane borrows at the moment. */
    public int borrowedCount() {
        return borrowed.size();
    }

    /** Gives the memory of all crossings back, without events. When no lane has a thread any more. */
    public void close() {
        while (!borrowed.isEmpty()) {
            borrowed.removeLast().free();
        }
    }
}
