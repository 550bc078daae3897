package org.millrace.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value passes for its own key and for nothing else. */
class ValuePatternTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 23, 24, 25, 31, 32, 100, 4097})
    void shouldMatchItsOwnKey(int length) {
        byte[] b = new byte[length + 6];
        ValuePattern.write(b, 3, length, 17, 99);
        assertTrue(ValuePattern.matches(b, 3, length, 17));
        assertTrue(length == 0 || b[3] != 0 && b[2 + length] != 0 && b[3 + length] == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 23, 33, 100, 1001})
    void shouldNotMatchAfterAnyChange(int length) {
        byte[] good = new byte[length];
        ValuePattern.write(good, 0, length, 17, 99);
        assertFalse(ValuePattern.matches(good, 0, length, 18));
        for (int i = 0; i < length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            assertFalse(ValuePattern.matches(bad, 0, length, 17), "byte " + i);
        }
    }

    @Test
    void shouldNotMatchWhenCutOrMixed() {
        byte[] a = new byte[64];
        byte[] b = new byte[64];
        ValuePattern.write(a, 0, 64, 17, 1);
        ValuePattern.write(b, 0, 64, 17, 2);
        assertFalse(ValuePattern.matches(a, 0, 63, 17));
        byte[] mixed = Arrays.copyOf(a, 64);
        System.arraycopy(b, 32, mixed, 32, 32);
        assertFalse(ValuePattern.matches(mixed, 0, 64, 17));
    }

    @Test
    void shouldBeginWithItsHeaderInHex() {
        byte[] b = new byte[40];
        for (long id : new long[] {0, 9, 10, 0x9abcdef0L, 0xffffffffL, 0x123456789abcL}) {
            ValuePattern.write(b, 0, 40, id, ~id);
            assertEquals(String.format(Locale.ROOT, "%08x%08x%08x", id & 0xffffffffL, ~id & 0xffffffffL, 40),
                new String(b, 0, ValuePattern.HEADER_LENGTH, StandardCharsets.US_ASCII));
            assertTrue(ValuePattern.matches(b, 0, 40, id));
        }
    }

    /** A byte that reads like a hex digit but is none must not pass for one. */
    @Test
    void shouldRefuseAVersionThatIsNoHex() {
        byte[] good = new byte[32];
        ValuePattern.write(good, 0, 32, 17, 0xaL);
        for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
            byte[] bad = good.clone();
            bad[15] = (byte) value;
            assertEquals(value == 'a', ValuePattern.matches(bad, 0, 32, 17), "byte " + value);
        }
    }
}
