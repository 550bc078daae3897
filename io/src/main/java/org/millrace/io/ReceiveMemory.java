package org.millrace.io;

import org.agrona.BitUtil;

/**
 * For transports: the segment that is being received into. Shared by the connections of a transport within a turn, or,
 * for a connection that gathers, its own across turns. Used by the transport's thread.
 */
public final class ReceiveMemory {
    private final SegmentArena arena;
    private final int segmentBytes;
    private final int minRoom;
    private final int fallbackBytes;
    private final int alignment;
    private Segment segment;
    private int position;

    private ReceiveMemory(SegmentArena arena, int segmentBytes, int minRoom, int fallbackBytes, int alignment) {
        this.arena = arena;
        this.segmentBytes = segmentBytes;
        this.minRoom = minRoom;
        this.fallbackBytes = fallbackBytes;
        this.alignment = alignment;
    }

    /**
     * Memory of many connections: each receives behind the one before.
     *
     * @param minRoom a new segment is taken when less is left; also the size that will do when memory is short
     */
    public static ReceiveMemory shared(SegmentArena arena, int segmentBytes, int minRoom) {
        return new ReceiveMemory(arena, segmentBytes, minRoom, minRoom, Long.BYTES);
    }

    /**
     * Memory of one connection, filled without gaps.
     *
     * @param fallbackBytes the size that will do when memory is short
     */
    public static ReceiveMemory gathering(SegmentArena arena, int segmentBytes, int fallbackBytes) {
        return new ReceiveMemory(arena, segmentBytes, 1, fallbackBytes, 1);
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
            segment = arena.acquire(segmentBytes);
            if (segment == null && fallbackBytes < segmentBytes) {
                segment = arena.acquire(fallbackBytes);
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
}
