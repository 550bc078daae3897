package org.millrace.codec.memcached;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * The bytes that words are made of: all but blanks and control bytes. Longer words are read eight bytes at a time; a
 * byte behind a word may be looked at once more, none outside of the limit ever is.
 */
final class PlainBytes {
    private static final int DELETE = 127;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x80 * ONES;
    private static final int STEP = 8;

    private PlainBytes() {
    }

    static boolean isPlain(int b) {
        return b > ' ' && b != DELETE || b < 0;
    }

    /** How many plain bytes the long begins with, its lowest byte first. */
    static int count(long bytes) {
        // a borrow can only spoil what lies above the lowest byte that is found
        long low = bytes - (' ' + 1) * ONES & ~bytes;
        long delete = bytes ^ DELETE * ONES;
        return Long.numberOfTrailingZeros((low | delete - ONES & ~delete) & HIGH) >>> 3;
    }

    /** The first offset from this one on whose byte is not plain, or the limit. */
    static int end(DirectBuffer buffer, int offset, int limit) {
        int at = offset;
        while (limit - at >= STEP) {
            int plain = count(buffer.getLong(at, ByteOrder.LITTLE_ENDIAN));
            at += plain;
            if (plain < STEP) {
                return at;
            }
        }
        while (at < limit && isPlain(buffer.getByte(at))) {
            at++;
        }
        return at;
    }

    /** {@link #end} for a word that may well be short. */
    static int endOfShort(DirectBuffer buffer, int offset, int limit) {
        int at = offset;
        int few = Math.min(limit, offset + STEP / 2);
        while (at < few) {
            if (!isPlain(buffer.getByte(at))) {
                return at;
            }
            at++;
        }
        return end(buffer, at, limit);
    }
}
