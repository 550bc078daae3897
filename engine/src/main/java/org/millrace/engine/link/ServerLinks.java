package org.millrace.engine.link;

import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.ServerCounter;
import org.millrace.io.Endpoint;
import org.millrace.io.SegmentArena;

/** The links of one lane to one server. */
public final class ServerLinks {
    private final int pool;
    private final int server;
    private final LinkOptions options;
    private final Link[] links;
    private final ServerHalfState half;
    private final CounterSet<ServerCounter> counters = new CounterSet<>(ServerCounter.class);
    private volatile Endpoint endpoint;
    private boolean up = true;
    /** Memory of the server half in which requests wait for this server. */
    private long waitingBytes;

    /**
     * Links that are opened on demand.
     *
     * @param endpoint where the server is, or null while its name does not resolve
     */
    public ServerLinks(ServerHalfState half, int pool, int server, LinkOptions options, Endpoint endpoint) {
        this.half = half;
        this.pool = pool;
        this.server = server;
        this.options = options;
        this.endpoint = endpoint;
        links = new Link[options.links()];
        for (int i = 0; i < links.length; i++) {
            links[i] = new Link(half, this, i);
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

    /**
     * Lets all links look at the time, and brings the gauges up to date.
     *
     * @return false if the reply ring may have been too full for all requests whose time is up
     */
    public boolean onTimer(long nowNs) {
        for (Link link : links) {
            link.onTimer(nowNs);
            link.report();
        }
        counters.set(ServerCounter.IN_QUEUE, sum(LinkGauge.PARKED));
        counters.set(ServerCounter.IN_QUEUE_BYTES, sum(LinkGauge.PARKED_BYTES));
        counters.set(ServerCounter.OUT_QUEUE, sum(LinkGauge.IN_FLIGHT));
        counters.set(ServerCounter.OUT_QUEUE_BYTES, sum(LinkGauge.IN_FLIGHT_BYTES));
        return half.replies().hasRoom(LinkQueue.SLOTS);
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
        SegmentArena arena = half.transport().arena();
        return waitingBytes == 0 || waitingBytes + bytes <= arena.plainBytes() - arena.bytesInUse();
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

    /** Where the server is; null while its name does not resolve. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** The control thread has resolved the name anew. */
    public void endpoint(Endpoint value) {
        endpoint = value;
    }

    int pool() {
        return pool;
    }

    int server() {
        return server;
    }

    boolean isUp() {
        return up;
    }

    void up(boolean value) {
        up = value;
    }
}
