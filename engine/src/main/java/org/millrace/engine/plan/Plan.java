package org.millrace.engine.plan;

import org.agrona.DirectBuffer;
import org.millrace.engine.message.Message;

/**
 * A small pooled state machine for one exchange that takes several sub-requests. Lives in the server half. It is told
 * the outcome of each fragment exactly once; the fragment that completes it yields the exchange's reply.
 */
public abstract class Plan {
    private long exchangeId;
    private int pending;
    private boolean silent;

    /** Begins a plan of so many fragments. */
    protected final void open(long exchange, int fragments) {
        exchangeId = exchange;
        pending = fragments;
        silent = false;
    }

    /** The client wants no answer, whatever it is. */
    protected final void keepSilent() {
        silent = true;
    }

    /** True if the client gets nothing. */
    public final boolean isSilent() {
        return silent;
    }

    /** The exchange that this plan answers. */
    public final long exchangeId() {
        return exchangeId;
    }

    public abstract int fragmentCount();

    /** The server that a fragment goes to. */
    public abstract int server(int fragment);

    /** Hands a fragment's request over; once. */
    public abstract Message takeRequest(int fragment);

    /**
     * A fragment was answered.
     *
     * @param message the reply as an object, now the plan's, or null if it is resident at {@code buffer, offset,
     *         length}
     * @return true if this was the last fragment: take the {@link #result()}
     */
    public final boolean onReply(int fragment, DirectBuffer buffer, int offset, int length, Message message) {
        keepReply(fragment, buffer, offset, length, message);
        return --pending == 0;
    }

    /**
     * A fragment failed.
     *
     * @param error the reply that says why, a constant
     * @return true if this was the last fragment
     */
    public final boolean onFailure(int fragment, DirectBuffer error) {
        keepFailure(fragment, error);
        return --pending == 0;
    }

    /** Stores a fragment's reply. */
    protected abstract void keepReply(int fragment, DirectBuffer buffer, int offset, int length, Message message);

    /** Stores a fragment's failure. */
    protected abstract void keepFailure(int fragment, DirectBuffer error);

    /** The reply, a message of the server half, now the caller's; null if there was no memory for it. */
    public abstract Message result();

    /** The error reply that says that there was no memory for the result. */
    public abstract DirectBuffer noMemory();

    /** Gives the plan back to its pool, with everything that it still holds. */
    public abstract void close();
}
