package org.millrace.engine.control;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.engine.client.Traveller;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.lane.Arrival;
import org.millrace.engine.lane.Lane;
import org.millrace.engine.lane.LaneCommands;
import org.millrace.engine.lane.LaneThread;
import org.millrace.engine.spread.LaneReading;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;

/** A running lane as the control side sees it: its queue, its threads, its memory. */
public final class LaneHandle implements LaneReading {
    private static final long STALL_NS = 1_000_000_000L;

    private final Lane lane;
    private final LaneCommands commands;
    private final List<LaneThread> threads;
    private final List<Transport> transports;
    private final long[] lastTurns;
    private final long[] lastChangeNs;
    private final boolean[] stalled;
    private volatile boolean hangs;
    /** Clients handed over to this lane whom it does not count yet. */
    private final AtomicInteger coming = new AtomicInteger();

    public LaneHandle(Lane lane, LaneCommands commands, List<LaneThread> threads, List<Transport> transports) {
        this.lane = lane;
        this.commands = commands;
        this.threads = threads;
        this.transports = transports;
        lastTurns = new long[threads.size()];
        lastChangeNs = new long[threads.size()];
        stalled = new boolean[threads.size()];
    }

    public Lane lane() {
        return lane;
    }

    public LaneCommands commands() {
        return commands;
    }

    /** Client half's first. */
    public List<Transport> transports() {
        return transports;
    }

    public List<LaneThread> threads() {
        return threads;
    }

    /** A client is on its way to this lane. Whoever hands it over. */
    public void comes() {
        coming.incrementAndGet();
    }

    /** It has arrived, or is lost. Any thread. */
    public void arrived() {
        coming.decrementAndGet();
    }

    /** Takes over a client of another lane. That lane's thread. */
    public boolean take(Traveller traveller) {
        comes();
        boolean offered = commands.offer(new Arrival(traveller.socket(), () -> {
            lane.use();
            try {
                lane.client().state().life().moves().arrive(traveller);
            } finally {
                arrived();
            }
        }));
        if (!offered) {
            arrived();
        }
        return offered;
    }

    @Override
    public int clientCount() {
        return (int) count(ClientHalfCounter.CLIENTS) + coming.get();
    }

    @Override
    public long requestCount() {
        return count(ClientHalfCounter.REQUESTS);
    }

    @Override
    public int threadCount() {
        return threads.size();
    }

    @Override
    public long busyNs(int thread) {
        return threads.get(thread).busyNs();
    }

    /** A counter of its client half. Any thread. */
    long count(ClientHalfCounter counter) {
        return lane.client().state().counters().get(counter);
    }

    /** Off-heap bytes in use. */
    public long bytesInUse() {
        return transports.stream().map(Transport::arena).mapToLong(SegmentArena::bytesInUse).sum();
    }

    /** Off-heap bytes taken from the system. */
    public long bytesReserved() {
        return transports.stream().map(Transport::arena).mapToLong(SegmentArena::bytesReserved).sum();
    }

    /**
     * Looks whether the lane's threads turn, and reports one that does not, once, with its stack.
     *
     * @return true if all turn
     */
    boolean watch(long nowNs, EventLog log) {
        boolean turning = true;
        for (int i = 0; i < threads.size(); i++) {
            LaneThread thread = threads.get(i);
            long turns = thread.turns();
            if (turns != lastTurns[i] || lastChangeNs[i] == 0 || lane != null && lane.isResting()) {
                lastTurns[i] = turns;
                lastChangeNs[i] = nowNs;
                if (stalled[i]) {
                    stalled[i] = false;
                    log.info(thread.thread().getName() + " turns again");
                }
            } else if (nowNs - lastChangeNs[i] > STALL_NS) {
                turning = false;
                if (!stalled[i]) {
                    stalled[i] = true;
                    RuntimeException stack = new IllegalStateException("stack of " + thread.thread().getName());
                    stack.setStackTrace(thread.thread().getStackTrace());
                    log.error(thread.thread().getName() + " has not turned for a second", stack);
                }
            }
        }
        hangs = !turning;
        return turning;
    }

    /** True if it did not turn when that was looked at last. Any thread. */
    boolean isStalled() {
        return hangs;
    }
}
