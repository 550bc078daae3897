package org.millrace.engine.latency;

import org.HdrHistogram.Histogram;

/** What a histogram is about. */
public enum SeriesKind {
    /** A client's request, from when it was framed until its reply was given to the client's connection. */
    REQUEST(true),
    /** From when a request was framed until it was given to a link to its server. */
    LINK_WAIT(true),
    /** From when a request was given to a link until its reply had come whole. */
    SERVER(true),
    /** From when a request was framed until its server's reply had come whole. */
    SERVER_REQUEST(true),
    /** From when a reply had come until those to earlier requests of its client were out of the way. */
    ORDER_WAIT(true),
    /** From when replies were given to a client's connection until the system had taken them all. */
    CLIENT_WRITE(true),
    /** Requests parked or in flight at the links of a lane to a server, looked at about once a millisecond. */
    QUEUE_DEPTH(false),
    /** A turn of a lane's thread that had something to do, without the wait for I/O. */
    TURN(true),
    /** Requests parsed in one turn. */
    TURN_REQUESTS(false),
    /** Replies paired in one turn. */
    TURN_REPLIES(false),
    /** A pause of the collector of the heap. */
    GC_PAUSE(true);

    /** Values above these are counted as these: 64 s, and as many things. */
    private static final long TIME_MAX_NS = 1L << 36;
    private static final long COUNT_MAX = 1L << 22;
    private static final long TIME_UNIT_NS = 1_000;
    private static final int DIGITS = 2;

    private final boolean time;

    SeriesKind(boolean time) {
        this.time = time;
    }

    /** True if values are nanoseconds, false if they are numbers of things. */
    public boolean isTime() {
        return time;
    }

    /** Values above this are counted as this. */
    public long highest() {
        return time ? TIME_MAX_NS : COUNT_MAX;
    }

    /** The smallest difference that a histogram of this kind shows. */
    public long unit() {
        return time ? TIME_UNIT_NS : 1;
    }

    /** Two significant digits: a value is shown at most a hundredth too great. */
    public int digits() {
        return DIGITS;
    }

    /** An empty histogram for such values. */
    public Histogram newHistogram() {
        return new Histogram(unit(), highest(), DIGITS);
    }
}
