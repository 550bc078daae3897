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
        return ShortReply.isAt(b, from, to) ? from + ShortReply.LENGTH : frameAny(b, from, to);
    }

    private int frameAny(byte[] b, int from, int to) {
        int at = from;
        long pending = 1;
        neededTo = to + 1;
        while (pending > 0) {
            if (at >= to) {
                return INCOMPLETE;
            }
            byte type = b[at];
            int lineEnd;
            if (type == '$' || type == '*' || type == ':') {
                lineEnd = numberEnd(b, at + 1, to);
            } else if (type == '+' || type == '-') {
                lineEnd = lineEnd(b, at, to);
            } else {
                return MALFORMED;
            }
            if (lineEnd < 0) {
                return lineEnd;
            }
            pending--;
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

    /** Reads the number that is this line, whose end it returns if there is one. */
    private int numberEnd(byte[] b, int from, int to) {
        boolean negative = from < to && b[from] == '-';
        int first = negative ? from + 1 : from;
        int end = Math.min(to, first + MAX_DIGITS + 1);
        long value = 0;
        int at = first;
        for (; at < end; at++) {
            int digit = b[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
        }
        int digits = at - first;
        if (at == to && digits <= MAX_DIGITS) {
            return INCOMPLETE;
        }
        if (digits == 0 || digits > MAX_DIGITS || value < 0 || b[at] != '\r') {
            return MALFORMED;
        }
        number = negative ? -value : value;
        return at + 1 == to ? INCOMPLETE : b[at + 1] == '\n' ? at : MALFORMED;
    }
}
