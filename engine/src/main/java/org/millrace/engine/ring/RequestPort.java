package org.millrace.engine.ring;

import com.lmax.disruptor.RingBuffer;
import java.util.ArrayDeque;
import org.agrona.collections.IntArrayQueue;
import org.millrace.engine.message.Message;
import org.millrace.engine.topology.Snapshot;

/** The client half's way into the request ring. Client half's thread. */
public final class RequestPort {
    private final RingBuffer<RequestSlot> ring;
    /** Releases that found the ring full; at most as many as there are messages. */
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    /** Ordinals of clients gone that found the ring full; at most as many as there were clients. */
    private final IntArrayQueue gone = new IntArrayQueue(-1);

    /** A snapshot that found the ring full; a later one takes its place. */
    private Snapshot topology;

    public RequestPort(RingBuffer<RequestSlot> ring) {
        this.ring = ring;
    }

    /** True if a slot is free. */
    public boolean hasRoom() {
        return ring.hasAvailableCapacity(1);
    }

    /** Claims the next slot; only after {@link #hasRoom}. */
    public long claim() {
        return ring.next();
    }

    /** The claimed slot. */
    public RequestSlot slot(long sequence) {
        return ring.get(sequence);
    }

    /** Publishes the claimed slot. */
    public void publish(long sequence) {
        ring.publish(sequence);
    }

    /** Gives a reply's message back to the server half, now or as soon as the ring has room. */
    public void release(Message message) {
        if (waiting.isEmpty() && hasRoom()) {
            publishRelease(message);
        } else {
            waiting.add(message);
        }
    }

    /** Says that a client is gone while requests of its were outstanding, now or as soon as the ring has room. */
    public void gone(int clientOrdinal) {
        if (gone.isEmpty() && hasRoom()) {
            publishGone(clientOrdinal);
        } else {
            gone.addInt(clientOrdinal);
        }
    }

    private void publishGone(int clientOrdinal) {
        long sequence = ring.next();
        RequestSlot slot = ring.get(sequence);
        slot.kind = RequestSlot.GONE;
        slot.clientOrdinal = clientOrdinal;
        ring.publish(sequence);
    }

    /** Says that requests from here on go by another snapshot, now or as soon as the ring has room. */
    public void topology(Snapshot snapshot) {
        topology = snapshot;
        flushTopology();
    }

    private int flushTopology() {
        if (topology == null || !hasRoom()) {
            return 0;
        }
        long sequence = ring.next();
        RequestSlot slot = ring.get(sequence);
        slot.kind = RequestSlot.TOPOLOGY;
        slot.snapshot = topology;
        ring.publish(sequence);
        topology = null;
        return 1;
    }

    /** Publishes the releases, the clients gone and the snapshot that found the ring full before. */
    public int flushReleases() {
        int work = flushTopology();
        while (!gone.isEmpty() && hasRoom()) {
            publishGone(gone.pollInt());
            work++;
        }
        while (!waiting.isEmpty() && hasRoom()) {
            publishRelease(waiting.poll());
            work++;
        }
        return work;
    }

    private void publishRelease(Message message) {
        long sequence = ring.next();
        RequestSlot slot = ring.get(sequence);
        slot.kind = RequestSlot.RELEASE;
        slot.message = message;
        ring.publish(sequence);
    }

    /** True if releases, clients gone or a snapshot wait for room. */
    public boolean hasReleases() {
        return !waiting.isEmpty() || !gone.isEmpty() || topology != null;
    }
}
