package org.millrace.io.sim;

import org.agrona.concurrent.UnsafeBuffer;

/** One direction of a connection: what has been written and not read, at most a window of it. */
final class SimPipe {
    static final int WINDOW_BYTES = 64 << 10;

    private final byte[] bytes = new byte[WINDOW_BYTES];
    private int head;
    private int size;
    /** Of the size, what has reached the receiver. */
    int arrived;
    boolean finSent;
    boolean finArrived;
    /** Bytes of a direction keep their order, whatever delays are drawn for them. */
    long lastDueNs = Long.MIN_VALUE;

    int size() {
        return size;
    }

    int room() {
        return WINDOW_BYTES - size;
    }

    void write(UnsafeBuffer buffer, int offset, int length) {
        int at = head + size & WINDOW_BYTES - 1;
        int first = Math.min(length, WINDOW_BYTES - at);
        buffer.getBytes(offset, bytes, at, first);
        buffer.getBytes(offset + first, bytes, 0, length - first);
        size += length;
    }

    void read(UnsafeBuffer buffer, int offset, int length) {
        int first = Math.min(length, WINDOW_BYTES - head);
        buffer.putBytes(offset, bytes, head, first);
        buffer.putBytes(offset + first, bytes, 0, length - first);
        head = head + length & WINDOW_BYTES - 1;
        size -= length;
        arrived -= length;
    }
}
