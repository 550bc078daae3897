package org.millrace.engine.count;

/** What the server half of a lane counts, beyond twemproxy's counters. */
public enum ServerHalfCounter {
    /** Requests that had to wait for their link. */
    PARKED,
    /** Requests answered with an error because their time was up. */
    TIMED_OUT,
    /** Requests refused because they had waited for their link for queue_timeout. */
    QUEUE_TIMED_OUT,
    /** Requests refused because those that wait for the same server hold as much memory as is free. */
    PARKED_REFUSED,
    /** Requests refused, as memory ran short, because they waited for a server that did nothing. */
    SHED,
    /** Reads dropped before they were sent because their clients were gone. */
    DROPPED_GONE,
    /** Requests that have timed out, are in flight still and keep their place with a tombstone: a gauge. */
    TOMBSTONES,
    /** Late replies that a tombstone swallowed. */
    LATE_REPLIES,
    /** Replies that no request waited for; each ends its link. */
    STRAY_REPLIES,
    /** Replies that could not be kept for want of memory: their requests got an error instead. */
    REPLIES_DISCARDED,
    /** Times that a link was not read on because a client did not take its large reply and memory was short. */
    STREAM_HELD,
    /** Times that a link's replies waited because the reply ring was full. */
    RING_FULL,
    /** Requests refused because there was no memory for them. */
    NO_MEMORY,
    /** Requests whose clients want no answer (noreply) and that failed: nobody is told but this counter. */
    SILENT_LOST,
    /** Requests that went by way of another lane's link (server_connections_total). */
    SHARED_REQUESTS,
    /** Bytes copied into the rings between lanes: requests by borrowers, replies by owners. */
    SHARED_BYTES,
    /** Times that requests or replies had to wait because such a ring was full. */
    SHARED_RING_FULL,
    /** Links opened. */
    LINKS_OPENED,
    /** Links that could not be opened. */
    LINKS_REFUSED,
    /** Exceptions in stages or handlers. */
    FAULTS
}
