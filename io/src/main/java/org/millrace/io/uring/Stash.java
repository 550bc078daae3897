package org.millrace.io.uring;

import java.util.Arrays;
import org.millrace.io.Segment;

/** A FIFO of received bytes that wait for the end of a pause, with a reference to each segment. Empty costs nothing. */
final class Stash {
    private static final int INITIAL = 4;

    private Segment[] segments;
    private int[] offsets;
    private int[] lengths;
    private int first;
    private int end;

    boolean isEmpty() {
        return first == end;
    }

    /** The reference goes over. */
    void add(Segment segment, int offset, int length) {
        if (segments == null) {
            segments = new Segment[INITIAL];
            offsets = new int[INITIAL];
            lengths = new int[INITIAL];
        } else if (end == segments.length) {
            segments = Arrays.copyOf(segments, end * 2);
            offsets = Arrays.copyOf(offsets, end * 2);
            lengths = Arrays.copyOf(lengths, end * 2);
        }
        segments[end] = segment;
        offsets[end] = offset;
        lengths[end++] = length;
    }

    int offset() {
        return offsets[first];
    }

    int length() {
        return lengths[first];
    }

    /** The reference goes over to the caller. */
    Segment takeFirst() {
        Segment segment = segments[first];
        segments[first++] = null;
        if (first == end) {
            first = 0;
            end = 0;
            segments = null;
            offsets = null;
            lengths = null;
        }
        return segment;
    }

    void clear() {
        while (!isEmpty()) {
            takeFirst().release();
        }
    }
}
