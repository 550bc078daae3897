package org.millrace.codec.memcached;

import org.agrona.DirectBuffer;

/**
 * Walks the entries of one framed reply over its head: VALUE blocks, the one block of VA, or lines of STAT and its
 * like. Replies of one line have no entries. The head must be whole and come from a {@link ReplyFramer}; nothing
 * outside of it is ever read. Used by one thread at a time; reusable; allocates nothing.
 * <pre>
 *   VALUE key 0 5 77 CRLF hello CRLF   END CRLF       STAT version 1.6.18 CRLF   END CRLF
 *   |     key         |   data      |                 |    key     data      |
 *   entryOffset       cas           entryEnd          entryOffset            entryEnd
 * </pre>
 */
public final class ReplyView {
    private static final int WORDS = 5;

    private final int[] starts = new int[WORDS];
    private final int[] ends = new int[WORDS];
    private DirectBuffer head;
    private int first;
    private int limit;
    private int threshold;
    private int words;
    private int lineEnd;
    private int entryOffset;
    private int entryEnd;
    private int keyWord;
    private int dataOffset;
    private long dataLength;
    private boolean body;
    private int bodiesBefore;
    private int entryIndex;
    private int flagOffset;
    private int flagLength;

    /**
     * Goes to the front of a reply.
     *
     * @param buffer        holds the head
     * @param offset        where the head begins
     * @param length        of the head
     * @param bodyThreshold data of at least so many bytes is a body; {@link Integer#MAX_VALUE} if the head holds all
     * @return this
     */
    public ReplyView wrap(DirectBuffer buffer, int offset, int length, int bodyThreshold) {
        head = buffer;
        first = offset;
        limit = offset + length;
        threshold = bodyThreshold;
        rewind();
        return this;
    }

    /** Goes before the first entry. */
    public void rewind() {
        entryEnd = first;
        entryIndex = -1;
        bodiesBefore = 0;
        body = false;
    }

    /**
     * Goes to the next entry.
     *
     * @return false if there is none; then {@link #entryEnd()} is where the last line begins
     * @throws IllegalStateException if the head ends before the entry, as it does if its threshold is another
     */
    public boolean next() {
        if (entryEnd >= limit) {
            return false;
        }
        readLine(entryEnd);
        if (words < 2) {
            return false;
        }
        int bytesWord = is("VALUE") ? 3 : is("VA") ? 1 : -1;
        boolean isLine = is("STAT") || is("ITEM") || is("PREFIX");
        if (bytesWord < 0 && !isLine || bytesWord >= words) {
            return false;
        }
        bodiesBefore += body ? 1 : 0;
        entryIndex++;
        entryOffset = entryEnd;
        keyWord = bytesWord == 1 ? -1 : 1;
        if (isLine) {
            text();
        } else {
            block(bytesWord);
        }
        return true;
    }

    private void text() {
        body = false;
        dataOffset = words > 2 ? starts[2] : lineEnd - 2;
        dataLength = lineEnd - 2 - dataOffset;
        entryEnd = lineEnd;
    }

    private void block(int bytesWord) {
        if (!AsciiNumber.isUnsigned(head, starts[bytesWord], ends[bytesWord] - starts[bytesWord])) {
            throw notWhole();
        }
        dataLength = AsciiNumber.value(head, starts[bytesWord], ends[bytesWord] - starts[bytesWord]);
        body = dataLength >= threshold;
        dataOffset = lineEnd;
        long end = dataOffset + (body ? 0 : dataLength) + 2;
        if (dataLength < 0 || end > limit) {
            throw notWhole();
        }
        entryEnd = (int) end;
    }

    private void readLine(int offset) {
        words = 0;
        int start = -1;
        for (int at = offset; at < limit; at++) {
            byte b = head.getByte(at);
            if (b == '\n') {
                endWord(start, at > offset && head.getByte(at - 1) == '\r' ? at - 1 : at);
                lineEnd = at + 1;
                return;
            }
            if (b == ' ') {
                endWord(start, at);
                start = -1;
            } else if (start < 0) {
                start = at;
            }
        }
        throw notWhole();
    }

    private void endWord(int start, int end) {
        if (start >= 0 && start < end && words < WORDS) {
            starts[words] = start;
            ends[words++] = end;
        }
    }

    private boolean is(String word) {
        if (ends[0] - starts[0] != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (head.getByte(starts[0] + i) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static IllegalStateException notWhole() {
        return new IllegalStateException("the head of a reply ends inside of an entry");
    }

    /** Number of the entry at hand, from 0; -1 before the first. */
    public int entryIndex() {
        return entryIndex;
    }

    /** Where in the buffer the entry begins, with its first word. */
    public int entryOffset() {
        return entryOffset;
    }

    /** Where in the buffer the entry ends, its line end included. */
    public int entryEnd() {
        return entryEnd;
    }

    /** Where in the buffer the key begins, or the name of a STAT. */
    public int keyOffset() {
        return starts[keyWord];
    }

    /** Length of the key; -1 if the entry has none, as VA. */
    public int keyLength() {
        return keyWord < 0 ? -1 : ends[keyWord] - starts[keyWord];
    }

    /** True if the key is these bytes. */
    public boolean isKey(DirectBuffer buffer, int offset, int length) {
        if (keyLength() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(offset + i) != head.getByte(starts[keyWord] + i)) {
                return false;
            }
        }
        return true;
    }

    /** Of a VALUE: the client's flags. */
    public long flags() {
        return AsciiNumber.value(head, starts[2], ends[2] - starts[2]);
    }

    /** Of a VALUE: true if it tells its cas. */
    public boolean hasCas() {
        return keyWord == 1 && words > 4;
    }

    /** Of a VALUE with a cas: 64 bits without a sign. */
    public long cas() {
        return AsciiNumber.value(head, starts[4], ends[4] - starts[4]);
    }

    /** Where in the buffer the data begins, or for a body would begin; of a STAT its value. */
    public int dataOffset() {
        return dataOffset;
    }

    /** Bytes of the data, wherever they are. */
    public long dataLength() {
        return dataLength;
    }

    /** True if the data is not in the head. */
    public boolean isBody() {
        return body;
    }

    /** How many bodies come before the entry, so for a body its number among the message's bodies. */
    public int bodyIndex() {
        return bodiesBefore;
    }

    /** Finds a flag in the first line of a meta reply (O, k, c and so on); false if it is not there. */
    public boolean findFlag(char letter) {
        int at = first;
        boolean code = true;
        while (at < limit && head.getByte(at) != '\r' && head.getByte(at) != '\n') {
            int start = at;
            while (at < limit && head.getByte(at) > ' ' || at < limit && head.getByte(at) < 0) {
                at++;
            }
            if (!code && at > start && head.getByte(start) == letter) {
                flagOffset = start;
                flagLength = at - start;
                return true;
            }
            code = code && at == start;
            at += at == start ? 1 : 0;
        }
        return false;
    }

    /** Where in the buffer the flag that was found begins, with its letter. */
    public int flagOffset() {
        return flagOffset;
    }

    /** Length of the flag that was found, its letter included. */
    public int flagLength() {
        return flagLength;
    }
}
