package org.millrace.io.uring;

/** Kinds of requests, as their completions name them. */
enum Op {
    /** A request whose completion nobody needs. */
    IGNORED,
    /** A send that posts a completion only if it did not send all. */
    QUICK_SEND,
    /** A send that waits for room. */
    SEND,
    RECEIVE,
    CONNECT,
    ACCEPT,
    WAKE;

    /** Of user_data. */
    static final int BITS = 8;
    private static final Op[] ALL = values();

    /** By the low bits of user_data. */
    static Op of(long userData) {
        return ALL[(int) userData & (1 << BITS) - 1];
    }

    /** Whether it is a send, whose result is delivered before anything else. */
    boolean isSend() {
        return this == QUICK_SEND || this == SEND;
    }
}
