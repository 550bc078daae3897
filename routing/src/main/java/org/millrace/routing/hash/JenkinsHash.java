package org.millrace.routing.hash;

import static java.lang.Integer.rotateLeft;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/** Jenkins' lookup3 over little-endian words with the initial value 13. An empty key gives the start value. */
final class JenkinsHash implements KeyHash {
    private static final int START = 0xdeadbeef + 13;
    private static final int BLOCK_LENGTH = 12;

    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        int a = START + length;
        int b = a;
        int c = a;
        if (length == 0) {
            return c;
        }
        int i = offset;
        int remaining = length;
        // A key that is a multiple of twelve bytes long keeps its last block for the tail.
        while (remaining > BLOCK_LENGTH) {
            a += buffer.getInt(i, LITTLE_ENDIAN);
            b += buffer.getInt(i + 4, LITTLE_ENDIAN);
            c += buffer.getInt(i + 8, LITTLE_ENDIAN);

            a = (a - c) ^ rotateLeft(c, 4);
            c += b;
            b = (b - a) ^ rotateLeft(a, 6);
            a += c;
            c = (c - b) ^ rotateLeft(b, 8);
            b += a;
            a = (a - c) ^ rotateLeft(c, 16);
            c += b;
            b = (b - a) ^ rotateLeft(a, 19);
            a += c;
            c = (c - b) ^ rotateLeft(b, 4);
            b += a;

            i += BLOCK_LENGTH;
            remaining -= BLOCK_LENGTH;
        }
        a += TailBytes.littleEndian(buffer, i, remaining);
        b += TailBytes.littleEndian(buffer, i + 4, remaining - 4);
        c += TailBytes.littleEndian(buffer, i + 8, remaining - 8);
        return finish(a, b, c);
    }

    private static int finish(int first, int second, int third) {
        int a = first;
        int b = second;
        int c = third;
        c = (c ^ b) - rotateLeft(b, 14);
        a = (a ^ c) - rotateLeft(c, 11);
        b = (b ^ a) - rotateLeft(a, 25);
        c = (c ^ b) - rotateLeft(b, 16);
        a = (a ^ c) - rotateLeft(c, 4);
        b = (b ^ a) - rotateLeft(a, 14);
        return (c ^ b) - rotateLeft(b, 24);
    }
}
