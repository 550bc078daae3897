package org.millrace.engine.link;

import org.agrona.DirectBuffer;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.latency.ServerLatency;
import org.millrace.engine.latency.Ticks;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.engine.share.Destination;
import org.millrace.engine.share.LinkShare;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.Endpoint;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/** The links of one lane to one server at one address. */
public final class ServerLinks {
    /** Failures are told outside no more often than this. */
    private static final long REPORT_NS = 10_000_000;

    private final int pool;
    private final int server;
    private final String poolName;
    private final String name;
    private final LinkOptions options;
    private final Link[] links;
    private final ServerHalfState half;
    private final CounterSet<ServerCounter> counters;
    private final Endpoint endpoint;
    /** Null if nothing is recorded. */
    private final ServerLatency latency;
    private final LinkShare share;
    private final Destination destination;
    private int lent;
    private boolean left;
    private long retiredVersion;
    /** Links to the same server that have to be done first; null if there are none. */
    private ServerLinks predecessor;
    private boolean up = true;
    /** Memory of the server half in which requests wait for this server. */
    private long waitingBytes;
    private boolean retired;
    private boolean drained;
    private long drainUntilNs;
    private boolean failed;
    private long failedNs;
    /** Replies that say nothing about the server: to the proxy itself, or too late. One thread writes it. */
    private volatile long otherReplies;

    /**
     * Links that are opened on demand.
     *
     * @param endpoint    where the server is, or null while its name does not resolve
     * @param salt        see {@link LinkTable}
     * @param version     of the snapshot
     * @param predecessor the links in whose place these are, or null
     */
    ServerLinks(ServerHalfState half, PoolTopology pool, ServerNode server, LinkOptions options, Endpoint endpoint,
        long salt, long version, ServerLinks predecessor) {
        this.half = half;
        this.pool = pool.index();
        this.server = server.index();
        poolName = pool.name();
        name = server.ringName();
        this.options = options;
        this.endpoint = endpoint;
        latency = half.recorder().server(poolName, name);
        this.predecessor = predecessor;
        counters = predecessor == null ? new CounterSet<>(ServerCounter.class) : predecessor.counters;
        otherReplies = predecessor == null ? 0 : predecessor.otherReplies;
        share = half.crossings().share(options.links(), options.linksTotal(), pool.index(), server.index());
        destination = new Destination(this.pool, this.server, poolName, name, endpoint, options, version);
        links = new Link[Math.max(1, share.own())];
        for (int i = 0; i < links.length; i++) {
            links[i] = new Link(half, this, i, salt);
            half.runner().add(links[i]);
        }
    }

    /**
     * The link that a client's requests take. Always the same one: requests of one client to one server never overtake
     * each other, however many links there are.
     */
    public Link linkFor(int clientOrdinal) {
        return links.length == 1 ? links[0] : links[clientOrdinal % links.length];
    }

    /** True if its one link is another lane's. */
    boolean isBorrowed() {
        return share.isBorrowed() && !left;
    }

    /** The lane that owns them has never had them, as it has passed over their snapshot: this one opens its own. */
    void left() {
        left = true;
    }

    /** Begins to borrow the link. */
    Connection borrow(Link link) {
        return half.crossings().connect(share.owner(), destination, link);
    }

    /** True if these are the links that another lane wants to borrow one of. */
    boolean isLentAs(Destination wanted) {
        return !isBorrowed() && destination.isSame(wanted);
    }

    /** A link for one that borrows: by turns. */
    Link lend() {
        return links[lent++ % links.length];
    }

    /**
     * Lets all links look at the time, and brings the gauges up to date.
     *
     * @return false if the reply ring may have been too full for all requests whose time is up
     */
    boolean onTimer(long nowNs) {
        for (Link link : links) {
            link.onTimer(nowNs);
            link.report();
        }
        counters.set(ServerCounter.IN_QUEUE, sum(LinkGauge.PARKED));
        counters.set(ServerCounter.IN_QUEUE_BYTES, sum(LinkGauge.PARKED_BYTES));
        long guests = 0;
        long guestBytes = 0;
        for (Link link : links) {
            guests += link.queue().guests().inFlight();
            guestBytes += link.queue().guests().inFlightBytes();
        }
        counters.set(ServerCounter.OUT_QUEUE, sum(LinkGauge.IN_FLIGHT) - guests);
        counters.set(ServerCounter.OUT_QUEUE_BYTES, sum(LinkGauge.IN_FLIGHT_BYTES) - guestBytes);
        if (latency != null) {
            latency.depth(counters.get(ServerCounter.IN_QUEUE) + counters.get(ServerCounter.OUT_QUEUE));
        }
        return half.replies().hasRoom(LinkQueue.SLOTS);
    }

    /** The reply to an entry in flight has come: counts it, and records how long it took. */
    void recordReply(LinkEntry entry, ReplySlot slot) {
        counters.increment(ServerCounter.RESPONSES);
        counters.add(ServerCounter.RESPONSE_BYTES, slot.message == null ? slot.length : slot.message.length());
        if (latency == null || entry.taker == LinkEntry.PROXY) {
            return;
        }
        long nowNs = half.runner().nowNs();
        if (entry.taker == LinkEntry.NOBODY) {
            latency.repliedLate(entry.sentNs, nowNs);
        } else {
            slot.repliedTicks = Ticks.of(nowNs);
            slot.server = name;
            slot.sentTicks = Ticks.of(entry.sentNs);
            latency.replied(entry.receivedTicks, entry.sentNs, nowNs);
        }
    }

