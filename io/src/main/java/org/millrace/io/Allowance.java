package org.millrace.io;

import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;

/**
 * What one arena has taken from the system, and what it may take: its own bytes, and what it leases of a
 * {@link MemoryBudget} beyond them. The usual acquire compares two fields of its own; the budget is asked when they no
 * longer suffice, for a block or more.
 *
 * <p>Of all that the arena holds a part is kept for replies ({@link SegmentArena#acquireReserved}). Whoever needs more
 * for anything else must lease so much that this part grows with it: so requests can never use up what replies need,
 * whatever other arenas take.
 *
 * <p>One thread uses it; the figures may be read by any.
 */
public final class Allowance {
    private final MemoryBudget budget;
    private final int chunkBytes;
    private final double reservePart;
    private volatile long own;
    private boolean borrows;
    /** Own bytes and leased ones. */
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong inUse = new AtomicLong();
    /** Of what is held: all but the reserve. */
    private long plainHeld;
    /** What is needed for the bytes that somebody was told he can have, and does not have yet. */
    private long promised;
    /** What is gathered for somebody who waits for more than there is. */
    private long gathered;
    private long requests;

    Allowance(ArenaConfig config, MemoryBudget budget) {
        this.budget = budget;
        chunkBytes = config.blockBytes();
        reservePart = (double) config.reserveBytes() / config.maxBytes();
        own = config.maxBytes();
        budget.join(own);
        hold(own);
    }

    /** What the arena could hold now: what it does, and its part of what is leased to nobody. Any thread. */
    public long maxBytes() {
        long now = held.getOpaque();
        return now + budget.fairPart(now > own);
    }

    /** What of that is not kept for replies. Any thread. */
    public long plainBytes() {
        return plain(maxBytes());
    }

    /** What it holds beyond its own. Any thread. */
    public long borrowedBytes() {
        return held.getOpaque() - own;
    }

    /** What it shares with other arenas. */
    public MemoryBudget budget() {
        return budget;
    }

    /** Bytes of the segments that are out. Any thread. */
    long inUse() {
        return inUse.getOpaque();
    }

    /** Bytes taken from the system. Any thread. */
    long reserved() {
        return reserved.getOpaque();
    }

    void used(long change) {
        inUse.setOpaque(inUse.getPlain() + change);
    }

    void taken(long change) {
        reserved.setOpaque(reserved.getPlain() + change);
    }

    /** True if a segment of so many bytes may be had without the reserve. */
    boolean hasPlain(int bytes) {
        return inUse.getPlain() + bytes + promised <= plainHeld || leasePlain(inUse.getPlain() + bytes);
    }

    private boolean leasePlain(long needed) {
        // what is promised is backed as far as may be, but keeps nobody from what the arena holds
        long least = Math.max(1, heldFor(needed) - held.getPlain());
        lease(least, BitUtil.align(heldFor(needed + promised) - held.getPlain(), chunkBytes));
        if (needed > plainHeld) {
            budget.fellShort();
            requests++;
            return false;
        }
        return true;
    }

    /** How many bytes, at most so many, may be taken from the system. */
    long room(long bytes) {
        long missing = reserved.getPlain() + bytes - held.getPlain();
        if (missing > 0) {
            lease(1, missing);
        }
        return Math.min(bytes, held.getPlain() - reserved.getPlain());
    }

    /** True if exactly so many bytes may be taken from the system. */
    boolean hasRoom(long bytes) {
        long missing = reserved.getPlain() + bytes - held.getPlain();
        return missing <= 0 || lease(missing, missing);
    }

    /** There is not enough room for a segment. */
    void fellShort() {
        budget.fellShort();
        requests++;
        giveBack();
    }

    /** Gives back what is leased and needed for nothing. */
    public void giveBack() {
        long needed = Math.max(reserved.getPlain(), Math.max(gathered, heldFor(inUse.getPlain() + promised)));
        long bytes = held.getPlain() - Math.max(own, needed);
        if (bytes > 0) {
            hold(held.getPlain() - bytes);
            budget.giveBack(bytes);
        }
    }

    /** The system, or the JVM, has no more: so what is taken is the limit from now on. */
    void refused() {
        budget.refused();
        if (reserved.getPlain() > 0) {
            own = Math.min(own, reserved.getPlain());
            hold(reserved.getPlain());
        }
    }

    /** Sets the number of own bytes, of an arena that shares nothing. */
    void own(long bytes) {
        long borrowed = borrowedBytes();
        own = bytes;
        hold(bytes + borrowed);
    }

    /** Nothing more may be taken; all that is not is given back. */
    void close() {
        forgo();
        budget.leave(own, held.getPlain() - reserved.getPlain());
        promised = 0;
        own = 0;
        hold(0);
    }

    /**
     * Promises bytes that will be acquired soon, all of them beside what is in use and together with those of earlier
     * promises. They are leased, and a third more as segments are larger than what is in them; so no other arena can
     * promise or take them.
     *
     * @return false if there are not so many; then no more is promised than before
     */
    public boolean promise(long bytes) {
        long missing = heldFor(inUse.getPlain() + withMargin(bytes)) - held.getPlain();
        if (missing > 0 && !lease(missing, missing)) {
            request();
            return false;
        }
        forgo();
        promised(bytes);
        return true;
    }

    /**
     * As {@link #promise}, for somebody whom this arena serves before all others: it is enough if what he needs would
     * fit in what the arena holds without anything else, as that comes free. Until it does the arena gathers what comes
     * back from others; only one does at a time, which so cannot be overtaken.
     *
     * @param needed bytes that he alone needs, which may have been promised before
     */
    public boolean promiseFirst(long bytes, long needed) {
        if (promise(bytes)) {
            return true;
        }
        // what could not be had of all that is shared is tried with what there is
        long enough = Math.min(heldFor(withMargin(needed)), own + budget.sharedBytes());
        if (held.getPlain() < enough && budget.isFirst(this)) {
            gathered = enough;
            lease(1, enough - held.getPlain());
        }
        if (held.getPlain() < enough) {
            budget.fellShort();
            requests++;
            return false;
        }
        forgo();
        promised(bytes);
        return true;
    }

    /** Of what is promised so much is left, as it was acquired or is not needed. */
    public void promised(long bytes) {
        promised = withMargin(bytes);
    }

    /** Nobody waits for more than there is. */
    public void forgo() {
        if (gathered > 0) {
            gathered = 0;
            budget.leaveFirst(this);
        }
    }

    /** Asks other arenas to give back what they do not use: more may be needed soon. */
    public void request() {
        budget.request();
        requests++;
    }

    /** Changes when another arena has asked for more. */
    public long requestsOfOthers() {
        return budget.requests() - requests;
    }

    /** Changes while some arena needs more than there is. Any thread. */
    public long shortages() {
        return budget.shortages();
    }

    private boolean lease(long least, long most) {
        long bytes = budget.lease(least, Math.max(least, most));
        if (bytes > 0) {
            hold(held.getPlain() + bytes);
        }
        return bytes > 0;
    }

    private void hold(long bytes) {
        held.setOpaque(bytes);
        plainHeld = plain(bytes);
        if (borrows != bytes > own) {
            borrows = !borrows;
            budget.borrows(borrows);
        }
    }

    private long plain(long bytes) {
        return bytes - (long) (bytes * reservePart);
    }

    private static long withMargin(long bytes) {
        return bytes + bytes / 3;
    }

    /** What must be held for so many bytes beside the reserve. */
    private long heldFor(long plainBytes) {
        return (long) Math.ceil(plainBytes / (1 - reservePart));
    }
}
