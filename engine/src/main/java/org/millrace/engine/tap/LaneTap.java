package org.millrace.engine.tap;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessageBytes;

/**
 * The ring of one lane. The client half's thread writes, that of the {@link TapPump} reads. What finds no room is
 * dropped and counted; nobody waits.
 * <pre>
 *   ring record:  0 time in ns | 8 conversation | 16 flags | 20 unused | 24 bytes
 * </pre>
 */
public final class LaneTap implements MessageBytes.Target {
    static final int CONVERSATION = 8;
    static final int FLAGS = 16;
    static final int HEADER = 24;

    private static final int PIECE_MAX = 64 << 10;

    private final int lane;
    private final int sample;
    private final CounterSet<ClientHalfCounter> counters;
    private final OneToOneRingBuffer ring;
    private final AtomicBuffer buffer;
    private final int pieceMax;
    /** Conversations that are damaged, for which there was no room even to say so. */
    private final ArrayDeque<Long> unmarked = new ArrayDeque<>();
    private long conversations;
    // the message that is being written
    private int type;
    private int flags;
    private long timeNs;
    private long conversation;
    private long left;
    private boolean whole;

    /**
     * A tap without conversations.
     *
     * @param lane     its number
     * @param sample   one of so many clients is captured
     * @param ringSize bytes, rounded up to a power of two
     * @param counters of the client half
     */
    public LaneTap(int lane, int sample, int ringSize, CounterSet<ClientHalfCounter> counters) {
        this.lane = lane;
        this.sample = sample;
        this.counters = counters;
        int capacity = BitUtil.findNextPositivePowerOfTwo(ringSize);
        ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
        buffer = ring.buffer();
        pieceMax = Math.min(PIECE_MAX, ring.maxMsgLength() - HEADER);
    }

    /** True if the client with this number is one of those that are captured. */
    public boolean takes(long clientNumber) {
        return clientNumber % sample == 1 % sample;
    }

    long newConversation() {
        return ++conversations << 8 | lane;
    }

    /** Room enough to begin anew after something was dropped, and every damage is marked. */
    boolean hasRoom(long nowNs) {
        mark(nowNs);
        return unmarked.isEmpty() && ring.size() <= ring.capacity() / 2;
    }

    /** This conversation lacks something from here on. */
    void damaged(long nowNs, long which) {
        counters.increment(ClientHalfCounter.CAPTURE_DAMAGED);
        dropped();
        unmarked.add(which);
        mark(nowNs);
    }

    /** A request or a reply is not kept. */
    void dropped() {
        counters.increment(ClientHalfCounter.CAPTURE_DROPPED);
    }

    private void mark(long nowNs) {
        while (!unmarked.isEmpty() && piece(TapRecord.DAMAGED, 0, nowNs, unmarked.peek(), null, 0, 0)) {
            unmarked.poll();
        }
    }

    /** Writes bytes that lie together; false if there was no room for all of them. */
    boolean write(int recordType, int recordFlags, long nowNs, long which, DirectBuffer source, int offset,
        int length) {
        int at = offset;
        int rest = length;
        while (rest > pieceMax) {
            if (!piece(recordType, recordFlags | TapRecord.MORE, nowNs, which, source, at, pieceMax)) {
                return false;
            }
            at += pieceMax;
            rest -= pieceMax;
        }
        return piece(recordType, recordFlags, nowNs, which, source, at, rest);
    }

    /** Writes a message; false if there was no room for all of it. */
    boolean write(int recordType, int recordFlags, long nowNs, long which, Message message) {
        type = recordType;
        flags = recordFlags;
        timeNs = nowNs;
        conversation = which;
        left = message.length();
        whole = true;
        MessageBytes.tell(message, this);
        return whole;
    }

    @Override
    public void take(DirectBuffer source, int offset, int length) {
        left -= length;
        whole = whole && write(type, left > 0 ? flags | TapRecord.MORE : flags, timeNs, conversation, source, offset,
            length);
    }

    private boolean piece(int recordType, int recordFlags, long nowNs, long which, DirectBuffer source, int offset,
        int length) {
        int index = ring.tryClaim(recordType, HEADER + length);
        if (index < 0) {
            return false;
        }
        buffer.putLong(index, nowNs);
        buffer.putLong(index + CONVERSATION, which);
        buffer.putInt(index + FLAGS, recordFlags);
        if (length > 0) {
            buffer.putBytes(index + HEADER, source, offset, length);
        }
        ring.commit(index);
        return true;
    }

    /** An eighth of the ring is in use. The pump's thread. */
    boolean isFilling() {
        return ring.size() > ring.capacity() / 8;
    }

    /** Takes records out, at most so many. The pump's thread. */
    int drain(MessageHandler handler, int limit) {
        return ring.read(handler, limit);
    }
}
