package org.millrace.codec.resp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Turns one inline command into the array of bulk strings that means the same. Words are parted by white space and may
 * be quoted: {@code "..."} knows the escapes {@code \n \r \t \b \a \xHH} and takes any other escaped byte as it is,
 * {@code '...'} knows {@code \'} alone. A closing quote must be followed by white space or the end.
 *
 * <p>Stateless; allocates nothing. All words are written in place, however long, so a view over the result has no
 * bodies.
 */
public final class InlineParser {
    /** Result: a quote is not closed, or a closing one is followed by more. */
    public static final int UNBALANCED = -1;
    /** Result: the line has no word, so it is no command. */
    public static final int NO_WORDS = 0;
    /** What a framer would say, had it looked into the line. */
    public static final String UNBALANCED_ERROR = "unbalanced quotes in request";

    private static final int PLAIN = 0;

    private InlineParser() {
    }

    /** Most bytes that a line of so many bytes becomes. */
    public static int maxEncodedLength(int lineLength) {
        // the worst are words of one byte: two bytes with the space become seven
        return (int) Math.min(Integer.MAX_VALUE, 4L * lineLength + 2 * RespWriter.HEADER_LENGTH_MAX);
    }

    /**
     * Writes a line's words as an array of bulk strings.
     *
     * @param line         holds the line
     * @param offset       where the line begins
     * @param length       of the line, with or without its line end
     * @param target       must have room for {@link #maxEncodedLength} bytes
     * @param targetOffset where the array shall begin
     * @return bytes written, or {@link #NO_WORDS} or {@link #UNBALANCED}
     */
    public static int encode(DirectBuffer line, int offset, int length, MutableDirectBuffer target,
        int targetOffset) {
        int limit = withoutLineEnd(line, offset, offset + length);
        int count = 0;
        int at = skipSpace(line, offset, limit);
        while (at < limit) {
            at = wordEnd(line, at, limit);
            if (at < 0) {
                return UNBALANCED;
            }
            count++;
            at = skipSpace(line, at, limit);
        }
        if (count == 0) {
            return NO_WORDS;
        }
        int to = RespWriter.arrayHeader(target, targetOffset, count);
        at = skipSpace(line, offset, limit);
        while (at < limit) {
            int end = wordEnd(line, at, limit);
            int wordLength = word(line, at, end, null, 0);
            to = RespWriter.bulkHeader(target, to, wordLength);
            word(line, at, end, target, to);
            to = RespWriter.lineEnd(target, to + wordLength);
            at = skipSpace(line, end, limit);
        }
        return to - targetOffset;
    }

    private static int withoutLineEnd(DirectBuffer line, int offset, int limit) {
        int end = limit;
        if (end > offset && line.getByte(end - 1) == '\n') {
            end--;
            if (end > offset && line.getByte(end - 1) == '\r') {
                end--;
            }
        }
        return end;
    }

    private static int skipSpace(DirectBuffer line, int offset, int limit) {
        int at = offset;
        while (at < limit && isSpace(line.getByte(at))) {
            at++;
        }
        return at;
    }

    /** Where a word ends, its quotes included; {@link #UNBALANCED} if they do not match. */
    private static int wordEnd(DirectBuffer line, int offset, int limit) {
        int quote = PLAIN;
        int at = offset;
        while (at < limit) {
            byte b = line.getByte(at);
            if (quote == PLAIN) {
                if (endsPlainWord(b)) {
                    return at;
                }
                quote = b == '"' || b == '\'' ? b : PLAIN;
                at++;
            } else if (b == '\\') {
                at += escapeLength(line, at, limit, quote);
            } else if (b == quote) {
                return at + 1 == limit || isSpace(line.getByte(at + 1)) ? at + 1 : UNBALANCED;
            } else {
                at++;
            }
        }
        return quote == PLAIN ? at : UNBALANCED;
    }

    /** Writes a whole word if there is a target; returns its length without quotes and escapes. */
    private static int word(DirectBuffer line, int offset, int end, MutableDirectBuffer target, int targetOffset) {
        int quote = PLAIN;
        int length = 0;
        int at = offset;
        while (at < end) {
            byte b = line.getByte(at);
            int taken = 1;
            if (quote == PLAIN && (b == '"' || b == '\'')) {
                quote = b;
            } else if (quote == PLAIN || b != quote) {
                if (quote != PLAIN && b == '\\') {
                    taken = escapeLength(line, at, end, quote);
                    b = taken == 1 ? b : escaped(line, at, taken, quote);
                }
                if (target != null) {
                    target.putByte(targetOffset + length, b);
                }
                length++;
            }
            at += taken;
        }
        return length;
    }

    /** Bytes of the escape that a backslash begins; 1 if it stands for itself. */
    private static int escapeLength(DirectBuffer line, int at, int limit, int quote) {
        if (at + 1 >= limit) {
            return 1;
        }
        byte next = line.getByte(at + 1);
        if (quote == '\'') {
            return next == '\'' ? 2 : 1;
        }
        boolean hex = next == 'x' && at + 3 < limit
            && hexDigit(line.getByte(at + 2)) >= 0 && hexDigit(line.getByte(at + 3)) >= 0;
        return hex ? 4 : 2;
    }

    private static byte escaped(DirectBuffer line, int at, int length, int quote) {
        if (length == 4) {
            return (byte) (hexDigit(line.getByte(at + 2)) << 4 | hexDigit(line.getByte(at + 3)));
        }
        byte b = line.getByte(at + 1);
        if (quote == '\'') {
            return b;
        }
        return switch (b) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> b;
        };
    }

    private static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** White space between words is a little more than what ends a word without quotes; Redis has it so. */
    private static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }

    private static boolean endsPlainWord(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}
