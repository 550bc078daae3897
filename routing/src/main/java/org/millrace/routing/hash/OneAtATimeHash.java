package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/** Jenkins' one-at-a-time, with each byte sign-extended before it is added. */
final class OneAtATimeHash implements KeyHash {
    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        int hash = 0;
        for (int i = offset, end = offset + length; i < end; i++) {
            hash += buffer.getByte(i);
            hash += hash << 10;
            hash ^= hash >>> 6;
        }
        hash += hash << 3;
        hash ^= hash >>> 11;
        return hash + (hash << 15);
    }
}
