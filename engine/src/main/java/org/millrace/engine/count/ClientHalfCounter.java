package org.millrace.engine.count;

/** What the client half of a lane counts, beyond twemproxy's counters. */
public enum ClientHalfCounter {
    /** Requests framed. */
    REQUESTS,
    /** Requests that the proxy answered itself. */
    LOCAL_ANSWERS,
    /** Replies whose exchange was gone: the client had closed. */
    REPLIES_DROPPED,
    /** Times that a client was not read on because its pipeline had reached client_max_queue. */
    PAUSED_BY_QUEUE,
    /** Times that a client was not read on because it did not read its replies. */
    PAUSED_BY_OUTPUT,
    /** Times that a client was not read on because a request of its waited for a link. */
    PAUSED_BY_PARKED,
    /** Times that framing stopped because the request ring was full. */
    RING_FULL,
    /** Clients closed because they broke the protocol. */
    PROTOCOL_ERRORS,
    /** Clients closed because there was no memory for their bytes. */
    NO_MEMORY,
    /** Exceptions in stages or handlers. */
    FAULTS
}
