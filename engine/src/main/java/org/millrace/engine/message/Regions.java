package org.millrace.engine.message;

import org.millrace.io.Segment;

/**
 * Received bytes of one connection that cannot be framed yet: a FIFO of (segment, offset, length), each holding a
 * reference. Reading pauses while it is not empty, so it holds one region with a readiness-based transport and a few
 * more with a completion-based one.
 */
public final class Regions {
    private Segment[] segments;
    private int[] offsets;
    private int[] limits;
    private int first;
    private int count;

    public boolean isEmpty() {
        return count == 0;
    }

    /** Appends a region and retains its segment. */
    public void add(Segment segment, int offset, int limit) {
        if (segments == null) {
            segments = new Segment[2];
            offsets = new int[2];
            limits = new int[2];
        } else if (count == segments.length) {
            grow();
        }
        segment.retain();
        int slot = (first + count++) & (segments.length - 1);
        segments[slot] = segment;
        offsets[slot] = offset;
        limits[slot] = limit;
    }

    private void grow() {
        int size = segments.length;
        Segment[] largerSegments = new Segment[size * 2];
        int[] largerOffsets = new int[size * 2];
        int[] largerLimits = new int[size * 2];
        for (int i = 0; i < count; i++) {
            int slot = (first + i) & (size - 1);
            largerSegments[i] = segments[slot];
            largerOffsets[i] = offsets[slot];
            largerLimits[i] = limits[slot];
        }
        segments = largerSegments;
        offsets = largerOffsets;
        limits = largerLimits;
        first = 0;
    }

    public Segment segment() {
        return segments[first];
    }

    public int offset() {
        return offsets[first];
    }

    public int limit() {
        return limits[first];
    }

    /** The head region's bytes up to {@code offset} are taken; at its limit it goes. */
    public void advanceTo(int offset) {
        offsets[first] = offset;
        if (offset == limits[first]) {
            segments[first].release();
            segments[first] = null;
            first = (first + 1) & (segments.length - 1);
            count--;
        }
    }

    /** Bytes of the segments that this pins: a region keeps its whole segment. */
    public long heldBytes() {
        long held = 0;
        for (int i = 0; i < count; i++) {
            held += segments[(first + i) & (segments.length - 1)].capacity();
        }
        return held;
    }

    /** Drops everything. */
    public void clear() {
        while (count > 0) {
            advanceTo(limits[first]);
        }
    }
}
