package org.millrace.codec.resp;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;

/**
 * Cuts a server's stream into RESP2 replies; arrays may nest as deep as the limits allow. Types of RESP3, and anything
 * else, are an error.
 *
 * <p>{@link #takeElements} takes short bulks that lie whole before the limit, straight down; {@link #element} takes any
 * other element, and {@link #resume} goes on inside of one where the bytes of the last scan ended.
 */
public final class ReplyFramer implements Framer {
    private static final int BETWEEN = 0;
    private static final int ELEMENT = 1;
    private static final int TEXT = 2;
    private static final int NUMBER_LINE = 3;
    private static final int VALUE = 4;
    private static final int IN_BODY = 5;
    private static final int VALUE_CR = 6;
    private static final int VALUE_LF = 7;
    private static final int FAILED = 8;
    /** Not a status: the element at hand is whole up to {@link #position}. */
    private static final int GO_ON = -1;
    private static final short CRLF = '\r' | '\n' << 8;

    private final FrameLimits limits;
    private final int bodyThreshold;
    private final HeaderLine line;

    private int phase;
    private int position;
    private int bodyCount;
    private int level;
    /** Elements still to come of each array around the innermost one; null until arrays nest for the first time. */
    private long[] outer;
    private long elementsLeft;
    private long elementCount;
    private byte replyType;
    private byte elementType;
    private boolean afterCr;
    private int textLength;
    private long valueLeft;
    private long bodyBytes;
    private long headLength;
    /** What turns an offset in the buffer of this scan into a position in the head. */
    private long headBase;
    private String error;

    /** A framer between two messages. */
    public ReplyFramer(FrameLimits limits) {
        this.limits = limits;
        bodyThreshold = limits.bodyThreshold();
        line = new HeaderLine(limits.lineLength());
        reset();
    }

    @Override
    public int scan(DirectBuffer buffer, int offset, int limit) {
        position = offset;
        headBase = headLength - offset;
        int status = GO_ON;
        if (phase == BETWEEN) {
            newMessage(offset);
            if (offset < limit) {
                replyType = buffer.getByte(offset);
                phase = ELEMENT;
            } else {
                status = NEED_MORE;
            }
        } else if (phase != ELEMENT) {
            status = resume(buffer, offset, limit);
        }
        if (status == GO_ON) {
            status = takeElements(buffer, position, limit);
        }
        headLength = headBase + position;
        return status;
    }

    private void newMessage(int at) {
        headBase = -(long) at;
        bodyCount = 0;
        bodyBytes = 0;
        level = 0;
        elementsLeft = 1;
        elementCount = 0;
    }

    private int takeElements(DirectBuffer buffer, int offset, int limit) {
        int at = offset;
        while (elementsLeft > 0) {
            int value = -1;
            int length = 0;
            // no whole bulk has less than six bytes, but for the null
            if (limit - at >= 6) {
                int peeked = HeaderLine.peek(buffer, at);
                length = HeaderLine.oneDigit(peeked, '$');
                if (length >= 0 && length <= 9) {
                    value = at + 4;
                } else {
                    length = HeaderLine.twoDigits(peeked, '$');
                    value = length >= 10 && buffer.getByte(at + 4) == '\n' ? at + 5 : -1;
                }
            }
            if (value > 0 && limit - value >= length + 2 && length < bodyThreshold && isAllowed(value, length)
                && buffer.getShort(value + length, ByteOrder.LITTLE_ENDIAN) == CRLF) {
                endElement();
                at = value + length + 2;
            } else {
                int status = element(buffer, at, limit);
                if (status != GO_ON) {
                    return status;
                }
                at = position;
            }
        }
        position = at;
        phase = BETWEEN;
        return MESSAGE;
    }

    private int resume(DirectBuffer buffer, int offset, int limit) {
        return switch (phase) {
            case TEXT -> text(buffer, offset, limit);
            case NUMBER_LINE -> numberLine(buffer, offset, limit);
            case VALUE -> value(buffer, offset, limit);
            case VALUE_CR, VALUE_LF -> valueEnd(buffer, offset, limit);
            case IN_BODY -> BODY;
            default -> ERROR;
        };
    }

    private int element(DirectBuffer buffer, int offset, int limit) {
        position = offset;
        phase = ELEMENT;
        if (offset >= limit) {
            return NEED_MORE;
        }
        elementType = buffer.getByte(offset);
        switch (elementType) {
            case '+', '-' -> {
                afterCr = false;
                textLength = 1;
                phase = TEXT;
                return text(buffer, offset + 1, limit);
            }
            case ':', '$', '*' -> {
                line.begin(1);
                phase = NUMBER_LINE;
                return numberLine(buffer, offset + 1, limit);
            }
            default -> {
                return fail(ErrorTexts.unknownType(elementType));
            }
        }
    }

