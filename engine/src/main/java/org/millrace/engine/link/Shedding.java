package org.millrace.engine.link;

import java.util.List;
import org.millrace.io.SegmentArena;

/**
 * Keeps servers that hang from holding the memory that requests to others need. When memory is short, requests are
 * refused that wait for a server which has neither taken nor sent a byte for a while: of the server that has stood
 * still longest first, and of each those that have waited longest, until half of the memory is free again. While there
 * is memory they wait for their timeout; and what waits for a server that is only slow is never refused here.
 *
 * <p>Looks about once a millisecond. Server half's thread.
 */
final class Shedding {
    /** A server that does nothing for so long is taken to hang; well below what clients are closed for. */
    static final long STALL_NS = 200_000_000;
    /** Eighths of the memory that are in use when it is short, and below which it is no longer. */
    private static final int HIGH = 6;
    private static final int LOW = 4;

    private final ServerHalfState half;
    private final SegmentArena arena;
    /** Of the client half; the same one if both share it. */
    private SegmentArena other;
    private long shortages;
    private long lookedNs;

    Shedding(ServerHalfState half) {
        this.half = half;
        arena = half.transport().arena();
        other = arena;
    }

    /** Watches the client half's arena as well, by its gauges. */
    void alsoWatch(SegmentArena clientArena) {
        other = clientArena;
    }

    /** Refuses what must be refused; what finds no room in the reply ring is left for the next look. */
    void look(List<Link> links, long nowNs) {
        long missing = missing(nowNs);
        while (missing > 0) {
            Link link = stalledLongest(links, nowNs);
            if (link == null) {
                return;
            }
            while (missing > 0 && link.parkedCount() > 0) {
                if (!half.replies().hasRoom(LinkQueue.SLOTS)) {
                    return;
                }
                missing -= link.queue().shed();
            }
        }
    }

    private static Link stalledLongest(List<Link> links, long nowNs) {
        Link found = null;
        long longestNs = STALL_NS - 1;
        for (int i = 0; i < links.size(); i++) {
            long stalledNs = links.get(i).stalledNs(nowNs);
            if (stalledNs > longestNs) {
                longestNs = stalledNs;
                found = links.get(i);
            }
        }
        return found;
    }

    /** Bytes that must become free. */
    private long missing(long nowNs) {
        long seen = arena.exhausted() + other.exhausted() + arena.allowance().shortages();
        // somebody has just asked in vain, however much is free
        boolean asked = seen != shortages && nowNs - lookedNs < STALL_NS;
        long least = asked ? arena.plainBytes() / 8 : 0;
        shortages = seen;
        lookedNs = nowNs;
        return Math.max(least, Math.max(missing(arena), missing(other)));
    }

    private static long missing(SegmentArena arena) {
        long eighth = arena.plainBytes() / 8 + 1;
        long used = arena.bytesInUse();
        return used < HIGH * eighth ? 0 : used - LOW * eighth;
    }
}
