package org.millrace.io;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Memory that the arenas of a process have in common. Each has bytes of its own, which nobody else can take; the rest
 * is leased to whoever needs it first, a block at a time, so that an arena comes here once for many segments. What is
 * leased to all of them together is never more than the total.
 *
 * <p>Used by the {@link Allowance} of each arena. Thread safe.
 */
public final class MemoryBudget {
    private final long totalBytes;
    private final AtomicLong ownBytes = new AtomicLong();
    private final AtomicLong available;
    private final AtomicInteger borrowers = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong shortages = new AtomicLong();
    private final AtomicReference<Allowance> first = new AtomicReference<>();

    /** All of it is free. */
    public MemoryBudget(long totalBytes) {
        this.totalBytes = totalBytes;
        available = new AtomicLong(totalBytes);
    }

    /** What all arenas together may take. */
    public long totalBytes() {
        return totalBytes;
    }

    /** What is leased to nobody. */
    public long available() {
        return available.getOpaque();
    }

    /** What is no arena's own. */
    long sharedBytes() {
        return totalBytes - ownBytes.get();
    }

    /** An arena has so many bytes of its own from now on. */
    void join(long bytes) {
        if (lease(bytes, bytes) == 0) {
            throw new IllegalArgumentException(bytes + " bytes for an arena of its own, and " + available() + " of "
                + totalBytes + " are left");
        }
        ownBytes.addAndGet(bytes);
    }

    /** An arena is gone, and gives back what it has. */
    void leave(long own, long bytes) {
        ownBytes.addAndGet(-own);
        giveBack(bytes);
    }

    /**
     * Leases as many bytes as there are.
     *
     * @param least 0 is leased if there are fewer; at least 1
     * @return bytes leased, at most {@code most}
     */
    long lease(long least, long most) {
        long free = available.get();
        while (free >= least) {
            long leased = Math.min(free, most);
            if (available.compareAndSet(free, free - leased)) {
                return leased;
            }
            free = available.get();
        }
        return 0;
    }

    /** What was leased can be leased to others. */
    void giveBack(long bytes) {
        available.addAndGet(bytes);
    }

    /** The system has refused memory: nothing more is leased but what comes back. */
    void refused() {
        available.set(0);
    }

    /** An arena begins to hold more than its own, or holds no more any longer. */
    void borrows(boolean more) {
        borrowers.addAndGet(more ? 1 : -1);
    }

    /** What an arena can still get if all that hold more than their own go on alike. */
    long fairPart(boolean borrows) {
        return available() / Math.max(1, borrowers.getOpaque() + (borrows ? 0 : 1));
    }

    /** Whoever holds more than he uses shall give it back soon. */
    void request() {
        requests.getAndIncrement();
    }

    /** How often somebody has asked for more, whether he needed it at once or will soon. */
    long requests() {
        return requests.getOpaque();
    }

    /** Somebody did not get what he cannot go on without. */
    void fellShort() {
        shortages.getAndIncrement();
        request();
    }

    long shortages() {
        return shortages.getOpaque();
    }

    /** True if this arena may gather leases for a large need while others may not: one at a time, or none would end. */
    boolean isFirst(Allowance arena) {
        return first.getOpaque() == arena || first.compareAndSet(null, arena);
    }

    void leaveFirst(Allowance arena) {
        if (first.getOpaque() == arena) {
            first.set(null);
        }
    }
}
