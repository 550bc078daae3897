package org.millrace.engine.link;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.millrace.conf.PoolLimits;

/**
 * Looks at a server half from outside, at each turn, for whatever must always hold of its limits: of one pool. It is
 * told by whoever steps the half when a link receives and when the turn is over.
 */
public final class LinkAudit {
    private static final long TIMER_NS = 1_000_000;
    /** Requests whose time is up are failed as far as the reply ring has room: the rest in the turns that follow. */
    private static final long RING_SLACK_NS = 20_000_000;

    private final ServerHalfState half;
    private final LinkTable table;
    private final PoolLimits pool;
    private final long timeoutNs;
    private final Consumer<String> wrong;
    /** Links that refuse, since when requests wait for them. */
    private final Map<Link, Long> refusing = new IdentityHashMap<>();
    private long lookedNs;
    private long counted;

    /**
     * An audit of a fresh half.
     *
     * @param table     its links, of which those of the first pool are looked at, and those that drain
     * @param pool      the limits that must hold
     * @param timeoutMs of a request, 0 for none
     * @param wrong     is told what does not hold
     */
    public LinkAudit(ServerHalfState half, LinkTable table, PoolLimits pool, int timeoutMs,
        Consumer<String> wrong) {
        this.half = half;
        this.table = table;
        this.pool = pool;
        this.timeoutNs = timeoutMs * 1_000_000L;
        this.wrong = wrong;
    }

    /** The turn is over. */
    public void atTurnEnd(long nowNs) {
        checkCounts(nowNs);
        if (nowNs - lookedNs >= TIMER_NS) {
            lookedNs = nowNs;
            if (timeoutNs > 0 || pool.queueTimeoutMs() > 0) {
                half.entries().forEachInUse(entry -> checkTime(entry, nowNs));
            }
        }
    }

    private void checkCounts(long nowNs) {
        int entries = 0;
        long waiting = 0;
        for (ServerLinks server : servers()) {
            waiting += server.waitingBytes();
            checkShare(server);
            for (Link link : server.links()) {
                // the proxy's own AUTH and SELECT come on top
                if (link.inFlightCount() > pool.serverMaxQueue() + server.options().handshakeReplies()) {
                    wrong.accept(link.inFlightCount() + " requests are in flight on a link");
                }
                entries += link.inFlightCount() + link.parkedCount();
                checkRefusing(link, nowNs);
                checkHeld(link, nowNs);
            }
        }
        if (entries != half.entriesInUse()) {
            wrong.accept("links have " + entries + " entries, in use: " + half.entriesInUse());
        }
        counted = 0;
        half.entries().forEachInUse(entry -> counted += entry.parkedBytes);
        if (counted != waiting) {
            wrong.accept(counted + " bytes are parked, " + waiting + " are on the servers' accounts");
        }
    }

    /** To a server that is ejected and keeps its keys requests fail: none waits. */
    private void checkRefusing(Link link, long nowNs) {
        if (!link.refusing || link.parkedCount() == 0) {
            refusing.remove(link);
        } else if (nowNs - refusing.computeIfAbsent(link, fresh -> nowNs) > RING_SLACK_NS) {
            wrong.accept(link.parkedCount() + " requests wait for a server that is ejected");
        }
    }

    /** What waits for one server holds no more memory than was free when the last of it came. */
    private void checkShare(ServerLinks server) {
        long share = half.transport().arena().plainBytes() / 2 + half.frameLimits().bodyThreshold() * 2L;
        if (server.waitingBytes() > share) {
            wrong.accept(server.waitingBytes() + " bytes wait for one server");
        }
    }

    private List<ServerLinks> servers() {
        List<ServerLinks> all = new ArrayList<>(table.draining());
        Stream.of(table.links()[0]).filter(Objects::nonNull).forEach(all::add);
        return all;
    }

    /** True while a link is held for a client, which the lane looks after by the time. */
    public boolean isAnyHeld() {
        for (ServerLinks server : servers()) {
            for (Link link : server.links()) {
                if (link.listedAsHeld) {
                    return true;
                }
            }
        }
        return false;
    }

    private void checkTime(LinkEntry entry, long nowNs) {
        if (entry.announced && pool.queueTimeoutMs() > 0
            && nowNs - entry.parkedNs > pool.queueTimeoutMs() * 1_000_000L + RING_SLACK_NS) {
            wrong.accept("a request is parked for " + (nowNs - entry.parkedNs) / 1_000_000 + " ms");
        }
        boolean awaited = entry.taker == LinkEntry.CLIENT || entry.taker == LinkEntry.PLAN;
        if (timeoutNs > 0 && awaited && !entry.streaming && nowNs - entry.deadlineNs > RING_SLACK_NS) {
            wrong.accept("a request is unanswered for " + (nowNs - entry.deadlineNs + timeoutNs) / 1_000_000 + " ms");
        }
    }

    /** A link that is held is not read, is looked at each turn, and not held for long for one who takes too little. */
    private void checkHeld(Link link, long nowNs) {
        long heldNs = link.receiver().heldNs(nowNs);
        if (heldNs > half.limits().linkHoldMs() * 1_000_000L + RING_SLACK_NS) {
            wrong.accept("a link is held for " + heldNs / 1_000_000 + " ms");
        }
        if (heldNs > 0 && !(link.listedAsHeld && link.receiver().isPaused())) {
            wrong.accept("a link is held, but it is read or nobody looks after it");
        }
    }
}
