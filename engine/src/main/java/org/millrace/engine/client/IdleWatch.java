package org.millrace.engine.client;

import java.util.List;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.io.CloseCause;

/**
 * Closes clients that have nothing outstanding and have neither sent nor taken a byte for {@code client_idle_timeout},
 * or for half a second when another process has taken over.
 * Looks at a part of all clients at a time, so that a crowd of them costs each turn the same. Client half's thread.
 */
final class IdleWatch {
    /** All clients are seen in about so many looks. */
    private static final int LOOKS = 256;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long LEAVING_MS = 500;

    private final ClientHalfState half;
    private boolean isUsed;
    private boolean isLeaving;
    private int cursor;

    IdleWatch(ClientHalfState half) {
        this.half = half;
        take();
    }

    /** The pools have changed. */
    void take() {
        boolean used = false;
        for (int pool = 0; pool < half.poolIndexes(); pool++) {
            used |= half.pool(pool) != null && half.pool(pool).clientIdleMs() > 0;
        }
        isUsed = used;
    }

    /** Whoever is idle may go: it finds the process that has taken over when it comes again. */
    void leave() {
        isLeaving = true;
    }

    /** About once a millisecond. */
    void look(List<Client> clients, long nowNs) {
        if (!isUsed && !isLeaving) {
            return;
        }
        for (int i = clients.size() / LOOKS; i >= 0 && !clients.isEmpty(); i--) {
            cursor = cursor == 0 || cursor > clients.size() ? clients.size() - 1 : cursor - 1;
            Client client = clients.get(cursor);
            long idleMs = isLeaving ? LEAVING_MS : half.pool(client.session.pool()).clientIdleMs();
            if (idleMs > 0 && nowNs - client.activeNs >= idleMs * NS_PER_MS && client.isIdle()) {
                half.counters().increment(ClientHalfCounter.CLOSED_BY_IDLE_TIMEOUT);
                client.close(CloseCause.LOCAL);
            }
        }
    }
}
