package org.millrace.codec.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millrace.codec.GuardedBuffer;

/** Eight bytes at a time finds what one byte at a time finds. */
final class PlainBytesTest {
    private static final String EDGES = " !~\u007f\u0080\u00ff\u0000\u001f\r\n\u00a0\u0021kkkk";

    @Test
    void shouldTellEachByte() {
        for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
            boolean plain = (b & 0xFF) > 32 && b != 127;
            assertEquals(plain, PlainBytes.isPlain(b), "byte " + b);
            for (int place = 0; place < 8; place++) {
                long bytes = 0x6B6B6B6B6B6B6B6BL & ~(0xFFL << (place << 3)) | (b & 0xFFL) << (place << 3);
                assertEquals(plain ? 8 : place, PlainBytes.count(bytes), "byte " + b + " at " + place);
            }
        }
    }

    @Test
    void shouldFindTheEndOfEveryWord() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[random.nextInt(30)];
            int expected = -1;
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) EDGES.charAt(random.nextInt(4) == 0 ? random.nextInt(EDGES.length()) : 1);
                if (expected < 0 && !PlainBytes.isPlain(bytes[i])) {
                    expected = i;
                }
            }
            GuardedBuffer buffer = new GuardedBuffer(bytes.length, (byte) 'x');
            buffer.fill(bytes, 0, bytes.length);
            int limit = GuardedBuffer.MARGIN + bytes.length;
            int end = expected < 0 ? limit : GuardedBuffer.MARGIN + expected;
            assertEquals(end, PlainBytes.end(buffer, GuardedBuffer.MARGIN, limit), "seed " + seed);
            assertEquals(end, PlainBytes.endOfShort(buffer, GuardedBuffer.MARGIN, limit), "seed " + seed);
        }
    }
}
