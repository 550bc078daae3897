package org.millrace.codec.resp;

import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;

/**
 * Cuts a server's stream into RESP2 replies; arrays may nest as deep as the limits allow. Types of RESP3, and anything
 * else, are an error.
 *
 * <p>{@link #takeElements} takes short bulks that lie whole before the limit, straight down; {@link #element} takes any
 * other element, and {@link #resume} goes on inside of one where the bytes of the last scan ended.
 */
public final class ReplyFramer extends BulkFramer {
    private static final int ELEMENT = OWN_PHASES;
    private static final int TEXT = OWN_PHASES + 1;
    private static final int NUMBER_LINE = OWN_PHASES + 2;

    private final FrameLimits limits;
    private final HeaderLine line;

    private int level;
    /** Elements still to come of each array around the innermost one; null until arrays nest for the first time. */
    private long[] outer;
    private long elementsLeft;
    private long elementCount;
    private byte replyType;
    private byte elementType;
    private boolean afterCr;
    private int textLength;

    /** A framer between two messages. */
    public ReplyFramer(FrameLimits limits) {
        super(limits, "too big reply");
        this.limits = limits;
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

    @Override
    protected void newMessage(int at) {
        super.newMessage(at);
        level = 0;
        elementsLeft = 1;
        elementCount = 0;
    }

    private int takeElements(DirectBuffer buffer, int offset, int limit) {
        int at = offset;
        while (elementsLeft > 0) {
            int value = shortValue(buffer, at, limit);
            if (value > 0) {
                endElement();
                at = value + shortLength + 2;
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
            default -> resumeValue(buffer, offset, limit);
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
        return beginValue(buffer, at, length, limit);
    }

    @Override
    protected int endValue(int at) {
        return endElement(at);
    }

    /** An element ends at this offset. */
    private int endElement(int at) {
        position = at;
        if (!mayEndAt(at)) {
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

    /** First byte of the reply: {@code +}, {@code -}, {@code :}, {@code $} or {@code *}. */
    public byte type() {
        return replyType;
    }

    /** Of a reply that is an array: how many elements it has, -1 for the null array; 0 for any other reply. */
    public long elementCount() {
        return elementCount;
    }
}
