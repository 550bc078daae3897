package org.millrace.codec.resp;

import org.agrona.DirectBuffer;

/**
 * Walks the words of one framed request over its head. The head must be whole and come from a {@link RequestFramer} or
 * an {@link InlineParser}: nothing is checked again. Used by one thread at a time; reusable; allocates nothing.
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

    /**
     * Goes to the front of a request.
     *
     * @param buffer    holds the head
     * @param offset    where the head begins
     * @param length    of the head
     * @param threshold words of at least so many bytes are bodies; {@link Integer#MAX_VALUE} if the head holds all
     * @return this
     */
    public RequestView wrap(DirectBuffer buffer, int offset, int length, int threshold) {
        head = buffer;
        bodyThreshold = threshold;
        int at = offset + 1;
        int count = 0;
        byte digit = buffer.getByte(at++);
        while (digit != '\r') {
            count = count * 10 + digit - '0';
            digit = buffer.getByte(at++);
        }
        argumentCount = count;
        firstOffset = at + 1;
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

    /** Goes to the next word; false if there is none. */
    public boolean next() {
        if (argumentIndex + 1 >= argumentCount) {
            return false;
        }
        argumentIndex++;
        if (body) {
            bodiesBefore++;
        }
        headerOffset = endOffset;
        int at = headerOffset + 1;
        long length = 0;
        byte digit = head.getByte(at++);
        while (digit != '\r') {
            length = length * 10 + digit - '0';
            digit = head.getByte(at++);
        }
        argumentOffset = at + 1;
        argumentLength = length;
        body = length >= bodyThreshold;
        endOffset = argumentOffset + (body ? 0 : (int) length) + 2;
        return true;
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
