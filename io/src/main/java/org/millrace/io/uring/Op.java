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
    WAKE,
    /** A request to cancel a send; it tells only if that was not found. */
    CANCEL_SEND,
    /** The same for a receive. */
    CANCEL_RECEIVE;

    /** Of user_data. */
    static final int BITS = 8;
    private static final Op[] ALL = values();

    /** By the low bits of user_data. */
    static Op of(long userData) {
        return ALL[(int) userData & (1 << BITS) - 1];
    }

    /** Whether the kernel answers it in any case, once or, with more to come, several times. */
    boolean isAlwaysAnswered() {
        return switch (this) {
            case IGNORED, QUICK_SEND, CANCEL_SEND, CANCEL_RECEIVE -> false;
            default -> true;
        };
    }

    /** Whether it is a send, whose result is delivered before anything else. */
    boolean isSend() {
        return this == QUICK_SEND || this == SEND;
    }
}
