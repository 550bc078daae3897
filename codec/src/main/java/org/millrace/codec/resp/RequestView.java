package org.millrace.codec.resp;

import org.agrona.DirectBuffer;

/**
 * Walks the words of one framed request over its head. The head must be whole and come from a {@link RequestFramer} or
 * an {@link InlineParser}: what it says is not checked again, but nothing outside of it is ever read. Used by one
 * thread at a time; reusable; allocates nothing.
 * <pre>
 *   *3 CRLF $3 CRLF SET CRLF $1 CRLF k CRLF $262144 CRLF CRLF       the value is body 0, its CRLF is in the head
 *           ^       ^       ^
 *           |       |       endOffset of word 0 = headerOffset of word 1
 *           |       argumentOffset
 *           headerOffset
 * </pre>
 */
public final class RequestView {
    private DirectBuffer head;
    private int limit;
    private int firstOffset;
    private int bodyThreshold;
    private int argumentCount;
    private int argumentIndex;
    private int headerOffset;
    private int argumentOffset;
    private int endOffset;
    private int bodiesBefore;
    private long argumentLength;
    private boolean body;
    /** Where the header line read last ends. */
    private int at;

    /**
     * Goes to the front of a request.
     *
     * @param buffer    holds the head
     * @param offset    where the head begins
     * @param length    of the head
     * @param threshold words of at least so many bytes are bodies; {@link Integer#MAX_VALUE} if the head holds all
     * @return this
     * @throws IllegalStateException if the head is not whole
     */
    public RequestView wrap(DirectBuffer buffer, int offset, int length, int threshold) {
        head = buffer;
        limit = offset + length;
        bodyThreshold = threshold;
        argumentCount = (int) readNumber(offset + 1);
        if (at > limit) {
            throw notWhole();
        }
        firstOffset = at;
        rewind();
        return this;
    }

    /** Goes before the first word. */
    public void rewind() {
        argumentIndex = -1;
        endOffset = firstOffset;
        bodiesBefore = 0;
        body = false;
    }

    /**
     * Goes to the next word.
     *
     * @return false if there is none
     * @throws IllegalStateException if the head ends before the word, as it does if its threshold is another
     */
    public boolean next() {
        if (argumentIndex + 1 >= argumentCount) {
            return false;
        }
        argumentIndex++;
        if (body) {
            bodiesBefore++;
        }
        headerOffset = endOffset;
        long length = shortNumber(headerOffset);
        if (length < 0) {
            length = readNumber(headerOffset + 1);
        }
        argumentOffset = at;
        argumentLength = length;
        body = length >= bodyThreshold;
        long end = at + (body ? 0 : length) + 2;
        if (length < 0 || end > limit) {
            throw notWhole();
        }
        endOffset = (int) end;
        return true;
    }

    /** A length of one or two digits, which most have, from one look; -1 if it is another. */
    private int shortNumber(int offset) {
        if (limit - offset < HeaderLine.PEEKED) {
            return -1;
        }
        int peeked = HeaderLine.peek(head, offset);
        int number = HeaderLine.oneDigit(peeked, '$');
        at = offset + HeaderLine.ONE_DIGIT_LENGTH;
        if (number < 0) {
            number = HeaderLine.twoDigits(peeked, '$');
            at = offset + HeaderLine.TWO_DIGITS_LENGTH;
        }
        return number;
    }

    private long readNumber(int offset) {
        int next = offset;
        long value = 0;
        while (next < limit) {
            byte digit = head.getByte(next++);
            if (digit == '\r') {
                at = next + 1;
                return value;
            }
            value = value * 10 + digit - '0';
        }
        throw notWhole();
    }

    private static IllegalStateException notWhole() {
        return new IllegalStateException("the head of a request ends inside of a word");
    }

    /** Words of the request, its name included. */
    public int argumentCount() {
        return argumentCount;
    }

    /** Number of the word at hand, from 0; -1 before the first. */
    public int argumentIndex() {
        return argumentIndex;
    }

    /** Where in the buffer the word begins, or for a body would begin: there its CRLF lies. */
    public int argumentOffset() {
        return argumentOffset;
    }

    /** Bytes of the word, wherever they are. */
    public long argumentLength() {
        return argumentLength;
    }

    /** True if the word's bytes are not in the head. */
    public boolean isBody() {
        return body;
    }

    /** How many bodies come before the word, so for a body its number among the message's bodies. */
    public int bodyIndex() {
        return bodiesBefore;
    }

    /** Where in the buffer the word's header begins, with its {@code $}. */
    public int headerOffset() {
        return headerOffset;
    }

    /** Where in the buffer the word ends, its CRLF included. */
    public int endOffset() {
        return endOffset;
    }
}
