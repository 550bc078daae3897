package org.millrace.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** What free segments hold in tests, so that reading or writing them after their release shows. */
final class Poison {
    private static final byte BYTE = (byte) 0xDB;
    /** As much of it as the largest pooled segment holds: comparing two buffers is faster than looking at each word. */
    private static final ByteBuffer WHOLE = whole();

    private Poison() {
    }

    private static ByteBuffer whole() {
        byte[] bytes = new byte[SizeClasses.MAX_BYTES];
        Arrays.fill(bytes, BYTE);
        return ByteBuffer.wrap(bytes);
    }

    static void fill(UnsafeBuffer buffer) {
        buffer.setMemory(0, buffer.capacity(), BYTE);
    }

    static void check(UnsafeBuffer buffer) {
        ByteBuffer bytes = buffer.byteBuffer().slice(buffer.wrapAdjustment(), buffer.capacity());
        int offset = bytes.mismatch(WHOLE.slice(0, buffer.capacity()));
        if (offset >= 0) {
            throw new IllegalStateException("a free segment was written to at offset " + offset);
        }
    }
}
