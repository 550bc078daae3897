package org.millrace.io;

import java.io.IOException;

/**
 * Sockets, completion-style: one transport belongs to one thread and tells its connections' handlers what has happened.
 *
 * <p><b>Order within a turn</b>: {@link #poll} delivers results of writes before reads; results that a flush yields at
 * once may be delivered from within {@link Connection#flush()}.
 * <p><b>Memory</b>: received bytes lie in a segment that the transport owns; a handler that keeps them after
 * {@link ConnectionHandler#onReceived} retains the segment. Bytes in an {@link Output} belong to the transport until
 * {@link ConnectionHandler#onWritten} passes their position or {@link ConnectionHandler#onClosed} comes; after a close,
 * {@code onClosed} is the last event and comes only when the system no longer holds any of the connection's memory.
 * <p><b>Re-entrance</b>: handlers may call any method of any connection of their transport from any event, except
 * {@link #poll}; {@code onClosed} is never delivered from within {@link Connection#close()} but by a later poll.
 */
public interface Transport extends AutoCloseable {
    /**
     * Starts to accept. A unix path is unlinked first if no process listens on it.
     *
     * @throws IOException with a message that names the address
     */
    Listener listen(Endpoint endpoint, ListenOptions options, AcceptHandler handler) throws IOException;

    /**
     * Takes over an accepted or detached socket, of this or another transport of the same kind; reading begins, with
     * what has arrived meanwhile.
     */
    Connection adopt(AcceptedSocket socket, ConnectionHandler handler) throws IOException;

    /**
     * Begins to connect; the outcome is {@code onConnected} or {@code onClosed}, always from a later poll.
     * Output may be appended before; it goes out when the connection stands.
     */
    Connection connect(Endpoint endpoint, ConnectionHandler handler);

    /** Runs one turn of I/O that ends as soon as there is something to deliver, see below. */
    default int poll(long timeoutNs) {
        return poll(timeoutNs, 0);
    }

    /**
     * Runs one turn of I/O.
     *
     * @param timeoutNs longest wait for a first event: 0 = none, negative = for ever (until {@link #wakeUp})
     * @param gatherNs  how long a turn that may wait gathers events before it delivers the first, unless there are
     *                  many: larger batches and fewer wake-ups for answers that come later. 0 = not at all. A wake-up
     *                  may be delayed as well.
     * @return number of events delivered
     */
    int poll(long timeoutNs, long gatherNs);

    /** False if polls never gather, whatever they are asked: the system knows no such wait. The thread that polls. */
    default boolean canGather() {
        return true;
    }

    /** Ends the wait of a running poll, or makes the next one not wait. Any thread. */
    void wakeUp();

    /** Where receive segments and output come from. */
    SegmentArena arena();

    /** Closes listeners and connections without events, and gives all segments back. Does not close the arena. */
    @Override
    void close();
}
