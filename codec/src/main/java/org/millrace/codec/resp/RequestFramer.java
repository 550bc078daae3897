package org.millrace.codec.resp;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;

/**
 * Cuts a client's stream into requests: arrays of bulk strings, and inline commands, as Redis takes them. Empty lines
 * and empty arrays are no requests and are skipped.
 *
 * <p>{@link #takeWords} takes short words that lie whole before the limit, straight down; {@link #word} takes any other
 * word, and {@link #resume} goes on inside of one where the bytes of the last scan ended.
 *
 * <p>Deliberate differences from Redis: the CRLF behind a value and the LF of a header line are checked, and a NUL is a
 * byte like any other.
 */
public final class RequestFramer implements Framer {
    private static final int BETWEEN = 0;
    private static final int COUNT_LINE = 1;
    private static final int WORD = 2;
    private static final int BULK_LINE = 3;
    private static final int VALUE = 4;
    private static final int IN_BODY = 5;
    private static final int VALUE_CR = 6;
    private static final int VALUE_LF = 7;
    private static final int INLINE = 8;
    private static final int FAILED = 9;
    /** Not a status: what was at hand is whole up to {@link #position}, the phase says what comes next. */
    private static final int GO_ON = -1;
    private static final short CRLF = '\r' | '\n' << 8;

    private final int bodyThreshold;
    private final int argumentsMax;
    private final long bulkLengthMax;
    private final long messageLengthMax;
    private final long inlineLengthMax;
    private final HeaderLine line;

    private int phase;
    private int position;
    private int wordCount;
    private int wordsLeft;
    private int bodyCount;
    private int nameOffset;
    private int nameLength;
    private int keyOffset;
    private int keyLength;
    private boolean inline;
    private byte firstByte;
    private long valueLeft;
    private long bodyBytes;
    private long headLength;
    /** What turns an offset in the buffer of this scan into a position in the head. */
    private long headBase;
    private String error;

    /** A framer between two messages. */
    public RequestFramer(FrameLimits limits) {
        bodyThreshold = limits.bodyThreshold();
        argumentsMax = limits.arguments();
        bulkLengthMax = limits.bulkLength();
        messageLengthMax = limits.messageLength();
        inlineLengthMax = Math.min(limits.lineLength(), limits.messageLength());
        line = new HeaderLine(limits.lineLength());
        reset();
    }

    @Override
    public int scan(DirectBuffer buffer, int offset, int limit) {
        position = offset;
        headBase = headLength - offset;
        int status = phase == BETWEEN || phase == WORD ? GO_ON : resume(buffer, offset, limit);
        if (status == GO_ON && phase == BETWEEN) {
            status = begin(buffer, position, limit);
        }
        if (status == GO_ON) {
            status = takeWords(buffer, position, limit);
        }
        headLength = headBase + position;
        return status;
    }

    /** Skips what is no request; takes the header of an array, or all of an inline command. */
    private int begin(DirectBuffer buffer, int offset, int limit) {
        int at = offset;
        while (at < limit) {
            newMessage(at);
            if (limit - at >= 4) {
                int digit = HeaderLine.oneDigit(HeaderLine.peek(buffer, at), '*');
                if (digit > 0 && digit <= 9 && digit <= argumentsMax) {
                    wordCount = digit;
                    wordsLeft = digit;
                    position = at + 4;
                    return GO_ON;
                }
            }
            int status = beginSlowly(buffer, at, limit);
            if (status != GO_ON || phase != BETWEEN) {
                return status;
            }
            at = position;
        }
        newMessage(at);
        position = at;
        return NEED_MORE;
    }

    private int beginSlowly(DirectBuffer buffer, int at, int limit) {
        firstByte = buffer.getByte(at);
        if (firstByte == '*') {
            line.begin(1);
            phase = COUNT_LINE;
            return countLine(buffer, at + 1, limit);
        }
        inline = true;
        phase = INLINE;
        return inlineLine(buffer, at, limit);
    }

    private void newMessage(int at) {
        headBase = -(long) at;
        bodyCount = 0;
        bodyBytes = 0;
        inline = false;
        wordCount = 0;
        nameOffset = 0;
        nameLength = -1;
        keyOffset = 0;
        keyLength = -1;
    }

