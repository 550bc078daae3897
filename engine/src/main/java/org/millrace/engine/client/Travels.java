package org.millrace.engine.client;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Clients between two lanes, by pool, so that a sum over all lanes counts each once: while one is on its way no lane
 * counts it. Any thread.
 */
public final class Travels {
    /** Sums that are begun anew because a client has left or arrived meanwhile; then one may be a client off. */
    static final int TRIES = 1000;
    /** So many of them follow at once; then the lane has lost its processor, and gets time to have it back. */
    private static final int SPINS = 100;
    private static final long PAUSE_NS = 50_000;

    private final ConcurrentHashMap<Integer, Pool> pools = new ConcurrentHashMap<>();

    /** A client leaves its lane: the action takes it from the lane's counters. */
    void leave(int pool, Runnable uncount) {
        Pool travels = of(pool);
        travels.begun.incrementAndGet();
        travels.underWay.incrementAndGet();
        uncount.run();
        travels.ended.incrementAndGet();
    }

    /** It has arrived, or is lost: the action counts it. */
    void arrive(int pool, Runnable count) {
        Pool travels = of(pool);
        travels.begun.incrementAndGet();
        count.run();
        travels.underWay.decrementAndGet();
        travels.ended.incrementAndGet();
    }

    /** How many times clients of a pool have left or arrived; it grows at the beginning of each. */
    public long changes(int pool) {
        return of(pool).begun.get();
    }

    /** Clients of a pool that no lane counts at the moment. */
    public long underWay(int pool) {
        return of(pool).underWay.get();
    }

    /** What all lanes count, and those on their way. */
    public long sum(int pool, LongSupplier ofLanes) {
        Pool travels = of(pool);
        long sum = 0;
        for (int i = 0; i < TRIES; i++) {
            long begun = travels.begun.get();
            boolean still = travels.ended.get() == begun;
            sum = travels.underWay.get() + ofLanes.getAsLong();
            if (still && travels.begun.get() == begun) {
                break;
            }
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
        return sum;
    }

    private Pool of(int pool) {
        return pools.computeIfAbsent(pool, index -> new Pool());
    }

    /** Of one pool. */
    private static final class Pool {
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();
        private final AtomicLong underWay = new AtomicLong();
    }
}
