package org.millrace.routing.hash;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * MD5 (RFC 1321) of a range of a buffer, without a copy of it and without allocation. Not for security: it places keys
 * and ring points.
 *
 * <p>Not thread-safe: the digest and the block being worked on are kept in the instance. The JDK's implementation wants
 * arrays or byte buffers, which keys in off-heap segments are not.
 */
public final class Md5 {
    private static final int BLOCK_LENGTH = 64;
    private static final int LENGTH_WORD = 14;
    private static final int[] SINES = sines();

    private final int[] block = new int[BLOCK_LENGTH / Integer.BYTES];
    private int digest0;
    private int digest1;
    private int digest2;
    private int digest3;

    /**
     * Computes the digest, to be read by {@link #word(int)}.
     *
     * @param buffer that holds the bytes
     * @param offset of the first byte
     * @param length in bytes, 0 or more
     */
    public void digest(DirectBuffer buffer, int offset, int length) {
        digest0 = 0x67452301;
        digest1 = 0xefcdab89;
        digest2 = 0x98badcfe;
        digest3 = 0x10325476;
        int i = offset;
        for (int end = offset + (length & -BLOCK_LENGTH); i < end; i += BLOCK_LENGTH) {
            for (int word = 0; word < block.length; word++) {
                block[word] = buffer.getInt(i + (word << 2), LITTLE_ENDIAN);
            }
            compress();
        }
        pad(buffer, i, length & (BLOCK_LENGTH - 1), length);
    }

    /**
     * A word of the last digest.
     *
     * @param index 0..3
     * @return four bytes of the digest, little-endian
     */
    public int word(int index) {
        return switch (index) {
            case 0 -> digest0;
            case 1 -> digest1;
            case 2 -> digest2;
            case 3 -> digest3;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    private void pad(DirectBuffer buffer, int offset, int tailLength, int length) {
        Arrays.fill(block, 0);
        int word = 0;
        for (; word < tailLength >> 2; word++) {
            block[word] = buffer.getInt(offset + (word << 2), LITTLE_ENDIAN);
        }
        int left = tailLength & 3;
        block[word] = TailBytes.littleEndian(buffer, offset + (word << 2), left) | 0x80 << (left << 3);
        if (word >= LENGTH_WORD) {
            compress();
            Arrays.fill(block, 0);
        }
        long bits = (long) length << 3;
        block[LENGTH_WORD] = (int) bits;
        block[LENGTH_WORD + 1] = (int) (bits >>> 32);
        compress();
    }

    /** Four rounds of sixteen steps; rounds 2 to 4 take their rotations from the bytes of a constant, low first. */
    private void compress() {
        int a = digest0;
        int b = digest1;
        int c = digest2;
        int d = digest3;
        for (int step = 0; step < 64; step++) {
            int mixed;
            int word;
            int rotation;
            switch (step >> 4) {
                case 0:
                    mixed = d ^ (b & (c ^ d));
                    word = step;
                    rotation = 7 + 5 * (step & 3);
                    break;
                case 1:
                    mixed = c ^ (d & (b ^ c));
                    word = 5 * step + 1;
                    rotation = 0x140e0905 >>> ((step & 3) << 3);
                    break;
                case 2:
                    mixed = b ^ c ^ d;
                    word = 3 * step + 5;
                    rotation = 0x17100b04 >>> ((step & 3) << 3);
                    break;
                default:
                    mixed = c ^ (b | ~d);
                    word = 7 * step;
                    rotation = 0x150f0a06 >>> ((step & 3) << 3);
                    break;
            }
            int sum = a + mixed + SINES[step] + block[word & 15];
            a = d;
            d = c;
            c = b;
            b += Integer.rotateLeft(sum, rotation);
        }
        digest0 += a;
        digest1 += b;
        digest2 += c;
        digest3 += d;
    }

    private static int[] sines() {
        int[] sines = new int[64];
        for (int i = 0; i < sines.length; i++) {
            sines[i] = (int) (long) (Math.abs(StrictMath.sin(i + 1)) * (1L << 32));
        }
        return sines;
    }
}
