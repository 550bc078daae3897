package org.millrace.engine.message;

import org.millrace.io.Segment;

/**
 * Segments that ring slots point into: each is retained until the last stage of the ring has passed the last slot that
 * points into it. This is what lets a receive segment belong to the turn: its memory is free again as soon as the
 * consumer's sequence has moved on, in one thread or across two.
 */
public final class Residents {
    private Segment[] segments = new Segment[64];
    private long[] sequences = new long[64];
    private long head;
    private long tail;

    /** Keeps a segment until {@code sequence} is consumed; sequences never go down. */
    public void keep(Segment segment, long sequence) {
        int mask = segments.length - 1;
        if (tail > head && segments[(int) (tail - 1) & mask] == segment) {
            sequences[(int) (tail - 1) & mask] = sequence;
            return;
        }
        if (tail - head == segments.length) {
            grow();
            mask = segments.length - 1;
        }
        segment.retain();
        segments[(int) tail & mask] = segment;
        sequences[(int) tail & mask] = sequence;
        tail++;
    }

    private void grow() {
        int size = segments.length;
        Segment[] largerSegments = new Segment[size * 2];
        long[] largerSequences = new long[size * 2];
        for (long i = head; i < tail; i++) {
            largerSegments[(int) i & (size * 2 - 1)] = segments[(int) i & (size - 1)];
            largerSequences[(int) i & (size * 2 - 1)] = sequences[(int) i & (size - 1)];
        }
        segments = largerSegments;
        sequences = largerSequences;
    }

    /** Releases every segment whose slots are all consumed. */
    public void releaseUpTo(long consumed) {
        int mask = segments.length - 1;
        while (head < tail && sequences[(int) head & mask] <= consumed) {
            segments[(int) head & mask].release();
            segments[(int) head & mask] = null;
            head++;
        }
    }

    public boolean isEmpty() {
        return head == tail;
    }
}
