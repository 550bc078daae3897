package org.millrace.engine.lane;

import org.millrace.io.SegmentArena;

/**
 * Gives memory that a burst has left behind back to the system. What was in use at most in the last seconds is kept,
 * and some more, so that a load that comes and goes does not pay for its memory each time. A little at a time, because
 * the system takes a while for it. When another arena asks for memory, only what was in use in the last moments is
 * kept. Belongs to the arena's thread.
 */
final class IdleMemory {
    /** Kept in any case. */
    static final long SLACK_BYTES = 4 << 20;
    /** How long a peak is remembered: so many looks. */
    static final int PEAKS = 4;
    static final long LOOK_NS = 1_000_000_000L;
    /** How often it is looked whether others have asked. */
    static final long ASKED_NS = 50_000_000L;
    /** While there is more to give back. */
    static final long NEXT_NS = 5_000_000L;
    private static final long PORTION_BYTES = 8 << 20;
    /** Others wait for it. */
    private static final long ASKED_PORTION_BYTES = 32 << 20;

    private final SegmentArena arena;
    private final long[] peaks = new long[PEAKS];
    private int place;
    private long peak;
    private boolean started;
    private long lookNs;
    /** There may be more to give back than the last look did. */
    private boolean more;
    private long moreNs;
    private long askedNs;
    private long requests;
    /** Most in use since the last look whether others have asked. */
    private long recent;

    IdleMemory(SegmentArena arena) {
        this.arena = arena;
    }

    /** Once a turn. */
    void look(long nowNs) {
        peak = Math.max(peak, arena.bytesInUse());
        recent = Math.max(recent, arena.bytesInUse());
        if (!started) {
            started = true;
            lookNs = nowNs + LOOK_NS;
            askedNs = nowNs + ASKED_NS;
        } else if (nowNs - lookNs >= 0) {
            lookNs = nowNs + LOOK_NS;
            peaks[place] = peak;
            place = (place + 1) % PEAKS;
            peak = arena.bytesInUse();
            giveBack(nowNs);
        } else if (more && nowNs - moreNs >= 0) {
            giveBack(nowNs);
        }
        if (nowNs - askedNs >= 0) {
            giveToOthers(nowNs);
        }
    }

    private void giveToOthers(long nowNs) {
        askedNs = nowNs + ASKED_NS;
        long now = arena.allowance().requestsOfOthers();
        if (now != requests && arena.allowance().borrowedBytes() > 0
            && arena.trimBlocks(recent, ASKED_PORTION_BYTES) >= ASKED_PORTION_BYTES) {
            askedNs = nowNs + NEXT_NS;
            return;
        }
        requests = now;
        recent = arena.bytesInUse();
    }

    private void giveBack(long nowNs) {
        long highest = peak;
        for (long earlier : peaks) {
            highest = Math.max(highest, earlier);
        }
        long kept = highest + highest / 4 + SLACK_BYTES;
        arena.allowance().giveBack();
        more = arena.bytesReserved() > kept && arena.trim(kept, PORTION_BYTES) >= PORTION_BYTES;
        moreNs = nowNs + NEXT_NS;
    }
}
