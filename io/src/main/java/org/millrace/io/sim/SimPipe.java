package org.millrace.io.sim;

import org.agrona.concurrent.UnsafeBuffer;

/** One direction of a connection: what has been written and not read, at most a window of it. */
final class SimPipe {
    private static final byte[] NONE = {};

    private final int windowBytes;
    /** Taken with the first byte: many a connection never carries one. */
    private byte[] bytes = NONE;
    private int head;
    private int size;
    /** Of the size, what has reached the receiver. */
    int arrived;
    boolean finSent;
    boolean finArrived;
    private long lastDueNs = Long.MIN_VALUE;

    SimPipe(int windowBytes) {
        this.windowBytes = windowBytes;
    }

    /** When what is due then arrives: bytes keep their order, whatever delays are drawn for them. */
    long arrivalNs(long dueNs) {
        lastDueNs = Math.max(lastDueNs, dueNs);
        return lastDueNs;
    }

    int size() {
        return size;
    }

    int room() {
        return windowBytes - size;
    }

    void write(UnsafeBuffer buffer, int offset, int length) {
        if (bytes.length == 0) {
            bytes = new byte[windowBytes];
        }
        int end = head + size;
        int at = end < windowBytes ? end : end - windowBytes;
        int first = Math.min(length, windowBytes - at);
        buffer.getBytes(offset, bytes, at, first);
        buffer.getBytes(offset + first, bytes, 0, length - first);
        size += length;
    }

    void read(UnsafeBuffer buffer, int offset, int length) {
        int first = Math.min(length, windowBytes - head);
        buffer.putBytes(offset, bytes, head, first);
        buffer.putBytes(offset + first, bytes, 0, length - first);
        head += length;
        head = head < windowBytes ? head : head - windowBytes;
        size -= length;
        arrived -= length;
    }
}
