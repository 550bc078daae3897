package org.millrace.routing.hash;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * Paul Hsieh's SuperFastHash starting from 0. Of a tail of three bytes the last is sign-extended; a tail of one byte is
 * not.
 */
final class HsiehHash implements KeyHash {
    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        int hash = 0;
        int i = offset;
        for (int end = offset + (length & ~3); i < end; i += 4) {
            int word = buffer.getInt(i, LITTLE_ENDIAN);
            hash += word & 0xffff;
            hash = (hash << 16) ^ ((word >>> 16) << 11) ^ hash;
            hash += hash >>> 11;
        }
        return avalanche(tail(hash, buffer, i, length & 3));
    }

    private static int tail(int start, DirectBuffer buffer, int offset, int length) {
        int hash = start;
        switch (length) {
            case 3:
                hash += low16(buffer, offset);
                hash ^= hash << 16;
                hash ^= buffer.getByte(offset + 2) << 18;
                return hash + (hash >>> 11);
            case 2:
                hash += low16(buffer, offset);
                hash ^= hash << 11;
                return hash + (hash >>> 17);
            case 1:
                hash += buffer.getByte(offset) & 0xff;
                hash ^= hash << 10;
                return hash + (hash >>> 1);
            default:
                return hash;
        }
    }

    private static int avalanche(int value) {
        int hash = value;
        hash ^= hash << 3;
        hash += hash >>> 5;
        hash ^= hash << 4;
        hash += hash >>> 17;
        hash ^= hash << 25;
        return hash + (hash >>> 6);
    }

    private static int low16(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, LITTLE_ENDIAN) & 0xffff;
    }
}
