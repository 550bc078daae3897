package org.millrace.perf.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Twelve digits at once are those of one after the other. */
class DigitsTest {
    private static final long TRILLION = 1_000_000_000_000L;

    private final byte[] b = new byte[Digits.TWELVE + 2];

    @Test
    void shouldWriteWhatJavaWrites() {
        SplittableRandom random = new SplittableRandom(1);
        for (long bound = 10; bound <= TRILLION; bound *= 10) {
            check(bound - 1);
            check(bound % TRILLION);
            for (int i = 0; i < 20_000; i++) {
                check(random.nextLong(bound));
            }
        }
    }

    /** Where a multiplication stands for a division, the largest remainder of each part is what could go wrong. */
    @Test
    void shouldWriteEachBoundaryOfAPart() {
        for (long part = 0; part < 10_000; part++) {
            check(part * 10_000 + 9_999);
            check(part * 10_000);
            check(99_990_000 + part);
        }
    }

    @Test
    void shouldKeepTheLastTwelve() {
        Digits.putTwelve(b, 1, 7 * TRILLION + 42);
        assertEquals("000000000042", text());
        assertTrue(Digits.areTwelve(b, 1, 7 * TRILLION + 42));
    }

    private void check(long number) {
        Digits.putTwelve(b, 1, number);
        assertEquals(String.format(Locale.ROOT, "%012d", number), text());
        assertTrue(b[0] == 0 && b[b.length - 1] == 0, "nothing is written beside them");
        assertTrue(Digits.areTwelve(b, 1, number));
        b[1 + (int) (number % Digits.TWELVE)] ^= 1;
        assertFalse(Digits.areTwelve(b, 1, number));
    }

    private String text() {
        return new String(b, 1, Digits.TWELVE, StandardCharsets.US_ASCII);
    }
}
