package org.millrace.engine.count;

/** What the server half of a lane counts, beyond twemproxy's counters. */
public enum ServerHalfCounter {
    /** Requests that had to wait for their link. */
    PARKED,
    /** Requests answered with an error because their time was up. */
    TIMED_OUT,
    /** Requests refused because they had waited for their link for queue_timeout. */
    QUEUE_TIMED_OUT,
    /** Reads dropped before they were sent because their clients were gone. */
    DROPPED_GONE,
    /** Late replies that a tombstone swallowed. */
    LATE_REPLIES,
    /** Replies that no request waited for; each ends its link. */
    STRAY_REPLIES,
    /** Times that a link's replies waited because the reply ring was full. */
    RING_FULL,
    /** Requests refused because there was no memory for them. */
    NO_MEMORY,
    /** Links opened. */
    LINKS_OPENED,
    /** Links that could not be opened. */
    LINKS_REFUSED,
    /** Exceptions in stages or handlers. */
    FAULTS
}
