package org.millrace.codec.resp;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * One header line ({@code *3 CRLF}, {@code $5 CRLF}) behind its type byte, read byte by byte and resumable at each of
 * them. The rules of the number are Redis's: no plus sign, no leading zero, no minus zero, 64 bits.
 *
 * <p>A bad number is told only when its line ends, as Redis does. Package-private and final, so that both framers share
 * it without a virtual call.
 */
final class HeaderLine {
    /** Result of {@link #scan}: all bytes are taken, the line goes on. */
    static final int NEED_MORE = -1;
    /** Result of {@link #scan}: the line is longer than it may be. */
    static final int TOO_LONG = -2;

    /** Bytes of which {@link #peek} reads some. */
    static final int PEEKED = 4;
    /** Bytes of a line of one digit, and of two. */
    static final int ONE_DIGIT_LENGTH = 4;
    static final int TWO_DIGITS_LENGTH = 5;

    private static final int SIGN_OR_DIGIT = 0;
    private static final int FIRST_DIGIT = 1;
    private static final int DIGITS = 2;
    private static final int NO_MORE = 3;
    private static final int LINE_FEED = 4;

    private static final int ONE_DIGIT_MASK = 0xFFFF_00FF;
    private static final int TWO_DIGIT_MASK = 0xFF00_00FF;
    private static final int CR = '\r';
    private static final int LF = '\n';

    private final int lengthMax;
    /** The number, negated: the negative side of the range is the larger one. */
    private long negated;
    private int length;
    private int state;
    private boolean negative;
    private boolean valid;

    /** A line of at most so many bytes, its type and its end included. */
    HeaderLine(int lengthMax) {
        this.lengthMax = lengthMax;
    }

    /** A new line begins, of which the caller took so many bytes (its type, or none). */
    void begin(int taken) {
        negated = 0;
        length = taken;
        state = SIGN_OR_DIGIT;
        negative = false;
        valid = true;
    }

    /** Takes bytes up to the end of the line; returns the offset behind it, or a negative result. */
    int scan(DirectBuffer buffer, int offset, int limit) {
        int end = (int) Math.min(limit, (long) offset + lengthMax - length);
        int at = offset;
        while (at < end) {
            int b = buffer.getByte(at++);
            if (state == LINE_FEED) {
                valid &= b == LF;
                return at;
            }
            if (b == CR) {
                valid &= state >= DIGITS;
                state = LINE_FEED;
            } else {
                take(b);
            }
        }
        length += at - offset;
        return length >= lengthMax ? TOO_LONG : NEED_MORE;
    }

    private void take(int b) {
        int digit = b - '0';
        if (state == DIGITS && digit >= 0 && digit <= 9) {
            if (negated < Long.MIN_VALUE / 10 || negated * 10 < Long.MIN_VALUE + digit) {
                valid = false;
            }
            negated = negated * 10 - digit;
        } else if (state < DIGITS && digit > 0 && digit <= 9) {
            negated = -digit;
            state = DIGITS;
        } else if (state == SIGN_OR_DIGIT && digit == 0) {
            state = NO_MORE;
        } else if (state == SIGN_OR_DIGIT && b == '-') {
            negative = true;
            state = FIRST_DIGIT;
        } else {
            valid = false;
        }
    }

    /** After a whole line: true if it is a number and ends with CRLF. */
    boolean isValid() {
        return valid && (negative || negated != Long.MIN_VALUE);
    }

    /** After a whole line: its number. */
    long value() {
        return negative ? negated : -negated;
    }

    /** The first {@link #PEEKED} bytes of a line as the peeks below take them. */
    static int peek(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);
    }

    /** The digit of a whole line of the type with a single digit, else a number outside of 0 to 9. */
    static int oneDigit(int word, int type) {
        return (word & ONE_DIGIT_MASK) == (type | CR << 16 | LF << 24) ? (word >>> 8 & 0xFF) - '0' : -1;
    }

    /** The number of a line of the type with two digits of which only the LF is missing, or a number below 10. */
    static int twoDigits(int word, int type) {
        if ((word & TWO_DIGIT_MASK) != (type | CR << 24)) {
            return -1;
        }
        int tens = (word >>> 8 & 0xFF) - '0';
        int ones = (word >>> 16 & 0xFF) - '0';
        return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
    }
}
