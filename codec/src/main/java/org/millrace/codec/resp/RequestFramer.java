package org.millrace.codec.resp;

import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;

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
public final class RequestFramer extends BulkFramer {
    private static final int COUNT_LINE = OWN_PHASES;
    private static final int WORD = OWN_PHASES + 1;
    private static final int BULK_LINE = OWN_PHASES + 2;
    private static final int INLINE = OWN_PHASES + 3;

    private final int argumentsMax;
    private final long bulkLengthMax;
    private final long inlineLengthMax;
    private final HeaderLine line;

    private int wordCount;
    private int wordsLeft;
    private int nameOffset;
    private int nameLength;
    private int keyOffset;
    private int keyLength;
    private boolean inline;
    private byte firstByte;

    /** A framer between two messages. */
    public RequestFramer(FrameLimits limits) {
        super(limits, "too big request");
        argumentsMax = limits.arguments();
        bulkLengthMax = limits.bulkLength();
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

    @Override
    protected void newMessage(int at) {
        super.newMessage(at);
        inline = false;
        wordCount = 0;
        wordsLeft = 0;
        nameOffset = 0;
        nameLength = -1;
        keyOffset = 0;
        keyLength = -1;
    }

    private int takeWords(DirectBuffer buffer, int offset, int limit) {
        int at = offset;
        while (wordsLeft > 0) {
            int value = shortValue(buffer, at, limit);
            if (value > 0) {
                noteWord(value, shortLength);
                wordsLeft--;
                at = value + shortLength + 2;
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
            case INLINE -> inlineLine(buffer, offset, limit);
            default -> resumeValue(buffer, offset, limit);
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
        noteWord(at, isBody(length) ? -1 : (int) length);
        return beginValue(buffer, at, length, limit);
    }

    private int lineGoesOn(int result, int limit, String tooLong) {
        position = limit;
        return result == HeaderLine.TOO_LONG ? fail(tooLong) : NEED_MORE;
    }

    @Override
    protected int endValue(int at) {
        position = at;
        wordsLeft--;
        phase = WORD;
        return GO_ON;
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

    private void noteWord(int offset, int length) {
        if (wordsLeft == wordCount) {
            nameOffset = (int) (headBase + offset);
            nameLength = length;
        } else if (wordsLeft == wordCount - 1) {
            keyOffset = (int) (headBase + offset);
            keyLength = length;
        }
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