    /** Answers a request that was sent with an error: its time at this server ends here. Needs room likewise. */
    void failSent(LinkEntry entry, DirectBuffer error) {
        half.replies().from(name, Ticks.of(entry.sentNs));
        half.fail(entry, error);
        half.replies().fromNobody();
    }

    /** Answers a request that was sent and whose time is up. Needs two free slots in the reply ring. */
    void timeOut(LinkEntry entry, DirectBuffer error) {
        half.replies().from(name, Ticks.of(entry.sentNs));
        half.timeOut(entry, error);
        half.replies().fromNobody();
    }

    /** Answers a request that was not sent with an error. Needs room likewise. */
    void failParked(LinkEntry entry, DirectBuffer error) {
        half.replies().from(name, 0);
        half.fail(entry, error);
        half.replies().fromNobody();
    }

    private long sum(LinkGauge gauge) {
        long sum = 0;
        for (Link link : links) {
            sum += link.gauges().get(gauge);
        }
        return sum;
    }

    /**
     * True if a request may wait in so many bytes: as long as those that wait for this server hold no more than is
     * free. So one server that hangs keeps half of the memory at most, two keep a third each, and as much is left for
     * the others.
     */
    boolean hasShare(int bytes) {
        return waitingBytes == 0 || waitingBytes + bytes <= half.transport().arena().plainFreeBytes();
    }

    /** So many bytes more wait, or fewer if negative. */
    void waits(int bytes) {
        waitingBytes += bytes;
    }

    /** Memory of the server half in which requests wait for this server. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** All links. */
    public Link[] links() {
        return links;
    }

    public LinkOptions options() {
        return options;
    }

    /** Written by the server half's thread. */
    public CounterSet<ServerCounter> counters() {
        return counters;
    }

    /** Replies that show that the server works. Any thread may ask. */
    public long goodReplies() {
        return counters.get(ServerCounter.RESPONSES) - otherReplies;
    }

    void otherReply() {
        long count = otherReplies;
        otherReplies = count + 1;
    }

    /** Where the server is; null while its name does not resolve. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Opens the links, as far as they are not. */
    void open() {
        for (Link link : links) {
            link.open();
        }
    }

    /** From here on requests get an error at once, or no longer. */
    void refuse(boolean refusing) {
        for (Link link : links) {
            link.refusing = refusing;
            if (refusing) {
                // what is parked fails in this turn: the next one might send it
                half.runner().resumable(link);
            }
        }
    }

    /** These links have left the snapshot: they do what they have to, and end. */
    void retire(long untilNs, long version) {
        retired = true;
        retiredVersion = version;
        drainUntilNs = untilNs;
    }

    /** Looks at links that have left the snapshot; true once they are closed and nothing is left of them. */
    boolean drain(long nowNs) {
        // whoever is behind these waits for all that were before
        boolean done = !isBlocked();
        boolean late = nowNs - drainUntilNs >= 0;
        boolean taken = half.crossings().haveTaken(retiredVersion);
        for (Link link : links) {
            link.onTimer(nowNs);
            if (taken && link.queue().isEmpty()) {
                // who has passed over a snapshot may hold one that is new to him: he borrows the next one then
                link.queue().guests().sendAway();
            }
            done &= link.drain(late);
        }
        // a lane that goes by the snapshot before may yet want to borrow one
        done &= late || options.linksTotal() == 0 || isBorrowed() || taken;
        if (done) {
            drained = true;
            if (latency != null) {
                latency.retire();
            }
            for (Link link : links) {
                half.runner().remove(link);
            }
        }
        return done;
    }

    /** True while links to the same server have to be done first. */
    boolean isBlocked() {
        if (predecessor != null && predecessor.drained) {
            predecessor = null;
        }
        return predecessor != null;
    }

    /** A link was lost, was refused, or a request on it was not answered in time. */
    void failed(CloseCause cause) {
        long nowNs = half.runner().nowNs();
        if (!retired && (!failed || nowNs - failedNs >= REPORT_NS)) {
            failed = true;
            failedNs = nowNs;
            half.events().onServerFailure(pool, server, cause);
        }
    }

    void stands() {
        if (!up && !retired) {
            up = true;
            half.events().onServerUp(pool, server);
        }
    }

    void down(CloseCause cause) {
        // what becomes of a borrowed link its owner tells
        if (up && !retired && (!isBorrowed() || endpoint == null)) {
            up = false;
            half.events().onServerDown(pool, server, cause);
        }
    }

    void handshakeRefused(String reply) {
        if (!retired) {
            half.events().onHandshakeRefused(pool, server, reply);
        }
    }

    int pool() {
        return pool;
    }

    int server() {
        return server;
    }

    String poolName() {
        return poolName;
    }

    /** The server's name on the ring. */
    String name() {
        return name;
    }
}
