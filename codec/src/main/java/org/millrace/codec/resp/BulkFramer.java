package org.millrace.codec.resp;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;

/**
 * What framers of requests and of replies have in common: where they are in a message, and the bulk strings in it,
 * whose values are skipped in one step and handed over as bodies when they are large.
 * <pre>
 *   header line ──▶ VALUE ──▶ VALUE_CR ──▶ VALUE_LF ──▶ endValue
 *        └────────▶ IN_BODY ──────▲
 * </pre>
 */
abstract class BulkFramer implements Framer {
    static final int BETWEEN = 0;
    static final int VALUE = 1;
    static final int IN_BODY = 2;
    static final int VALUE_CR = 3;
    static final int VALUE_LF = 4;
    static final int FAILED = 5;
    /** Phases of the subclasses begin here. */
    static final int OWN_PHASES = 6;
    /** Not a status: what was at hand is whole up to {@link #position}, the phase says what comes next. */
    static final int GO_ON = -1;
    private static final short CRLF = '\r' | '\n' << 8;

    int phase;
    int position;
    /** Length of the value that {@link #shortValue} has found. */
    int shortLength;
    /** What turns an offset in the buffer of this scan into a position in the head. */
    long headBase;
    long headLength;
    private final int bodyThreshold;
    private final long bulkLengthMax;
    private final long messageLengthMax;
    private final String tooBig;
    private int bodyCount;
    private long bodyBytes;
    private long valueLeft;
    private String error;

    BulkFramer(FrameLimits limits, String tooBig) {
        bodyThreshold = limits.bodyThreshold();
        bulkLengthMax = limits.bulkLength();
        messageLengthMax = limits.messageLength();
        this.tooBig = tooBig;
    }

    /** The value and its line end are whole; the message goes on at this offset. Returns GO_ON or an error. */
    abstract int endValue(int at);

    /** Forgets the message before; a new one begins at this offset of the scan's buffer. */
    void newMessage(int at) {
        headBase = -(long) at;
        bodyCount = 0;
        bodyBytes = 0;
    }

    /**
     * Looks for a bulk string with a length of one or two digits that lies whole before the limit.
     *
     * @return offset of its value of {@link #shortLength} bytes, or -1 if it has to be taken the long way
     */
    final int shortValue(DirectBuffer buffer, int at, int limit) {
        // no whole bulk string has less than six bytes, but for the null
        if (limit - at < 6) {
            return -1;
        }
        int peeked = HeaderLine.peek(buffer, at);
        int value = at + 4;
        int length = HeaderLine.oneDigit(peeked, '$');
        if (length < 0 || length > 9) {
            length = HeaderLine.twoDigits(peeked, '$');
            if (length < 10 || buffer.getByte(at + 4) != '\n') {
                return -1;
            }
            value = at + 5;
        }
        shortLength = length;
        return limit - value >= length + 2 && length < bodyThreshold && isAllowed(value, length)
            && buffer.getShort(value + length, ByteOrder.LITTLE_ENDIAN) == CRLF ? value : -1;
    }

    final boolean isBody(long length) {
        return length >= bodyThreshold;
    }

    /** Takes a value whose header line has ended at this offset; its length is within the limit of a bulk. */
    final int beginValue(DirectBuffer buffer, int at, long length, int limit) {
        if (!isAllowed(at, length)) {
            return fail(tooBig);
        }
        valueLeft = length;
        if (isBody(length)) {
            bodyCount++;
            bodyBytes += length;
            phase = IN_BODY;
            return BODY;
        }
        return value(buffer, at, limit);
    }

    /** Goes on inside of a value. */
    final int resumeValue(DirectBuffer buffer, int offset, int limit) {
        return switch (phase) {
            case VALUE -> value(buffer, offset, limit);
            case VALUE_CR, VALUE_LF -> valueEnd(buffer, offset, limit);
            case IN_BODY -> BODY;
            default -> ERROR;
        };
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
                return endValue(at + 1);
            }
            phase = VALUE_LF;
        }
        position = limit;
        return NEED_MORE;
    }

    /** True if the message may hold a further value of so many bytes at this offset. */
    final boolean isAllowed(int offset, long length) {
        return length <= bulkLengthMax && lengthAt(offset) + length + 2 <= messageLengthMax;
    }

    /** True if the message may end at this offset. */
    final boolean mayEndAt(int offset) {
        return lengthAt(offset) <= messageLengthMax;
    }

    private long lengthAt(int offset) {
        return headBase + offset + bodyBytes;
    }

    final int fail(String text) {
        error = text;
        phase = FAILED;
        return ERROR;
    }

    @Override
    public final int position() {
        return position;
    }

    @Override
    public final long bodyLength() {
        return valueLeft;
    }

    @Override
    public final void bodyTaken() {
        phase = VALUE_CR;
    }

    @Override
    public final long headLength() {
        return headLength;
    }

    @Override
    public final int bodyCount() {
        return bodyCount;
    }

    /** Tells of the value at hand only: a peer may announce far more words than it will ever send. */
    @Override
    public final long headBytesAhead() {
        return switch (phase) {
            case VALUE -> valueLeft + 2;
            case IN_BODY, VALUE_CR -> 2;
            case VALUE_LF -> 1;
            default -> 0;
        };
    }

    @Override
    public final boolean isBetweenMessages() {
        return phase == BETWEEN;
    }

    @Override
    public final String error() {
        return error;
    }

    @Override
    public final void reset() {
        phase = BETWEEN;
        position = 0;
        newMessage(0);
        headLength = 0;
        valueLeft = 0;
        error = null;
    }
}