    private int text(DirectBuffer buffer, int offset, int limit) {
        int end = (int) Math.min(limit, (long) offset + limits.lineLength() - textLength);
        boolean cr = afterCr;
        int at = offset;
        while (at < end) {
            byte b = buffer.getByte(at++);
            if (b == '\n' && cr) {
                return endElement(at);
            }
            cr = b == '\r';
        }
        position = at;
        textLength += at - offset;
        afterCr = cr;
        return textLength >= limits.lineLength() ? fail("too long line") : NEED_MORE;
    }

    private int numberLine(DirectBuffer buffer, int offset, int limit) {
        int at = line.scan(buffer, offset, limit);
        if (at < 0) {
            position = limit;
            return at == HeaderLine.TOO_LONG ? fail("too long line") : NEED_MORE;
        }
        position = at;
        if (elementType == '$') {
            return bulk(buffer, at, limit);
        }
        if (elementType == '*') {
            return array(at);
        }
        return line.isValid() ? endElement(at) : fail("invalid integer");
    }

    private int array(int at) {
        long count = line.value();
        if (!line.isValid() || count < -1 || count > limits.arguments()) {
            return fail("invalid multibulk length");
        }
        if (level == 0) {
            elementCount = count;
        }
        if (count <= 0) {
            return endElement(at);
        }
        if (level == limits.depth()) {
            return fail("too deep nesting");
        }
        if (level > 0) {
            if (outer == null) {
                outer = new long[limits.depth()];
            }
            outer[level - 1] = elementsLeft;
        }
        level++;
        elementsLeft = count;
        phase = ELEMENT;
        return isAllowed(at, 0) ? GO_ON : fail("too big reply");
    }

    private int bulk(DirectBuffer buffer, int at, int limit) {
        long length = line.value();
        if (!line.isValid() || length < -1 || length > limits.bulkLength()) {
            return fail("invalid bulk length");
        }
        if (length < 0) {
            return endElement(at);
        }
        if (!isAllowed(at, length)) {
            return fail("too big reply");
        }
        valueLeft = length;
        if (length >= bodyThreshold) {
            bodyCount++;
            bodyBytes += length;
            phase = IN_BODY;
            return BODY;
        }
        return value(buffer, at, limit);
    }

    private int value(DirectBuffer buffer, int offset, int limit) {
        int taken = (int) Math.min(limit - offset, valueLeft);
        valueLeft -= taken;
        if (valueLeft > 0) {
            position = limit;
            phase = VALUE;
            return NEED_MORE;
        }
        phase = VALUE_CR;
        return valueEnd(buffer, offset + taken, limit);
    }

    private int valueEnd(DirectBuffer buffer, int offset, int limit) {
        for (int at = offset; at < limit; at++) {
            if (buffer.getByte(at) != (phase == VALUE_CR ? '\r' : '\n')) {
                position = at;
                return fail("expected CRLF after bulk");
            }
            if (phase == VALUE_LF) {
                return endElement(at + 1);
            }
            phase = VALUE_LF;
        }
        position = limit;
        return NEED_MORE;
    }

    /** An element ends at this offset. */
    private int endElement(int at) {
        position = at;
        if (headBase + at + bodyBytes > limits.messageLength()) {
            return fail("too big reply");
        }
        endElement();
        phase = ELEMENT;
        return GO_ON;
    }

    /** Counts an element, and each array that ends with it. */
    private void endElement() {
        elementsLeft--;
        while (elementsLeft == 0 && level > 0) {
            level--;
            // the array itself is an element of the one around it
            elementsLeft = level > 0 ? outer[level - 1] - 1 : 0;
        }
    }

    /** True if the message may hold a further value of so many bytes at this offset. */
    private boolean isAllowed(int offset, long length) {
        return length <= limits.bulkLength()
            && headBase + offset + bodyBytes + length + 2 <= limits.messageLength();
    }

    private int fail(String text) {
        error = text;
        phase = FAILED;
        return ERROR;
    }

    @Override
    public int position() {
        return position;
    }

    @Override
    public long bodyLength() {
        return valueLeft;
    }

    @Override
    public void bodyTaken() {
        phase = VALUE_CR;
    }

    @Override
    public long headLength() {
        return headLength;
    }

    @Override
    public int bodyCount() {
        return bodyCount;
    }

    /** Tells of the element at hand only. */
    @Override
    public long headBytesAhead() {
        return switch (phase) {
            case VALUE -> valueLeft + 2;
            case IN_BODY, VALUE_CR -> 2;
            case VALUE_LF -> 1;
            default -> 0;
        };
    }

    @Override
    public boolean isBetweenMessages() {
        return phase == BETWEEN;
    }

    @Override
    public String error() {
        return error;
    }

    @Override
    public void reset() {
        phase = BETWEEN;
        position = 0;
        newMessage(0);
        headLength = 0;
        valueLeft = 0;
        error = null;
    }

    /** First byte of the reply: {@code +}, {@code -}, {@code :}, {@code $} or {@code *}. */
    public byte type() {
        return replyType;
    }

    /** Of a reply that is an array: how many elements it has, -1 for the null array; 0 for any other reply. */
    public long elementCount() {
        return elementCount;
    }
}
