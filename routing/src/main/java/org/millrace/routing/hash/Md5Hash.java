package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/** The first four bytes of the MD5 digest as a little-endian word. */
final class Md5Hash implements KeyHash {
    private final Md5 md5 = new Md5();

    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        md5.digest(buffer, offset, length);
        return md5.word(0);
    }
}
