package org.millrace.codec;

import org.agrona.DirectBuffer;

/**
 * What framers of all protocols have in common: where they are in a message, and the values in it whose length was told
 * before, which are skipped in one step and handed over as bodies when they are large.
 * <pre>
 *   header line ──▶ VALUE ──▶ VALUE_CR ──▶ VALUE_LF ──▶ endValue
 *        └────────▶ IN_BODY ──────▲
 * </pre>
 */
public abstract class ValueFramer implements Framer {
    /** Phase: the next byte begins a message. */
    protected static final int BETWEEN = 0;
    /** Phases of the subclasses begin here. */
    protected static final int OWN_PHASES = 6;
    /** Not a status: what was at hand is whole up to {@link #position}, the phase says what comes next. */
    protected static final int GO_ON = -1;

    private static final int VALUE = 1;
    private static final int IN_BODY = 2;
    private static final int VALUE_CR = 3;
    private static final int VALUE_LF = 4;
    private static final int FAILED = 5;

    /** What comes next. */
    protected int phase;
    /** See {@link #position()}. */
    protected int position;
    /** What turns an offset in the buffer of this scan into a position in the head. */
    protected long headBase;
    /** See {@link #headLength()}. */
    protected long headLength;
    private final int bodyThreshold;
    private final long bulkLengthMax;
    private final long messageLengthMax;
    private final String tooBig;
    private final String badEnd;
    private int bodyCount;
    private long bodyBytes;
    private long valueLeft;
    private String error;

    /**
     * A framer of these limits.
     *
     * @param tooBig the error of a message that is longer than it may be
     * @param badEnd the error of a value that is not followed by CRLF
     */
    protected ValueFramer(FrameLimits limits, String tooBig, String badEnd) {
        bodyThreshold = limits.bodyThreshold();
        bulkLengthMax = limits.bulkLength();
        messageLengthMax = limits.messageLength();
        this.tooBig = tooBig;
        this.badEnd = badEnd;
    }

    /**
     * The value and its line end are whole; the message goes on at this offset.
     *
     * @return GO_ON or a status
     */
    protected abstract int endValue(int at);

    /**
     * The two bytes behind a value are not CRLF. By default that damages the stream.
     *
     * @return true to take them for the end of the value all the same
     */
    protected boolean acceptsBadEnd() {
        return false;
    }

    /** Forgets the message before; a new one begins at this offset of the scan's buffer. */
    protected void newMessage(int at) {
        headBase = -(long) at;
        bodyCount = 0;
        bodyBytes = 0;
    }

    /** True if a value of so many bytes is a body. */
    protected final boolean isBody(long length) {
        return length >= bodyThreshold;
    }

    /** Takes a value whose header line has ended at this offset; its length is within the limit of a bulk. */
    protected final int beginValue(DirectBuffer buffer, int at, long length, int limit) {
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
    protected final int resumeValue(DirectBuffer buffer, int offset, int limit) {
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
            if (buffer.getByte(at) != (phase == VALUE_CR ? '\r' : '\n') && !acceptsBadEnd()) {
                position = at;
                return fail(badEnd);
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
    protected final boolean isAllowed(int offset, long length) {
        return length <= bulkLengthMax && lengthAt(offset) + length + 2 <= messageLengthMax;
    }

    /** True if the message may end at this offset. */
    protected final boolean mayEndAt(int offset) {
        return lengthAt(offset) <= messageLengthMax;
    }

    private long lengthAt(int offset) {
        return headBase + offset + bodyBytes;
    }

    /** The stream is damaged. Returns the status. */
    protected final int fail(String text) {
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
