package org.millrace.perf.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Values that know which key they belong to. A value of 24 bytes or more is
 *
 * <pre>
 *   0        8         16       24
 *   +--------+---------+--------+------------------------------+
 *   | key id | version | length | printable bytes that follow  |
 *   | hex    | hex     | hex    | from key id, version, offset |
 *   +--------+---------+--------+------------------------------+
 * </pre>
 *
 * and a shorter one the first bytes of a pattern that follows from the key id alone. So a reply that was meant for
 * another request, was cut, shifted or mixed with another one does not pass. The version is guarded by what follows the
 * header, so from 32 bytes on every byte of a value counts. Key ids and versions count modulo 2^32.
 */
public final class ValuePattern {
    /** From this length on a value carries its header. */
    public static final int HEADER_LENGTH = 24;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long LOW_NIBBLES = 0x0f0f0f0f0f0f0f0fL;
    private static final long LOW_SIX_BITS = 0x3f3f3f3f3f3f3f3fL;
    private static final long SPACES = 0x2020202020202020L;

    private ValuePattern() {
    }

    /** Writes the value of {@code length} bytes to {@code b[at..]}. */
    public static void write(byte[] b, int at, int length, long keyId, long version) {
        if (length < HEADER_LENGTH) {
            fill(b, at, 0, length, seed(keyId, 0));
            return;
        }
        LONGS.set(b, at, hex(keyId));
        LONGS.set(b, at + 8, hex(version));
        LONGS.set(b, at + 16, hex(length));
        fill(b, at, HEADER_LENGTH, length, seed(keyId, version & 0xffffffffL));
    }

    /** Whether {@code b[at..at + length)} is some version of this key's value. */
    public static boolean matches(byte[] b, int at, int length, long keyId) {
        if (length < HEADER_LENGTH) {
            return check(b, at, 0, length, seed(keyId, 0));
        }
        long version = number((long) LONGS.get(b, at + 8));
        return (long) LONGS.get(b, at) == hex(keyId) && (long) LONGS.get(b, at + 16) == hex(length) && version >= 0
            && check(b, at, HEADER_LENGTH, length, seed(keyId, version));
    }

    private static long seed(long keyId, long version) {
        return Mixer.mix((keyId & 0xffffffffL) << 32 | version);
    }

    private static long printable(long seed, int offset) {
        return (Mixer.mix(seed + offset) & LOW_SIX_BITS) + SPACES;
    }

    private static void fill(byte[] b, int at, int from, int length, long seed) {
        int offset = from;
        for (; offset + 8 <= length; offset += 8) {
            LONGS.set(b, at + offset, printable(seed, offset));
        }
        long last = offset < length ? printable(seed, offset) : 0;
        for (int shift = 56; offset < length; offset++, shift -= 8) {
            b[at + offset] = (byte) (last >>> shift);
        }
    }

    private static boolean check(byte[] b, int at, int from, int length, long seed) {
        int offset = from;
        for (; offset + 8 <= length; offset += 8) {
            if ((long) LONGS.get(b, at + offset) != printable(seed, offset)) {
                return false;
            }
        }
        long last = offset < length ? printable(seed, offset) : 0;
        for (int shift = 56; offset < length; offset++, shift -= 8) {
            if (b[at + offset] != (byte) (last >>> shift)) {
                return false;
            }
        }
        return true;
    }

    /** The low 32 bits as eight hex digits, all at once: a generator that is the bottleneck measures itself. */
    private static long hex(long value) {
        long nibbles = value & 0xffffffffL;
        nibbles = (nibbles | nibbles << 16) & 0x0000ffff0000ffffL;
        nibbles = (nibbles | nibbles << 8) & 0x00ff00ff00ff00ffL;
        nibbles = (nibbles | nibbles << 4) & LOW_NIBBLES;
        long letters = (nibbles + 6 * EACH_BYTE) >>> 4 & EACH_BYTE;
        return nibbles + '0' * EACH_BYTE + letters * ('a' - '0' - 10);
    }

    /** The number in eight hex digits, or -1. */
    private static long number(long digits) {
        long nibbles = (digits & LOW_NIBBLES) + (digits >>> 6 & EACH_BYTE) * 9 & LOW_NIBBLES;
        nibbles = (nibbles | nibbles >>> 4) & 0x00ff00ff00ff00ffL;
        nibbles = (nibbles | nibbles >>> 8) & 0x0000ffff0000ffffL;
        nibbles = (nibbles | nibbles >>> 16) & 0xffffffffL;
        return hex(nibbles) == digits ? nibbles : -1;
    }
}
