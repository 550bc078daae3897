package org.millrace.io;

import java.util.Arrays;

/** A FIFO of (segment, offset, length), in arrays that grow to the most it ever held. */
final class ChunkRing {
    private static final int INITIAL = 4;

    private Segment[] segments = new Segment[INITIAL];
    private int[] offsets = new int[INITIAL];
    private int[] lengths = new int[INITIAL];
    private boolean[] owned = new boolean[INITIAL];
    private int head;
    private int size;

    int size() {
        return size;
    }

    Segment segment(int index) {
        return segments[slot(index)];
    }

    int offset(int index) {
        return offsets[slot(index)];
    }

    int length(int index) {
        return lengths[slot(index)];
    }

    boolean isOwned(int index) {
        return owned[slot(index)];
    }

    void add(Segment segment, int offset, int length, boolean isOwned) {
        if (size == segments.length) {
            grow();
        }
        int slot = slot(size++);
        segments[slot] = segment;
        offsets[slot] = offset;
        lengths[slot] = length;
        owned[slot] = isOwned;
    }

    /** Makes the last chunk longer if the bytes follow it in the same segment. */
    boolean extendLast(Segment segment, int offset, int length, boolean isOwned) {
        if (size == 0) {
            return false;
        }
        int slot = slot(size - 1);
        if (segments[slot] != segment || owned[slot] != isOwned || offsets[slot] + lengths[slot] != offset) {
            return false;
        }
        lengths[slot] += length;
        return true;
    }

    /** Takes bytes, fewer than it has, off the first chunk. */
    void consume(int bytes) {
        offsets[head] += bytes;
        lengths[head] -= bytes;
    }

    void removeFirst() {
        segments[head] = null;
        head = head + 1 & segments.length - 1;
        size--;
    }

    private int slot(int index) {
        return head + index & segments.length - 1;
    }

    private void grow() {
        int length = segments.length;
        Segment[] oldSegments = segments;
        int[] oldOffsets = offsets;
        int[] oldLengths = lengths;
        boolean[] oldOwned = owned;
        segments = Arrays.copyOf(segments, length * 2);
        offsets = Arrays.copyOf(offsets, length * 2);
        lengths = Arrays.copyOf(lengths, length * 2);
        owned = Arrays.copyOf(owned, length * 2);
        // What had wrapped around to the front follows the old end now.
        System.arraycopy(oldSegments, 0, segments, length, head);
        System.arraycopy(oldOffsets, 0, offsets, length, head);
        System.arraycopy(oldLengths, 0, lengths, length, head);
        System.arraycopy(oldOwned, 0, owned, length, head);
        Arrays.fill(segments, 0, head, null);
    }
}
