package org.millrace.codec.memcached;

import org.agrona.DirectBuffer;

/**
 * Decimal numbers as every memcached takes them: digits, for a signed number with a minus before them. What only some
 * versions take (a plus sign, white space, more than 64 bits) is none.
 */
final class AsciiNumber {
    private static final int DIGITS_MAX = 20;
    /** The least number of twenty digits; one that has wrapped around is below it. */
    private static final long TWENTY_DIGITS = Long.parseUnsignedLong("10000000000000000000");

    private AsciiNumber() {
    }

    /** True if the word is a number of 64 bits without a sign. */
    static boolean isUnsigned(DirectBuffer buffer, int offset, int length) {
        if (length < 1 || length > DIGITS_MAX) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int digit = buffer.getByte(offset + i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
        }
        return length < DIGITS_MAX || buffer.getByte(offset) == '1'
            && Long.compareUnsigned(value(buffer, offset, length), TWENTY_DIGITS) >= 0;
    }

    /** True if the word is a number of 63 bits, a minus before it or not. */
    static boolean isSigned(DirectBuffer buffer, int offset, int length) {
        int sign = length > 0 && buffer.getByte(offset) == '-' ? 1 : 0;
        return isUnsigned(buffer, offset + sign, length - sign)
            && value(buffer, offset + sign, length - sign) >= 0;
    }

    /** The value of a word that is a number. */
    static long value(DirectBuffer buffer, int offset, int length) {
        boolean negative = length > 0 && buffer.getByte(offset) == '-';
        long value = 0;
        for (int i = negative ? 1 : 0; i < length; i++) {
            value = value * 10 + buffer.getByte(offset + i) - '0';
        }
        return negative ? -value : value;
    }
}
