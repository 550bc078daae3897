package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Answers requests that all have the same length with one and the same reply, without looking at them. */
final class FixedReplies implements ServerScript {
    private final Segment segment;
    private final int requestLength;
    private final int replyLength;
    private final int capacity;
    private long owed;

    /**
     * A server.
     *
     * @param requestLength bytes of every request
     * @param reply         the answer to every request
     */
    FixedReplies(SegmentArena arena, int requestLength, DirectBuffer reply) {
        this.requestLength = requestLength;
        replyLength = reply.capacity();
        segment = arena.acquire(ScriptedTransport.RECEIVE_BYTES);
        capacity = segment.capacity() / replyLength;
        for (int i = 0; i < capacity; i++) {
            segment.buffer().putBytes(i * replyLength, reply, 0, replyLength);
        }
    }

    @Override
    public void onRequests(Output output) {
        long bytes = output.unsentBytes();
        if (bytes % requestLength != 0) {
            throw new IllegalStateException(bytes + " bytes are not a number of requests of " + requestLength);
        }
        owed += bytes / requestLength;
    }

    @Override
    public boolean deliver(ConnectionHandler link) {
        if (owed == 0) {
            return false;
        }
        int replies = (int) Math.min(owed, capacity);
        owed -= replies;
        link.onReceived(segment, 0, replies * replyLength);
        return true;
    }

    @Override
    public void close() {
        segment.release();
    }
}
