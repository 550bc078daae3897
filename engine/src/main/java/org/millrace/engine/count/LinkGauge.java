package org.millrace.engine.count;

/** How one link is at the moment. Written by the server half about once a millisecond. */
public enum LinkGauge {
    /** 1 while requests can be sent on it, else 0. */
    OPEN,
    /** Requests that wait for it. */
    PARKED,
    /** Bytes of those. */
    PARKED_BYTES,
    /** Requests sent and not answered. */
    IN_FLIGHT,
    /** Bytes of those. */
    IN_FLIGHT_BYTES,
    /** Most requests in flight for now: server_max_queue, or what the server can answer within timeout. */
    IN_FLIGHT_MAX,
    /** Bytes that the server has not taken, at most server_max_unsent and one request. */
    UNSENT_BYTES,
    /** 1 while it is not read because a client does not take its large reply, else 0. */
    HELD,
    /** 1 if it is another lane's, by way of which requests go, else 0. */
    BORROWED,
    /** Other lanes that share it. */
    GUESTS
}
