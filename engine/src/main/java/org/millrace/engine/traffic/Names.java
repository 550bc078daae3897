package org.millrace.engine.traffic;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Names by number: of each its beginning, and its length. One thread at a time. */
final class Names {
    private final int bytesMax;
    private final UnsafeBuffer bytes;
    private final long[] lengths;

    /**
     * With nothing in it.
     *
     * @param capacity names
     * @param bytesMax so much of a name is kept
     */
    Names(int capacity, int bytesMax) {
        this.bytesMax = bytesMax;
        bytes = new UnsafeBuffer(new byte[capacity * bytesMax]);
        lengths = new long[capacity];
    }

    /** Heap that it takes, about. */
    static long bytes(int capacity, int bytesMax) {
        return capacity * ((long) bytesMax + Long.BYTES);
    }

    /**
     * Puts a name in the place of another one.
     *
     * @param shown bytes of it that are there, all or its beginning
     * @param whole bytes of the whole name
     */
    void put(int number, DirectBuffer buffer, int offset, int shown, long whole) {
        bytes.putBytes(number * bytesMax, buffer, offset, Math.min(shown, bytesMax));
        lengths[number] = whole;
    }

    /** The name, or its beginning. */
    byte[] get(int number) {
        byte[] name = new byte[(int) Math.min(lengths[number], bytesMax)];
        bytes.getBytes(number * bytesMax, name);
        return name;
    }

    /** Bytes of the whole name. */
    long length(int number) {
        return lengths[number];
    }
}
