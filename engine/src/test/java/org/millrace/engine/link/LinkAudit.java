package org.millrace.engine.link;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.millrace.conf.LimitsConfig;
import org.millrace.conf.PoolLimits;
import org.millrace.engine.message.Account;
import org.millrace.io.SegmentArena;

/**
 * Looks at a server half from outside, at each turn, for whatever must always hold of its limits: of one pool. It is
 * told by whoever steps the half when a link receives and when the turn is over.
 */
public final class LinkAudit {
    private static final long TIMER_NS = 1_000_000;
    /** Requests whose time is up are failed as far as the reply ring has room: the rest in the turns that follow. */
    private static final long RING_SLACK_NS = 20_000_000;
    /**
     * Beyond its window a stream gets what has arrived when it is held: up to 64 KiB that were gathered before they went
     * on as a part, and one read of at most a segment, or the network's window, behind it.
     */
    private static final long STREAM_SLACK = 2 * (64 << 10);

    private final ServerHalfState half;
    private final ServerLinks[] servers;
    private final PoolLimits pool;
    private final LimitsConfig limits;
    private final SegmentArena arena;
    private final long timeoutNs;
    private final Consumer<String> wrong;
    private final Map<Account, Stream> streams = new IdentityHashMap<>();
    private boolean memoryWasPlenty;
    private long lookedNs;

    /** The parts of large replies of one link that are on their way. */
    private static final class Stream {
        long counted;
        /** Bytes when it was last allowed to take more. */
        long base;
    }

    /**
     * An audit of a fresh half.
     *
     * @param servers   the links of its pool
     * @param pool      the limits that must hold
     * @param limits    likewise
     * @param timeoutMs of a request, 0 for none
     * @param wrong     is told what does not hold
     */
    public LinkAudit(ServerHalfState half, ServerLinks[] servers, PoolLimits pool, LimitsConfig limits, int timeoutMs,
        Consumer<String> wrong) {
        this.half = half;
        this.servers = servers;
        this.pool = pool;
        this.limits = limits;
        this.timeoutNs = timeoutMs * 1_000_000L;
        this.wrong = wrong;
        arena = half.transport().arena();
    }

    /** Before a link receives. */
    public void beforeReceived() {
        memoryWasPlenty |= isPlenty();
    }

    private boolean isPlenty() {
        return arena.bytesInUse() < arena.plainBytes() / 2;
    }

    /** The turn is over. */
    public void atTurnEnd(long nowNs) {
        memoryWasPlenty |= isPlenty();
        checkCounts();
        if (nowNs - lookedNs >= TIMER_NS) {
            lookedNs = nowNs;
            if (timeoutNs > 0 || pool.queueTimeoutMs() > 0) {
                half.entries().forEachInUse(entry -> checkTime(entry, nowNs));
            }
        }
        checkStreams();
        memoryWasPlenty = false;
    }

    private void checkCounts() {
        int entries = 0;
        for (ServerLinks server : servers) {
            for (Link link : server.links()) {
                // the proxy's own AUTH and SELECT come on top
                if (link.inFlightCount() > pool.serverMaxQueue() + server.options().handshakeReplies()) {
                    wrong.accept(link.inFlightCount() + " requests are in flight on a link");
                }
                entries += link.inFlightCount() + link.parkedCount();
            }
        }
        if (entries != half.entriesInUse()) {
            wrong.accept("links have " + entries + " entries, in use: " + half.entriesInUse());
        }
    }

    private void checkTime(LinkEntry entry, long nowNs) {
        if (entry.announced && pool.queueTimeoutMs() > 0
            && nowNs - entry.parkedNs > pool.queueTimeoutMs() * 1_000_000L + RING_SLACK_NS) {
            wrong.accept("a request is parked for " + (nowNs - entry.parkedNs) / 1_000_000 + " ms");
        }
        boolean awaited = entry.taker == LinkEntry.CLIENT || entry.taker == LinkEntry.PLAN;
        if (timeoutNs > 0 && awaited && !entry.streaming && nowNs - entry.deadlineNs > RING_SLACK_NS) {
            wrong.accept("a request is unanswered for " + (nowNs - entry.deadlineNs + timeoutNs) / 1_000_000 + " ms " + entry.taker + " announced " + entry.announced + " sent " + entry.sentNs + " parked " + entry.parkedNs + " dl " + entry.deadlineNs + " now " + nowNs + " room " + half.replies().hasRoom(3));
        }
    }

    /** What waits of large replies is what can be counted, and grows beyond the window only while memory is plenty. */
    private void checkStreams() {
        for (Stream stream : streams.values()) {
            stream.counted = 0;
        }
        half.messages().forEachCharged((account, bytes) -> streams.computeIfAbsent(account, any -> new Stream())
            .counted += bytes);
        for (Map.Entry<Account, Stream> each : streams.entrySet()) {
            Stream stream = each.getValue();
            long bytes = each.getKey().bytes();
            if (bytes != stream.counted) {
                wrong.accept("the account of a link's waiting parts is " + bytes + ", counted " + stream.counted);
            }
            long allowed = limits.streamWindow();
            if (memoryWasPlenty) {
                stream.base = Math.max(allowed, Math.min(bytes, pool.clientMaxBytes()));
            } else {
                stream.base = Math.max(allowed, Math.min(stream.base, bytes));
            }
            if (bytes > stream.base + STREAM_SLACK) {
                wrong.accept(bytes + " bytes of large replies of a link wait, of which " + stream.base + " are allowed");
            }
        }
    }
}
