package org.millrace.engine.link;

import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;

/** What a link counts when it opens and ends, and its gauges. */
final class LinkAccounts {
    private final CounterSet<ServerCounter> server;
    private final CounterSet<ServerHalfCounter> half;
    private final CounterSet<LinkGauge> gauges = new CounterSet<>(LinkGauge.class);
    private final ServerLinks owner;

    /** Of one link; the connections of one that is borrowed its owner counts. */
    LinkAccounts(ServerLinks owner, CounterSet<ServerHalfCounter> half) {
        this.owner = owner;
        this.server = owner.counters();
        this.half = half;
    }

    void opened() {
        if (owner.isBorrowed()) {
            return;
        }
        server.increment(ServerCounter.SERVER_CONNECTIONS);
        half.increment(ServerHalfCounter.LINKS_OPENED);
    }

    void ended(CloseCause cause, boolean wasOpen) {
        if (owner.isBorrowed()) {
            return;
        }
        switch (cause) {
            case PEER_CLOSED -> server.increment(ServerCounter.SERVER_EOF);
            case TIMED_OUT -> server.increment(ServerCounter.SERVER_TIMEDOUT);
            case LOCAL -> { }
            default -> server.increment(ServerCounter.SERVER_ERR);
        }
        if (wasOpen) {
            server.add(ServerCounter.SERVER_CONNECTIONS, -1);
        } else if (cause != CloseCause.LOCAL) {
            half.increment(ServerHalfCounter.LINKS_REFUSED);
        }
    }

    /** Brings the gauges up to date. */
    void report(boolean open, LinkQueue queue, Connection connection, boolean held, int guests) {
        gauges.set(LinkGauge.OPEN, open ? 1 : 0);
        queue.report(gauges);
        gauges.set(LinkGauge.UNSENT_BYTES, connection == null ? 0 : connection.output().unsentBytes());
        gauges.set(LinkGauge.HELD, held ? 1 : 0);
        gauges.set(LinkGauge.BORROWED, owner.isBorrowed() ? 1 : 0);
        gauges.set(LinkGauge.GUESTS, guests);
    }

    CounterSet<LinkGauge> gauges() {
        return gauges;
    }
}