    private int takeWords(DirectBuffer buffer, int offset, int limit) {
        int at = offset;
        while (wordsLeft > 0) {
            int value = -1;
            int length = 0;
            // no whole word has less than six bytes
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
                noteWord(value, length);
                wordsLeft--;
                at = value + length + 2;
            } else {
                int status = word(buffer, at, limit);
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
            case COUNT_LINE -> countLine(buffer, offset, limit);
            case BULK_LINE -> bulkLine(buffer, offset, limit);
            case VALUE -> value(buffer, offset, limit);
            case VALUE_CR, VALUE_LF -> valueEnd(buffer, offset, limit);
            case INLINE -> inlineLine(buffer, offset, limit);
            case IN_BODY -> BODY;
            default -> ERROR;
        };
    }

    private int countLine(DirectBuffer buffer, int offset, int limit) {
        int at = line.scan(buffer, offset, limit);
        if (at < 0) {
            return lineGoesOn(at, limit, "too big mbulk count string");
        }
        position = at;
        long count = line.value();
        if (!line.isValid() || count > argumentsMax) {
            return fail("invalid multibulk length");
        }
        if (count <= 0) {
            phase = BETWEEN;
            return GO_ON;
        }
        wordCount = (int) count;
        wordsLeft = wordCount;
        phase = WORD;
        return GO_ON;
    }

    private int word(DirectBuffer buffer, int offset, int limit) {
        if (offset >= limit) {
            position = offset;
            phase = WORD;
            return NEED_MORE;
        }
        firstByte = buffer.getByte(offset);
        phase = BULK_LINE;
        // a wrong first byte is told when its line ends, and may itself be the CR that ends it
        int typeLength = firstByte == '$' ? 1 : 0;
        line.begin(typeLength);
        return bulkLine(buffer, offset + typeLength, limit);
    }

    private int bulkLine(DirectBuffer buffer, int offset, int limit) {
        int at = line.scan(buffer, offset, limit);
        if (at < 0) {
            return lineGoesOn(at, limit, "too big bulk count string");
        }
        position = at;
        if (firstByte != '$') {
            return fail(ErrorTexts.expectedBulk(firstByte));
        }
        long length = line.value();
        if (!line.isValid() || length < 0 || length > bulkLengthMax) {
            return fail("invalid bulk length");
        }
        if (!isAllowed(at, length)) {
            return fail("too big request");
        }
        valueLeft = length;
        if (length >= bodyThreshold) {
            noteWord(at, -1);
            bodyCount++;
            bodyBytes += length;
            phase = IN_BODY;
            return BODY;
        }
        noteWord(at, (int) length);
        return value(buffer, at, limit);
    }

    private int lineGoesOn(int result, int limit, String tooLong) {
        position = limit;
        return result == HeaderLine.TOO_LONG ? fail(tooLong) : NEED_MORE;
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
                position = at + 1;
                wordsLeft--;
                phase = WORD;
                return GO_ON;
            }
            phase = VALUE_LF;
        }
        position = limit;
        return NEED_MORE;
    }

    private int inlineLine(DirectBuffer buffer, int offset, int limit) {
        int end = (int) Math.min(limit, inlineLengthMax - headBase);
        int at = offset;
        while (at < end) {
            if (buffer.getByte(at++) == '\n') {
                position = at;
                phase = BETWEEN;
                long length = headBase + at;
                return length == 1 || length == 2 && firstByte == '\r' ? GO_ON : MESSAGE;
            }
        }
        position = at;
        return headBase + at >= inlineLengthMax ? fail("too big inline request") : NEED_MORE;
    }

    /** True if the message may hold a further value of so many bytes at this offset. */
    private boolean isAllowed(int offset, long length) {
        return length <= bulkLengthMax && headBase + offset + bodyBytes + length + 2 <= messageLengthMax;
    }

    private void noteWord(int offset, int length) {
        if (wordsLeft == wordCount) {
            nameOffset = (int) (headBase + offset);
            nameLength = length;
        } else if (wordsLeft == wordCount - 1) {
            keyOffset = (int) (headBase + offset);
            keyLength = length;
        }
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

    /** Tells of the word at hand only: a client may announce far more words than it will ever send. */
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
        wordsLeft = 0;
        valueLeft = 0;
        error = null;
    }

    /** True if the message is an inline command: one line, which {@link InlineParser} turns into words. */
    public boolean isInline() {
        return inline;
    }

    /** Words of the request, its name included; 0 for an inline command. */
    public int argumentCount() {
        return wordCount;
    }

    /** Position in the head of the first word. */
    public int nameOffset() {
        return nameOffset;
    }

    /** Length of the first word; -1 if it is a body, or if the command is inline. */
    public int nameLength() {
        return nameLength;
    }

    /** Position in the head of the second word. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Length of the second word; -1 if there is none, if it is a body, or if the command is inline. */
    public int keyLength() {
        return keyLength;
    }
}
