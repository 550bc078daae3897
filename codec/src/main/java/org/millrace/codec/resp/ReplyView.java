package org.millrace.codec.resp;

import org.agrona.DirectBuffer;

/**
 * Walks the top-level elements of one framed array reply over its head, so that replies can be woven into one. The head
 * must be whole and come from a {@link ReplyFramer}: what it says is not checked again, but nothing outside of it is
 * ever read. Used by one thread at a time; reusable; allocates nothing.
 *
 * <p>A reply that is no array, and the null array, has no elements.
 */
public final class ReplyView {
    private DirectBuffer head;
    private int limit;
    private int firstOffset;
    private int bodyThreshold;
    private long elementCount;
    private long elementIndex;
    private int startOffset;
    private int endOffset;
    private int firstBody;
    private int bodyCount;
    /** The number of the header line read last, and where that line ends. */
    private long number;
    private int at;

    /**
     * Goes to the front of a reply.
     *
     * @param buffer    holds the head
     * @param offset    where the head begins
     * @param length    of the head
     * @param threshold values of at least so many bytes are bodies; {@link Integer#MAX_VALUE} if the head holds all
     * @return this
     * @throws IllegalStateException if the head is not whole
     */
    public ReplyView wrap(DirectBuffer buffer, int offset, int length, int threshold) {
        head = buffer;
        limit = offset + length;
        bodyThreshold = threshold;
        elementCount = 0;
        firstOffset = offset;
        if (byteAt(offset) == '*') {
            readNumber(offset + 1);
            elementCount = number;
            firstOffset = at;
            if (at > limit) {
                throw notWhole();
            }
        }
        rewind();
        return this;
    }

    /** Goes before the first element. */
    public void rewind() {
        elementIndex = -1;
        startOffset = firstOffset;
        endOffset = firstOffset;
        firstBody = 0;
        bodyCount = 0;
    }

    /**
     * Goes to the next element.
     *
     * @return false if there is none
     * @throws IllegalStateException if the head ends before the element, as it does if its threshold is another
     */
    public boolean next() {
        if (elementIndex + 1 >= elementCount) {
            return false;
        }
        elementIndex++;
        startOffset = endOffset;
        firstBody += bodyCount;
        bodyCount = 0;
        at = startOffset;
        long left = 1;
        while (left > 0) {
            left += skip() - 1;
        }
        if (at > limit) {
            throw notWhole();
        }
        endOffset = at;
        return true;
    }

    /** Skips one element, or the header of an array; returns how many elements follow as part of it. */
    private long skip() {
        byte type = byteAt(at);
        if (type == '$') {
            readLength();
            if (number >= bodyThreshold) {
                bodyCount++;
                at += 2;
            } else if (number >= 0) {
                if (number > limit - at) {
                    throw notWhole();
                }
                at += (int) number + 2;
            }
            return 0;
        }
        if (type == '*') {
            readNumber(at + 1);
            return Math.max(number, 0);
        }
        skipLine();
        return 0;
    }

    /** Reads the header line of a bulk string: most have a length of one or two digits, told from one look. */
    private void readLength() {
        if (limit - at >= HeaderLine.PEEKED) {
            int peeked = HeaderLine.peek(head, at);
            int length = HeaderLine.oneDigit(peeked, '$');
            if (length >= 0) {
                number = length;
                at += HeaderLine.ONE_DIGIT_LENGTH;
                return;
            }
            length = HeaderLine.twoDigits(peeked, '$');
            if (length >= 0) {
                number = length;
                at += HeaderLine.TWO_DIGITS_LENGTH;
                return;
            }
        }
        readNumber(at + 1);
    }

    private void skipLine() {
        int next = at + 1;
        boolean cr = false;
        byte b = byteAt(next++);
        while (!(cr && b == '\n')) {
            cr = b == '\r';
            b = byteAt(next++);
        }
        at = next;
    }

    private void readNumber(int offset) {
        int next = offset;
        byte b = byteAt(next++);
        if (b == '-') {
            // only the null is negative
            number = -1;
            at = next + 3;
            return;
        }
        long value = 0;
        while (b != '\r') {
            value = value * 10 + b - '0';
            b = byteAt(next++);
        }
        number = value;
        at = next + 1;
    }

    private byte byteAt(int offset) {
        if (offset >= limit) {
            throw notWhole();
        }
        return head.getByte(offset);
    }

    private static IllegalStateException notWhole() {
        return new IllegalStateException("the head of a reply ends inside of an element");
    }

    /** Elements of the array; -1 for the null array, 0 if the reply is no array. */
    public long elementCount() {
        return elementCount;
    }

    /** Number of the element at hand, from 0; -1 before the first. */
    public long elementIndex() {
        return elementIndex;
    }

    /** First byte of the element at hand. */
    public byte type() {
        return head.getByte(startOffset);
    }

    /** Where in the buffer the element begins. */
    public int startOffset() {
        return startOffset;
    }

    /** Where in the buffer the element ends, its last CRLF included. */
    public int endOffset() {
        return endOffset;
    }

    /** Number of the first of the message's bodies that belong to the element. */
    public int firstBody() {
        return firstBody;
    }

    /** How many bodies belong to the element. */
    public int bodyCount() {
        return bodyCount;
    }
}
