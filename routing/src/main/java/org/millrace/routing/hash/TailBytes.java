package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/** Reads the last, incomplete word of a key without touching a byte behind it. */
final class TailBytes {
    private TailBytes() {
    }

    /** The unsigned bytes at {@code offset} as a little-endian word; {@code length} is clamped to 0..4. */
    static int littleEndian(DirectBuffer buffer, int offset, int length) {
        int word = 0;
        for (int i = 0, end = Math.min(length, Integer.BYTES); i < end; i++) {
            word |= (buffer.getByte(offset + i) & 0xff) << (i << 3);
        }
        return word;
    }
}
