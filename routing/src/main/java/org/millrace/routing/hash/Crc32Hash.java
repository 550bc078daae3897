package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/**
 * Bits 16 to 30 of a CRC-32, as old memcached clients did it. With only 32768 values it reaches a small part of a
 * ketama ring, which is why {@code crc32a} exists.
 */
final class Crc32Hash implements KeyHash {
    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        return (Crc32aHash.crc32(buffer, offset, length) >>> 16) & 0x7fff;
    }
}
