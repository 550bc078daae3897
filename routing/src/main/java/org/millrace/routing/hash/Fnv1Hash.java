package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/** FNV-1 (multiply, then xor) in 32 bits, with each byte sign-extended. */
final class Fnv1Hash implements KeyHash {
    private final int start;
    private final int prime;

    Fnv1Hash(int start, int prime) {
        this.start = start;
        this.prime = prime;
    }

    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        int hash = start;
        for (int i = offset, end = offset + length; i < end; i++) {
            hash = (hash * prime) ^ buffer.getByte(i);
        }
        return hash;
    }
}
