package org.millrace.engine.count;

/** What the client half of a lane counts, beyond twemproxy's counters. */
public enum ClientHalfCounter {
    /** Clients that are connected, those included that are being refused or closed: a gauge. */
    CLIENTS,
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
    /** Times that a client was not read on because client_max_bytes were held for it. */
    PAUSED_BY_BYTES,
    /** Times that a client was not read on because replies of client_max_expected bytes were expected. */
    PAUSED_BY_EXPECTED,
    /** Times that a client was not read on because it held most of a pool at pool_max_bytes. */
    PAUSED_BY_POOL,
    /** Times that a client was not read on because it held most of a memory that ran short. */
    PAUSED_BY_MEMORY,
    /** Times that a client was not read on because there was no memory to set aside for its large request. */
    PAUSED_BY_RESERVATION,
    /** New clients refused because memory was nearly used up. */
    REFUSED_BY_MEMORY,
    /** New clients refused because of client_connections, or because the heap has no room for the records of more. */
    REFUSED_BY_NUMBER,
    /** Clients closed at the hard limit of client_output_limit. */
    CLOSED_BY_OUTPUT_HARD,
    /** Clients closed because they were beyond the soft limit of client_output_limit for too long. */
    CLOSED_BY_OUTPUT_SOFT,
    /** Clients closed because they stalled in a large request for gather_timeout. */
    CLOSED_BY_GATHER_TIMEOUT,
    /** Large replies replaced by an error because they were ahead of their turn and held a link for link_hold_ms. */
    REFUSED_BY_HOLDING,
    /** Clients closed because they did not take a large reply and held a link up for link_hold_ms. */
    CLOSED_BY_HOLDING,
    /** Clients closed because they were idle for client_idle_timeout. */
    CLOSED_BY_IDLE_TIMEOUT,
    /** Clients closed by CLIENT KILL. */
    CLOSED_BY_KILL,
    /** Clients closed because the rest of a reply that had begun could not be had from its server. */
    CLOSED_IN_REPLY,
    /** Clients closed, with an error, because they had sent half a request when their pool was removed. */
    CUT_OFF_WITH_POOL,
    /** Administrative commands handed to the control thread. */
    ADMIN_COMMANDS,
    /** Administrative commands refused because admin_commands of the pool does not allow them. */
    ADMIN_REFUSED,
    /** Clients that CLIENT LIST left out, because one answer tells of 10000 at most. */
    CLIENT_LIST_CUT,
    /** Clients that are not read at the moment, for whatever reason: a gauge. */
    NOT_READ,
    /** Clients that are not read because a request of theirs waits for a link: a gauge, as those that follow. */
    NOT_READ_BY_PARKED,
    /** Because of client_max_queue. */
    NOT_READ_BY_QUEUE,
    /** Because of client_max_output. */
    NOT_READ_BY_OUTPUT,
    /** Because of client_max_bytes. */
    NOT_READ_BY_BYTES,
    /** Because of client_max_expected. */
    NOT_READ_BY_EXPECTED,
    /** Because of pool_max_bytes. */
    NOT_READ_BY_POOL,
    /** Because memory runs short. */
    NOT_READ_BY_MEMORY,
    /** Because there is no memory to set aside for their large requests. */
    NOT_READ_BY_RESERVATION,
    /** Bytes set aside for large requests that have not arrived: a gauge. */
    RESERVED_BYTES,
    /** Times that framing stopped because the request ring was full. */
    RING_FULL,
    /** Clients closed because they broke the protocol. */
    PROTOCOL_ERRORS,
    /** Clients closed because there was no memory for their bytes. */
    NO_MEMORY,
    /** Requests that the proxy answers itself, but for want of memory only with an error. */
    ANSWERS_WITHOUT_MEMORY,
    /** Clients that have come from another lane. */
    MOVED_IN,
    /** Clients that have gone to another lane. */
    MOVED_OUT,
    /** Moves that came to nothing: the client sent something first, or the other lane's queue was full. */
    MOVES_REFUSED,
    /** Lanes that gather events before they deliver them, as moderation_us allows: a gauge. */
    MODERATED,
    /** Times that a lane has tried out whether that pays. */
    MODERATION_TRIALS,
    /** Requests and replies that are not in the capture, as there was no room between lane and writer. */
    CAPTURE_DROPPED,
    /** Conversations whose capture ends early for it. */
    CAPTURE_DAMAGED,
    /** Requests that were looked at for hot_keys, and whose replies were not, as too many others were outstanding. */
    SAMPLES_NOT_FOLLOWED,
    /** Requests that took slowlog_log_slower_than_us or longer. */
    SLOW_REQUESTS,
    /** Of those the ones that the slow log does not have, as too many came before it could take them. */
    SLOW_REQUESTS_LOST,
    /** Exceptions in stages or handlers. */
    FAULTS
}
