package org.millrace.io;

import org.agrona.BitUtil;

/**
 * For transports: the segment that is being received into. Shared by the connections of a transport within a turn, or,
 * for a connection that gathers, its own across turns. Used by the transport's thread.
 */
public final class ReceiveMemory {
    private static final int GROWTH = 4;

    private final SegmentArena arena;
    private final boolean reserved;
    private final int maxSegmentBytes;
    private final int minRoom;
    private final int fallbackBytes;
    private final int alignment;
    private int segmentBytes;
    private Segment segment;
    private int position;

    private ReceiveMemory(SegmentArena arena, boolean reserved, int segmentBytes, int maxSegmentBytes, int minRoom,
        int fallbackBytes, int alignment) {
        this.arena = arena;
        this.reserved = reserved;
        this.segmentBytes = segmentBytes;
        this.maxSegmentBytes = maxSegmentBytes;
        this.minRoom = minRoom;
        this.fallbackBytes = fallbackBytes;
        this.alignment = alignment;
    }

    /**
     * Memory of many connections: each receives behind the one before.
     *
     * @param reserved whether it may use what the arena reserves: for connections whose bytes free memory
     * @param minRoom  a new segment is taken when less is left; also the size that will do when memory is short
     */
    public static ReceiveMemory shared(SegmentArena arena, boolean reserved, int segmentBytes, int minRoom) {
        return new ReceiveMemory(arena, reserved, segmentBytes, segmentBytes, minRoom, minRoom, Long.BYTES);
    }

    /**
     * Memory of one connection, filled without gaps. Segments grow fourfold from one to the next.
     *
     * @param reserved      as above
     * @param segmentBytes  of the first segment
     * @param maxBytes      of the largest segment
     * @param fallbackBytes the size that will do when memory is short
     */
    public static ReceiveMemory gathering(
        SegmentArena arena, boolean reserved, int segmentBytes, int maxBytes, int fallbackBytes) {
        return new ReceiveMemory(arena, reserved, segmentBytes, maxBytes, 1, fallbackBytes, 1);
    }

    /** Starts a shared segment over, unless somebody has kept a piece of it: then it is his, and another is taken. */
    public void startTurn() {
        if (position > 0) {
            if (segment.references() > 1) {
                drop();
            } else {
                position = 0;
            }
        }
    }

    /** The segment to receive into from {@link #position()} to its end; null if the arena is exhausted. */
    public Segment room() {
        if (segment != null && segment.capacity() - position < minRoom) {
            drop();
        }
        if (segment == null) {
            segment = acquire(segmentBytes);
            if (segment == null && fallbackBytes < segmentBytes) {
                segment = acquire(fallbackBytes);
            }
        }
        return segment;
    }

    /** Where the next bytes go. */
    public int position() {
        return position;
    }

    /** So many bytes have been received. */
    public void received(int length) {
        position = Math.min(segment.capacity(), BitUtil.align(position + length, alignment));
    }

    /** The received bytes have been delivered: gives the segment up if it is full. */
    public void delivered() {
        if (segment != null && position == segment.capacity()) {
            segmentBytes = Math.min(maxSegmentBytes, segmentBytes * GROWTH);
            drop();
        }
    }

    /** Gives the segment up. */
    public void drop() {
        if (segment != null) {
            segment.release();
            segment = null;
        }
        position = 0;
    }

    private Segment acquire(int bytes) {
        return reserved ? arena.acquireReserved(bytes) : arena.acquire(bytes);
    }
}
