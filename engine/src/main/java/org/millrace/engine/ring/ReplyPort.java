package org.millrace.engine.ring;

import com.lmax.disruptor.RingBuffer;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.message.Message;

/** The server half's way into the reply ring, for everything that is not a received message. Server half's thread. */
public final class ReplyPort {
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    private final RingBuffer<ReplySlot> ring;
    /** Releases that found the ring full; at most as many as there are messages. */
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    /** Whom the replies that are made here are about; null and 0 if nobody. */
    private String server;
    private int sentTicks;

    public ReplyPort(RingBuffer<ReplySlot> ring) {
        this.ring = ring;
    }

    /** True if so many slots are free. */
    public boolean hasRoom(int slots) {
        return ring.hasAvailableCapacity(slots);
    }

    /** Claims the next slot; only after {@link #hasRoom}. */
    public long claim() {
        return ring.next();
    }

    /** The claimed slot. */
    public ReplySlot slot(long sequence) {
        return ring.get(sequence);
    }

    /** Publishes the claimed slot. */
    public void publish(long sequence) {
        ring.publish(sequence);
    }

    /**
     * What follows is about a request to this server.
     *
     * @param ticks when it was sent, 0 if it was not, see {@link ReplySlot#sentTicks}
     */
    public void from(String name, int ticks) {
        server = name;
        sentTicks = ticks;
    }

    /** What follows is about none. */
    public void fromNobody() {
        from(null, 0);
    }

    /** Answers an exchange with constant bytes. */
    public void fail(long exchangeId, DirectBuffer error) {
        constant(ReplySlot.FAILURE, exchangeId, error);
    }

    /** Answers an exchange with nothing: its client does not want to hear of it. */
    public void silence(long exchangeId) {
        long sequence = ring.next();
        ReplySlot slot = ring.get(sequence);
        slot.server = server;
        slot.sentTicks = sentTicks;
        slot.exchangeId = exchangeId;
        silent(slot);
        ring.publish(sequence);
    }

    /** Makes a slot a reply without a byte; what it held must be gone. */
    public static void silent(ReplySlot slot) {
        slot.kind = ReplySlot.REPLY;
        slot.message = null;
        slot.buffer = NOTHING;
        slot.offset = 0;
        slot.length = 0;
    }

    private void constant(int kind, long exchangeId, DirectBuffer error) {
        long sequence = ring.next();
        ReplySlot slot = ring.get(sequence);
        slot.server = server;
        slot.sentTicks = sentTicks;
        slot.kind = kind;
        slot.exchangeId = exchangeId;
        slot.buffer = error;
        slot.offset = 0;
        slot.length = error.capacity();
        slot.message = null;
        ring.publish(sequence);
    }

    /** Answers an exchange with a message of the server half. */
    public void reply(long exchangeId, Message message) {
        event(ReplySlot.REPLY, exchangeId, message, 0);
    }

    /** Gives a request's message back, now or as soon as the ring has room. */
    public void release(Message message) {
        if (waiting.isEmpty() && hasRoom(1)) {
            event(ReplySlot.RELEASE, 0, message, 0);
        } else {
            waiting.add(message);
        }
    }

    /** Publishes the releases that found the ring full before. */
    public int flushReleases() {
        int work = 0;
        while (!waiting.isEmpty() && hasRoom(1)) {
            event(ReplySlot.RELEASE, 0, waiting.poll(), 0);
            work++;
        }
        return work;
    }

    /** Says that a request waits, in so many bytes of the server half's memory. */
    public void parked(long exchangeId, int bytes) {
        event(ReplySlot.PARKED, exchangeId, null, bytes);
    }

    /** Says that it waits no longer, with the bytes that {@link #parked} told. */
    public void unparked(long exchangeId, int bytes) {
        event(ReplySlot.UNPARKED, exchangeId, null, bytes);
    }

    /** Says that a request has timed out and is in flight all the same. Needs room. */
    public void late(long exchangeId) {
        event(ReplySlot.LATE, exchangeId, null, 0);
    }

    /** Says that a client does not take its large reply; the error may take its place. Needs room. */
    public void stalled(long exchangeId, DirectBuffer error) {
        constant(ReplySlot.STALLED, exchangeId, error);
    }

    private void event(int kind, long exchangeId, Message message, int length) {
        long sequence = ring.next();
        ReplySlot slot = ring.get(sequence);
        slot.server = server;
        slot.sentTicks = sentTicks;
        slot.kind = kind;
        slot.exchangeId = exchangeId;
        slot.message = message;
        slot.length = length;
        ring.publish(sequence);
    }

    /** True if releases wait for room. */
    public boolean hasReleases() {
        return !waiting.isEmpty();
    }
}
