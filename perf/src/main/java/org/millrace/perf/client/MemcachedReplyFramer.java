package org.millrace.perf.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the end of a reply of memcached to anything but {@code stats}: {@code VALUE} blocks up to {@code END}, one
 * {@code VA} block, or one line of a known word or number; an error line in place of {@code END} ends values too.
 *
 * <p>It shares nothing with the codec's framer, and reads each reply as the words of its protocol are written down: a
 * checker that cut replies by the very code that it checks would be wrong with it. Stateless but for {@link
 * #neededTo()}: data whose length is known is not looked at again before it is whole. It allocates nothing.
 */
public final class MemcachedReplyFramer implements Framing {
    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_DATA = 512 * 1024 * 1024;
    private static final int MAX_REPLY = 1024 * 1024 * 1024;
    private static final int MAX_VALUES = 64 * 1024;
    private static final int MAX_WORD = 20;
    private static final int MAX_LENGTH_DIGITS = 9;
    private static final int VALUE_LENGTH_WORD = 3;
    private static final int VA_LENGTH_WORD = 1;
    private static final byte[] VALUE = ascii("VALUE");
    private static final byte[] VA = ascii("VA");
    private static final byte[] END = ascii("END");
    private static final byte[][] ERRORS = words("ERROR CLIENT_ERROR SERVER_ERROR");
    private static final byte[][] LINES = words("END STORED NOT_STORED EXISTS NOT_FOUND DELETED TOUCHED OK RESET "
        + "VERSION HD EN NS EX NF MN ME");

    private int neededTo;

    @Override
    public int frame(byte[] b, int from, int to) {
        int at = from;
        neededTo = to + 1;
        for (int values = 0; values <= MAX_VALUES; values++) {
            int lineEnd = lineEnd(b, at, to);
            if (lineEnd < 0) {
                return lineEnd;
            }
            int wordEnd = wordEnd(b, at, lineEnd);
            boolean value = is(b, at, wordEnd, VALUE);
            if (!value && !(values == 0 && is(b, at, wordEnd, VA))) {
                return mayEnd(b, at, wordEnd, values) ? lineEnd + 2 : MALFORMED;
            }
            long length = length(b, at, lineEnd, value ? VALUE_LENGTH_WORD : VA_LENGTH_WORD);
            if (length < 0 || length > MAX_DATA || lineEnd - from + length > MAX_REPLY) {
                return MALFORMED;
            }
            at = lineEnd + 2 + (int) length + 2;
            if (at > to) {
                neededTo = at;
                return INCOMPLETE;
            }
            if (b[at - 2] != '\r' || b[at - 1] != '\n') {
                return MALFORMED;
            }
            if (!value) {
                return at;
            }
        }
        return MALFORMED;
    }

    @Override
    public int neededTo() {
        return neededTo;
    }

    private static boolean mayEnd(byte[] b, int from, int to, int values) {
        if (values > 0) {
            return is(b, from, to, END) || isAmong(b, from, to, ERRORS);
        }
        return isAmong(b, from, to, LINES) || isNumber(b, from, to) || isAmong(b, from, to, ERRORS);
    }

    private static boolean isAmong(byte[] b, int from, int to, byte[][] words) {
        for (byte[] word : words) {
            if (is(b, from, to, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(byte[] b, int from, int to, byte[] word) {
        return to - from == word.length && Arrays.equals(b, from, to, word, 0, word.length);
    }

    private static boolean isNumber(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] < '0' || b[i] > '9') {
                return false;
            }
        }
        return to > from && to - from <= MAX_WORD;
    }

    /** Lines end with CR LF; neither comes alone in one. */
    private static int lineEnd(byte[] b, int at, int to) {
        int end = Math.min(to, at + MAX_LINE);
        for (int i = at; i < end; i++) {
            if (b[i] == '\n') {
                return MALFORMED;
            }
            if (b[i] == '\r') {
                if (i + 1 == to) {
                    return INCOMPLETE;
                }
                return b[i + 1] == '\n' ? i : MALFORMED;
            }
        }
        return to - at >= MAX_LINE ? MALFORMED : INCOMPLETE;
    }

    /** Where the word that begins here ends: at a blank or the line's end. */
    private static int wordEnd(byte[] b, int at, int lineEnd) {
        int end = at;
        while (end < lineEnd && b[end] != ' ') {
            end++;
        }
        return end;
    }

    /** The number that the line's {@code word}-th word is; -1 if it is none. */
    private static long length(byte[] b, int at, int lineEnd, int word) {
        int from = at;
        for (int i = 0; i < word; i++) {
            int end = wordEnd(b, from, lineEnd);
            if (end == lineEnd) {
                return -1;
            }
            from = end + 1;
        }
        int to = wordEnd(b, from, lineEnd);
        if (to - from > MAX_LENGTH_DIGITS || !isNumber(b, from, to)) {
            return -1;
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            length = length * 10 + b[i] - '0';
        }
        return length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[][] words(String text) {
        return Arrays.stream(text.split(" ")).map(MemcachedReplyFramer::ascii).toArray(byte[][]::new);
    }
}
