package org.millrace.perf.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over a reply that {@link RespReplyFramer} found whole, one element at a time; an array shows its count first
 * and then its elements. A flyweight: it points into the bytes and is only good as long as they stay.
 */
public final class ReplyCursor {
    private byte[] bytes;
    private int at;
    private byte type;
    private long number;
    private int bodyFrom;
    private int bodyLength;

    /** Places the cursor before the reply's first element. */
    public ReplyCursor wrap(byte[] b, int from) {
        bytes = b;
        at = from;
        return this;
    }

    /** Moves to the next element. */
    public ReplyCursor next() {
        byte[] b = bytes;
        if (b.length - at >= ShortReply.LENGTH) {
            int four = ShortReply.firstFour(b, at);
            if (four == ShortReply.NULL) {
                return shortElement('$', -1, at + ShortReply.LENGTH, -1);
            }
            if (four == ShortReply.OK) {
                return shortElement('+', number, at + 1, ShortReply.OK_LENGTH);
            }
        }
        type = b[at];
        bodyFrom = at + 1;
        boolean isNumber = type == '$' || type == '*' || type == ':';
        int lineEnd = isNumber ? numberEnd(b, bodyFrom) : textEnd(b, bodyFrom);
        bodyLength = lineEnd - bodyFrom;
        at = lineEnd + 2;
        if (type == '$') {
            bodyFrom = at;
            bodyLength = (int) number;
            at += number < 0 ? 0 : bodyLength + 2;
        }
        return this;
    }

    /** First byte of the element: {@code + - : $ *}. */
    public byte type() {
        return type;
    }

    /** Integer, length of a bulk string or count of an array; -1 for null. */
    public long number() {
        return number;
    }

    /** Whether the element is a null bulk string or array. */
    public boolean isNull() {
        return (type == '$' || type == '*') && number < 0;
    }

    /** Whether the element is a bulk string that is there. */
    public boolean isBulk() {
        return type == '$' && number >= 0;
    }

    /** The bytes that the cursor points into. */
    public byte[] bytes() {
        return bytes;
    }

    /** First byte of the bulk string or line. */
    public int bodyFrom() {
        return bodyFrom;
    }

    /** Length of the bulk string or line; -1 for null. */
    public int bodyLength() {
        return bodyLength;
    }

    /** Whether the element is of type {@code expected} with exactly this body. */
    public boolean is(char expected, byte[] body) {
        return type == expected && bodyIs(body);
    }

    /** Whether the body is exactly these bytes. */
    public boolean bodyIs(byte[] body) {
        return bodyLength == body.length
            && Arrays.equals(bytes, bodyFrom, bodyFrom + bodyLength, body, 0, body.length);
    }

    /** The body as text, for messages. */
    public String text() {
        return bodyLength < 0 ? "(nil)" : new String(bytes, bodyFrom, bodyLength, StandardCharsets.ISO_8859_1);
    }

    private ReplyCursor shortElement(char shortType, long shortNumber, int from, int length) {
        type = (byte) shortType;
        number = shortNumber;
        bodyFrom = from;
        bodyLength = length;
        at += ShortReply.LENGTH;
        return this;
    }

    private int numberEnd(byte[] b, int from) {
        boolean negative = b[from] == '-';
        int i = negative ? from + 1 : from;
        long value = 0;
        for (; b[i] != '\r'; i++) {
            value = value * 10 + b[i] - '0';
        }
        number = negative ? -value : value;
        return i;
    }

    private static int textEnd(byte[] b, int from) {
        int i = from;
        while (b[i] != '\r') {
            i++;
        }
        return i;
    }
}
