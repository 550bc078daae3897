package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/** FNV-1a (xor, then multiply) in 32 bits, with each byte sign-extended. */
final class Fnv1aHash implements KeyHash {
    private final int start;
    private final int prime;

    Fnv1aHash(int start, int prime) {
        this.start = start;
        this.prime = prime;
    }

    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        int hash = start;
        for (int i = offset, end = offset + length; i < end; i++) {
            hash = (hash ^ buffer.getByte(i)) * prime;
        }
        return hash;
    }
}
