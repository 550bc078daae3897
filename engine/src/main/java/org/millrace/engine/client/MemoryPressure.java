package org.millrace.engine.client;

import java.util.Arrays;
import java.util.List;
import org.millrace.conf.PoolConfig;
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
 * Of a pool that has a limit of its own the largest holders are not read while all lanes together have reached it,
 * until a quarter of it is free. The reserve of the arena is not counted: it keeps replies coming, which free what
 * requests hold.
 *
 * <p>All of the arena is what it could hold now. As that comes near, others that share the memory are asked to give
 * back what they do not use.
 *
 * <p>What is held may be halves of requests, which only reading can end. So when nothing moves for a while although
 * clients are held back, all go on, and are held back again only when an eighth more is in use. Who has come to hold
 * little goes on within that time in any case: the memory may stay short for as long as others take nothing.
 *
 * <p>Looks about once a millisecond. Client half's thread.
 */
final class MemoryPressure {
    private static final int HIGH = 6;
    private static final int LOW = 4;
    private static final int REFUSE = 7;
    private static final int POOL_HIGH = 8;
    private static final int POOL_LOW = 6;
    private static final long STUCK_NS = 50_000_000;
    /** Each client looked at for those that hold most puts the next such look off by so much: a tenth of all time. */
    private static final long LOOKED_NS = 100;

    private final ClientHalfState half;
    private final SegmentArena arena;
    /** Of the server half; the same one if both share it. */
    private SegmentArena other;
    private final LargestHolders ofAll;
    private final ReadControl reads;
    private LargestHolders[] ofPools = {};
    /** Eighths of a limit at which holders are held back: of all memory, and of each pool. */
    private int highMark = HIGH;
    private int[] poolMarks = {};
    private long progress;
    private long progressNs;
    private long smallNs;
    private long holdersDueNs;
    private boolean due;
    private long looked;

    MemoryPressure(ClientHalfState half, ReadControl reads) {
        this.half = half;
        arena = half.transport().arena();
        other = arena;
        ofAll = new LargestHolders(reads, Client.MEMORY, -1);
        this.reads = reads;
        take();
    }

    /** The pools have changed: there may be more. */
    void take() {
        int known = ofPools.length;
        ofPools = Arrays.copyOf(ofPools, half.poolIndexes());
        poolMarks = Arrays.copyOf(poolMarks, ofPools.length);
        for (int pool = known; pool < ofPools.length; pool++) {
            ofPools[pool] = new LargestHolders(reads, Client.POOL, pool);
            poolMarks[pool] = POOL_HIGH;
        }
    }

    /** Watches the server half's arena as well, by its gauge. */
    void alsoWatch(SegmentArena serverArena) {
        other = serverArena;
    }

    /** True while there is no memory for one client more. */
    boolean refuses() {
        return eighths() >= REFUSE;
    }

    /** Eighths of all memory at which the largest holders are held back at the moment. */
    int memoryMark() {
        return highMark;
    }

    /** Eighths of {@code pool_max_bytes} at which the largest holders of the pool are held back at the moment. */
    int poolMark(int pool) {
        return poolMarks[pool];
    }

    /** True while some are not read for what they hold. */
    boolean holdsBack() {
        return reads.blocked(Client.MEMORY) + reads.blocked(Client.POOL) > 0;
    }

    void look(List<Client> clients, long nowNs) {
        boolean stuck = isStuck(nowNs);
        due = nowNs - holdersDueNs >= 0;
        // when nothing moves all are let go below, which must not find them gone already
        if (!stuck && nowNs - smallNs >= STUCK_NS) {
            smallNs = nowNs;
            ofAll.releaseSmall();
            for (LargestHolders holders : ofPools) {
                holders.releaseSmall();
            }
        }
        looked = 0;
        int ofMemory = eighths();
        if (ofMemory >= HIGH) {
            arena.allowance().request();
        }
        highMark = hold(ofAll, clients, ofMemory, highMark, HIGH, LOW, stuck, ClientHalfCounter.PAUSED_BY_MEMORY);
        for (int pool = 0; pool < ofPools.length; pool++) {
            PoolConfig config = half.pool(pool);
            long limit = config == null ? 0 : config.limits().poolMaxBytes();
            if (limit > 0) {
                int eighths = (int) (half.poolBytes(pool) * 8 / limit);
                poolMarks[pool] = hold(ofPools[pool], clients, eighths, poolMarks[pool], POOL_HIGH, POOL_LOW, stuck,
                    ClientHalfCounter.PAUSED_BY_POOL);
            }
        }
        if (looked > 0) {
            holdersDueNs = nowNs + looked * LOOKED_NS;
        }
    }

    /** Returns the new mark. */
    private int hold(LargestHolders holders, List<Client> clients, int eighths, int mark, int high, int low,
        boolean stuck, ClientHalfCounter counter) {
        if (eighths < low) {
            holders.release();
            return high;
        }
        if (stuck && holders.blocked() > 0) {
            holders.release();
            return Math.max(mark, eighths) + 1;
        }
        if (eighths >= mark && due) {
            looked += clients.size();
            int more = holders.block(clients);
            if (more > 0) {
                half.counters().add(counter, more);
            }
        }
        return mark;
    }

    /** True, once in a while, when nothing has moved since the last look but a few. */
    private boolean isStuck(long nowNs) {
        long now = half.counters().get(ClientHalfCounter.REQUESTS) * 31 + half.exchanges().inUse() * 17L
            + arena.bytesInUse() * 7 + other.bytesInUse();
        if (now != progress) {
            progress = now;
            progressNs = nowNs;
        } else if (nowNs - progressNs >= STUCK_NS) {
            progressNs = nowNs;
            return true;
        }
        return false;
    }

    /** What the client needs is set aside: it is read until its request is whole. */
    void letFinish(Client client) {
        ofAll.letGo(client);
        ofPools[client.session.pool()].letGo(client);
    }

    void forget(Client client) {
        ofAll.forget(client);
        ofPools[client.session.pool()].forget(client);
    }

    private int eighths() {
        return Math.max(eighths(arena), eighths(other));
    }

    private static int eighths(SegmentArena arena) {
        return (int) (arena.bytesInUse() / (arena.plainBytes() / 8 + 1));
    }
}
