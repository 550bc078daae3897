package org.millrace.engine.client;

import java.util.List;
import org.millrace.io.SegmentArena;

/**
 * Ends a shortage of memory that does not end by itself. When the arena is used up by requests that are half received,
 * wait to be framed or have replies that nobody reads, nothing can be received that would free any of it, not even that
 * a client has gone. After a while the client is closed that holds most of those that have neither sent nor taken a
 * byte meanwhile; what is on its way to a server does not count, as closing would not free it. If there is none and the
 * lane gets nowhere at all, the one that holds most; and the next one soon after, until the shortage is over. A lane
 * that has borrowed what others are short of does the same for them, as they cannot; but those who are about to finish
 * are left to {@code gather_timeout}. Client half's thread.
 */
final class MemoryWatch {
    /** The lane may stand still for so long; a slow sender among others that wait is not at fault. */
    private static final long STANDSTILL_NS = 500_000_000;
    /** After a client was closed the others have so long to get on. */
    private static final long NEXT_NS = 50_000_000;
    /** Who starves asks for memory with each poll, and polls are frequent meanwhile: one that is older is over. */
    private static final long RECENT_NS = 250_000_000;

    /** One that holds less is innocent, however long it has been idle. */
    private static final long LEAST_BYTES = 16 << 10;

    private final SegmentArena arena;
    /** Of the server half; the same one if both halves share it. */
    private SegmentArena other;
    private long exhausted;
    private long shortages;
    /** The last time that memory was short here or elsewhere, and here. */
    private long shortNs;
    private long exhaustedNs;
    private boolean isShort;
    private long idleDueNs;
    private long progress;
    private long dueNs;

    MemoryWatch(SegmentArena arena) {
        this.arena = arena;
        this.other = arena;
    }

    /** Watches the server half's arena as well, by its gauge. */
    void alsoWatch(SegmentArena serverArena) {
        other = serverArena;
    }

    /** True while memory is short by the last look: who does not look again soon would take it for over. */
    boolean isShort() {
        return isShort;
    }

    /**
     * Looks at the lane, about once a millisecond while memory is short.
     *
     * @param starved is not closed, as it is what others are closed for; may be null
     * @param lane    a value that changes when a request is framed or answered
     * @return the client to be closed, or null
     */
    Client victim(List<Client> clients, Client starved, long lane, long nowNs) {
        long seen = arena.exhausted() + other.exhausted();
        long ofAll = arena.allowance().shortages();
        boolean borrows = arena.allowance().borrowedBytes() + other.allowance().borrowedBytes() > 0;
        if (seen != exhausted || borrows && ofAll != shortages) {
            if (nowNs - shortNs > RECENT_NS) {
                dueNs = nowNs + STANDSTILL_NS;
                idleDueNs = dueNs;
            }
            shortNs = nowNs;
            exhaustedNs = seen != exhausted ? nowNs : exhaustedNs;
            exhausted = seen;
        }
        shortages = ofAll;
        if (lane != progress) {
            progress = lane;
            dueNs = nowNs + STANDSTILL_NS;
        }
        isShort = seen + ofAll > 0 && nowNs - shortNs <= RECENT_NS;
        if (!isShort) {
            return null;
        }
        boolean here = seen > 0 && nowNs - exhaustedNs <= RECENT_NS;
        Client victim = null;
        if (nowNs - idleDueNs >= 0) {
            victim = largest(clients, starved, here, nowNs - STANDSTILL_NS, LEAST_BYTES);
        }
        if (victim == null && (here || starved != null) && nowNs - dueNs >= 0) {
            victim = largest(clients, starved, here, nowNs, 0);
        }
        if (victim != null) {
            dueNs = nowNs + NEXT_NS;
            idleDueNs = dueNs;
        }
        return victim;
    }

    /** The largest of those that were active last at that time or before, and hold more than so many bytes. */
    private static Client largest(List<Client> clients, Client starved, boolean here, long activeNs, long moreThan) {
        Client largest = null;
        long most = moreThan;
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            long held = client.ownBytes();
            boolean finishing = client.reserved > 0 && !client.awaitsReservation;
            if (held > most && client != starved && (here || !finishing) && activeNs - client.activeNs >= 0
                && !client.isClosing()) {
                most = held;
                largest = client;
            }
        }
        return largest;
    }
}
