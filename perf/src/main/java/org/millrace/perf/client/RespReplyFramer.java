package org.millrace.perf.client;

/**
 * Finds the end of a RESP2 reply. Stateless but for {@link #neededTo()}: a bulk string whose length is known is not
 * looked at again before it is whole, so a large value costs one look for each read, not one for each byte.
 */
public final class RespReplyFramer implements Framing {
    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_BULK = 512 * 1024 * 1024;
    private static final int MAX_DIGITS = 19;
    private static final int MAX_ELEMENTS = 16 * 1024 * 1024;

    private int neededTo;
    private long number;

    @Override
    public int frame(byte[] b, int from, int to) {
        int at = from;
        long pending = 1;
        neededTo = to + 1;
        while (pending > 0) {
            if (at >= to) {
                return INCOMPLETE;
            }
            int lineEnd = lineEnd(b, at, to);
            if (lineEnd < 0) {
                return lineEnd;
            }
            byte type = b[at];
            pending--;
            if (type == '$' || type == '*' || type == ':') {
                if (!parseNumber(b, at + 1, lineEnd)) {
                    return MALFORMED;
                }
            } else if (type != '+' && type != '-') {
                return MALFORMED;
            }
            at = lineEnd + 2;
            if (type == '$' && number >= 0) {
                if (number > MAX_BULK) {
                    return MALFORMED;
                }
                at += (int) number + 2;
                if (at > to) {
                    neededTo = at;
                    return INCOMPLETE;
                }
                if (b[at - 2] != '\r' || b[at - 1] != '\n') {
                    return MALFORMED;
                }
            } else if (type == '*' && number > 0) {
                pending += number;
                if (pending > MAX_ELEMENTS) {
                    return MALFORMED;
                }
            }
        }
        return at;
    }

    @Override
    public int neededTo() {
        return neededTo;
    }

    private static int lineEnd(byte[] b, int at, int to) {
        for (int i = at + 1; i < to; i++) {
            if (b[i] == '\r') {
                if (i + 1 == to) {
                    return INCOMPLETE;
                }
                return b[i + 1] == '\n' ? i : MALFORMED;
            }
        }
        return to - at > MAX_LINE ? MALFORMED : INCOMPLETE;
    }

    private boolean parseNumber(byte[] b, int from, int to) {
        boolean negative = from < to && b[from] == '-';
        int at = negative ? from + 1 : from;
        if (at >= to || to - at > MAX_DIGITS) {
            return false;
        }
        long value = 0;
        for (; at < to; at++) {
            int digit = b[at] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        number = negative ? -value : value;
        return value >= 0;
    }
}
