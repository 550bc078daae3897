package org.millrace.engine.ring;

import com.lmax.disruptor.RingBuffer;
import java.util.ArrayDeque;
import org.millrace.engine.message.Message;

/** The client half's way into the request ring. Client half's thread. */
public final class RequestPort {
    private final RingBuffer<RequestSlot> ring;
    /** Releases that found the ring full; at most as many as there are messages. */
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    /** Clients gone, pool and ordinal, that found the ring full; at most as many as there were clients. */
    private final ArrayDeque<Long> gone = new ArrayDeque<>();

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
    public void gone(int pool, int clientOrdinal) {
        if (gone.isEmpty() && hasRoom()) {
            publishGone((long) pool << Integer.SIZE | clientOrdinal);
        } else {
            gone.addLast((long) pool << Integer.SIZE | clientOrdinal);
        }
    }

    private void publishGone(long client) {
        long sequence = ring.next();
        RequestSlot slot = ring.get(sequence);
        slot.kind = RequestSlot.GONE;
        slot.pool = (int) (client >>> Integer.SIZE);
        slot.clientOrdinal = (int) client;
        ring.publish(sequence);
    }

    /** Publishes the releases, and the clients gone, that found the ring full before. */
    public int flushReleases() {
        int work = 0;
        while (!gone.isEmpty() && hasRoom()) {
            publishGone(gone.removeFirst());
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

    /** True if releases or clients gone wait for room. */
    public boolean hasReleases() {
        return !waiting.isEmpty() || !gone.isEmpty();
    }
}
