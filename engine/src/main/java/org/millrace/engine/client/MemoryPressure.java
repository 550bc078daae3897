package org.millrace.engine.client;

import java.util.List;
import org.millrace.conf.PoolLimits;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.io.SegmentArena;

/**
 * What happens as memory runs short, step by step, so that nothing ever has to die of it:
 * <pre>
 *   arena in use          what is done
 *   above 3/4             those that hold most are not read, more of them with each look, until it is below 1/2
 *   above 7/8             new clients are refused with an error
 *   all, for a while      the largest of those that have neither sent nor taken a byte meanwhile is closed ({@link
 *                         MemoryWatch})
 * </pre>
 * Of a pool that has a limit of its own the largest holders are not read while it is reached, until a quarter of it is
 * free. The reserve of the arena is not counted: it keeps replies coming, which free what requests hold. Looks about
 * once a millisecond. Client half's thread.
 */
final class MemoryPressure {
    private final ClientHalfState half;
    private final SegmentArena arena;
    /** Of the server half; the same one if both share it. */
    private SegmentArena other;
    private final LargestHolders ofAll;
    private final LargestHolders ofPools;

    MemoryPressure(ClientHalfState half, ReadControl reads) {
        this.half = half;
        arena = half.transport().arena();
        other = arena;
        ofAll = new LargestHolders(reads, Client.MEMORY);
        ofPools = new LargestHolders(reads, Client.POOL);
    }

    /** Watches the server half's arena as well, by its gauge. */
    void alsoWatch(SegmentArena serverArena) {
        other = serverArena;
    }

    /** True while there is no memory for one client more. */
    boolean refuses() {
        return eighths() >= 7;
    }

    void look(List<Client> clients) {
        int eighths = eighths();
        if (eighths >= 6) {
            count(ClientHalfCounter.PAUSED_BY_MEMORY, ofAll.block(clients, -1));
        } else if (eighths < 4) {
            ofAll.release(clients, -1);
        }
        for (int pool = 0; pool < half.pools(); pool++) {
            lookAt(pool, clients);
        }
    }

    private void lookAt(int pool, List<Client> clients) {
        PoolLimits limits = half.pool(pool).limits();
        if (limits.poolMaxBytes() == 0) {
            return;
        }
        long bytes = half.account(pool).bytes();
        if (bytes >= limits.poolMaxBytes()) {
            count(ClientHalfCounter.PAUSED_BY_POOL, ofPools.block(clients, pool));
        } else if (bytes < limits.poolMaxBytes() / 4 * 3) {
            ofPools.release(clients, pool);
        }
    }

    private void count(ClientHalfCounter counter, int clients) {
        if (clients > 0) {
            half.counters().add(counter, clients);
        }
    }

    void forget(Client client) {
        ofAll.forget(client);
        ofPools.forget(client);
    }

    private int eighths() {
        return Math.max(eighths(arena), eighths(other));
    }

    private static int eighths(SegmentArena arena) {
        return (int) (arena.bytesInUse() / (arena.plainBytes() / 8 + 1));
    }
}
