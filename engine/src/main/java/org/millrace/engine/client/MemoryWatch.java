package org.millrace.engine.client;

import java.util.List;
import org.millrace.io.SegmentArena;

/**
 * Ends a standstill for want of memory. When the arena is used up by requests that are half received, wait to be framed
 * or have replies that nobody reads, nothing can be received that would free any of it, not even that a client has
 * gone. If the lane gets nowhere for a while, the client that holds most is closed, and the next one soon after, until
 * it moves again. Client half's thread.
 */
final class MemoryWatch {
    /** The lane may stand still for so long; a slow sender among others that wait is not at fault. */
    private static final long STANDSTILL_NS = 500_000_000;
    /** After a client was closed the others have so long to get on. */
    private static final long NEXT_NS = 50_000_000;
    /** Who starves asks for memory with each poll, so a shortage that is older is over. */
    private static final long RECENT_NS = 250_000_000;

    private final SegmentArena arena;
    /** Of the server half; the same one if both halves share it. */
    private SegmentArena other;
    private long exhausted;
    private long exhaustedNs;
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

    /**
     * Looks at the lane, about once a millisecond.
     *
     * @param lane  a value that changes when a request is framed or answered
     * @return the client to be closed, or null
     */
    Client victim(List<Client> clients, long lane, long nowNs) {
        long seen = arena.exhausted() + other.exhausted();
        if (seen != exhausted) {
            if (nowNs - exhaustedNs > RECENT_NS) {
                dueNs = nowNs + STANDSTILL_NS;
            }
            exhausted = seen;
            exhaustedNs = nowNs;
        }
        if (lane != progress) {
            progress = lane;
            dueNs = nowNs + STANDSTILL_NS;
        }
        if (seen == 0 || nowNs - exhaustedNs > RECENT_NS || nowNs - dueNs < 0) {
            return null;
        }
        dueNs = nowNs + NEXT_NS;
        return largest(clients);
    }

    private static Client largest(List<Client> clients) {
        Client largest = null;
        long most = 0;
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            long held = client.assembler.heldBytes() + client.regions.heldBytes()
                + client.connection.output().unsentBytes() + client.outstanding;
            if (held > most) {
                most = held;
                largest = client;
            }
        }
        return largest;
    }
}
