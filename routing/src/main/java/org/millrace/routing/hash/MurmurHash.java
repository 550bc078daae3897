package org.millrace.routing.hash;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/** MurmurHash2 over little-endian words, with a seed that is 0xdeadbeef times the key's length. */
final class MurmurHash implements KeyHash {
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SEED = 0xdeadbeef;

    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        int hash = (SEED * length) ^ length;
        int i = offset;
        for (int end = offset + (length & ~3); i < end; i += 4) {
            int word = buffer.getInt(i, LITTLE_ENDIAN) * MULTIPLIER;
            word = (word ^ (word >>> 24)) * MULTIPLIER;
            hash = (hash * MULTIPLIER) ^ word;
        }
        int tailLength = length & 3;
        if (tailLength != 0) {
            hash = (hash ^ TailBytes.littleEndian(buffer, i, tailLength)) * MULTIPLIER;
        }
        hash = (hash ^ (hash >>> 13)) * MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}
