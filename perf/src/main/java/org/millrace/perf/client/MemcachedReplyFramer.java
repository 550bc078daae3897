package org.millrace.perf.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Finds the end of a reply of memcached to anything but {@code stats}: {@code VALUE} blocks up to {@code END}, one
 * {@code VA} block, or one line of a known word or number; an error line in place of {@code END} ends values too.
 *
 * <p>It shares nothing with the codec's framer, and reads each reply as the words of its protocol are written down: a
 * checker that cut replies by the very code that it checks would be wrong with it. Stateless but for {@link
 * #neededTo()}: data whose length is known is not looked at again before it is whole.
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
    private static final Set<String> ERRORS = Set.of("ERROR", "CLIENT_ERROR", "SERVER_ERROR");
    private static final Set<String> LINES = Set.of("STORED", "NOT_STORED", "EXISTS", "NOT_FOUND", "DELETED", "TOUCHED",
        "OK", "RESET", "VERSION", "END", "HD", "EN", "NS", "EX", "NF", "MN", "ME");

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
            String word = firstWord(b, at, lineEnd);
            boolean value = word.equals("VALUE");
            if (!value && !(word.equals("VA") && values == 0)) {
                return mayEnd(word, values) ? lineEnd + 2 : MALFORMED;
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

    private static boolean mayEnd(String word, int values) {
        if (ERRORS.contains(word)) {
            return true;
        }
        return values > 0 ? word.equals("END") : LINES.contains(word) || isNumber(word);
    }

    private static boolean isNumber(String word) {
        return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
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

    /** Up to the first blank; empty if that is farther than any word or number is long. */
    private static String firstWord(byte[] b, int at, int lineEnd) {
        int end = at;
        while (end < lineEnd && b[end] != ' ') {
            end++;
        }
        return end - at > MAX_WORD ? "" : new String(b, at, end - at, StandardCharsets.ISO_8859_1);
    }

    /** The number that the line's {@code word}-th word is; -1 if it is none. */
    private static long length(byte[] b, int at, int lineEnd, int word) {
        String[] words = new String(Arrays.copyOfRange(b, at, lineEnd), StandardCharsets.ISO_8859_1).split(" ", -1);
        if (word >= words.length || words[word].length() > MAX_LENGTH_DIGITS || !isNumber(words[word])) {
            return -1;
        }
        return Long.parseLong(words[word]);
    }
}
