package org.millrace.codec;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Holds bytes amid poison, counts the bytes that are read, and fails on a read outside of the allowed range. */
public final class GuardedBuffer extends UnsafeBuffer {
    /** Bytes of poison on either side. */
    public static final int MARGIN = 16;

    private final byte[] bytes;
    private long reads;
    private int from;
    private int to;

    /** Room for so many bytes, all of them poison. */
    public GuardedBuffer(int capacity, byte poison) {
        this(filled(capacity, poison));
    }

    private GuardedBuffer(byte[] bytes) {
        super(bytes);
        this.bytes = bytes;
    }

    private static byte[] filled(int capacity, byte poison) {
        byte[] bytes = new byte[capacity + 2 * MARGIN];
        Arrays.fill(bytes, poison);
        return bytes;
    }

    /** Puts source bytes behind the margin and allows reads of them alone. */
    public void fill(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, MARGIN, length);
        allow(MARGIN, MARGIN + length);
    }

    /** Allows reads of these bytes alone. */
    public void allow(int first, int limit) {
        from = first;
        to = limit;
    }

    /** Bytes read so far. */
    public long reads() {
        return reads;
    }

    /** Copies bytes without counting them. */
    public void copy(int offset, byte[] target, int targetOffset, int length) {
        System.arraycopy(bytes, offset, target, targetOffset, length);
    }

    private void read(int index, int length) {
        reads += length;
        if (index < from || index + length > to) {
            throw new AssertionError("read of " + length + " at " + index + " outside of [" + from + "," + to + ")");
        }
    }

    @Override
    public byte getByte(int index) {
        read(index, 1);
        return super.getByte(index);
    }

    @Override
    public short getShort(int index, ByteOrder order) {
        read(index, 2);
        return super.getShort(index, order);
    }

    @Override
    public int getInt(int index, ByteOrder order) {
        read(index, 4);
        return super.getInt(index, order);
    }

    @Override
    public long getLong(int index, ByteOrder order) {
        read(index, 8);
        return super.getLong(index, order);
    }
}
