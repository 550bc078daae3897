package org.millrace.codec.memcached;

import org.agrona.DirectBuffer;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.CommandTable;
import org.millrace.codec.memcached.command.Field;

/** The words of a request's line, once it is whole: read in one pass, of which the view asks everything else. */
final class RequestLine {
    /** Words whose place is taken down: the fields of every command are among them. */
    private static final int PLACES = 8;

    private final CommandTable table;
    private final int[] starts = new int[PLACES];
    private final int[] ends = new int[PLACES];
    private DirectBuffer buffer;
    private int end;
    /** Where the words end: before CRLF or LF. */
    private int wordsEnd;
    private int words;
    private int lastStart;
    private int lastEnd;
    private Command command;
    private int firstKey;
    private int lastKey;
    private int firstFlag;
    private boolean controlBytes;
    private boolean longKey;
    private long flags;

    RequestLine(CommandTable table) {
        this.table = table;
    }

    /** Reads the line that begins at this offset. */
    void read(DirectBuffer source, int offset, int limit) {
        buffer = source;
        words = 0;
        command = null;
        controlBytes = false;
        longKey = false;
        flags = 0;
        firstFlag = Integer.MAX_VALUE;
        firstKey = Integer.MAX_VALUE;
        lastKey = -1;
        int at = offset;
        while (at < limit) {
            int start = at;
            at = wordEnd(at, limit);
            if (at == limit) {
                break;
            }
            boolean endsLine = source.getByte(at) == '\n';
            wordsEnd = endsLine && at > offset && source.getByte(at - 1) == '\r' ? at - 1 : at;
            endWord(start, wordsEnd);
            at++;
            if (endsLine) {
                end = at;
                return;
            }
        }
        throw new IllegalStateException("the head of a request ends inside of its line");
    }

    /** The next blank or LF, or the limit; notes control bytes before it but for a CR that ends the line. */
    private int wordEnd(int offset, int limit) {
        int at = PlainBytes.endOfShort(buffer, offset, limit);
        while (at < limit) {
            byte b = buffer.getByte(at);
            if (b == ' ' || b == '\n') {
                return at;
            }
            at++;
            controlBytes |= b != '\r' || at == limit || buffer.getByte(at) != '\n';
            at = PlainBytes.endOfShort(buffer, at, limit);
        }
        return at;
    }

    private void endWord(int start, int wordEnd) {
        if (start >= wordEnd) {
            return;
        }
        if (words < PLACES) {
            starts[words] = start;
            ends[words] = wordEnd;
        }
        lastStart = start;
        lastEnd = wordEnd;
        if (words == 0) {
            endName();
        } else if (words >= firstKey && words <= lastKey) {
            longKey |= wordEnd - start > RequestView.KEY_LENGTH_MAX;
        } else if (words >= firstFlag) {
            flags |= bit(buffer.getByte(start));
        }
        words++;
    }

    private void endName() {
        command = table.find(buffer, starts[0], ends[0] - starts[0]);
        if (command == null) {
            return;
        }
        if (command.hasKeys()) {
            firstKey = command.firstKey();
            lastKey = command.hasManyKeys() ? Integer.MAX_VALUE : firstKey;
        }
        if (command.wordOf(Field.OPTIONS) >= 0) {
            firstFlag = command.wordOf(Field.OPTIONS);
        }
    }

    /** Bit of a flag's letter; other bytes have none. */
    private static long bit(int letter) {
        return letter >= 'A' && letter <= 'z' ? 1L << (letter - 'A') : 0;
    }

    Command command() {
        return command;
    }

    int words() {
        return words;
    }

    /** Where the line ends, its line end included. */
    int end() {
        return end;
    }

    int wordOffset(int word) {
        return starts[word];
    }

    int wordLength(int word) {
        return ends[word] - starts[word];
    }

    /** Where the word behind this offset begins; there must be one. */
    int nextWord(int offset) {
        int at = offset;
        while (buffer.getByte(at) == ' ') {
            at++;
        }
        return at;
    }

    /** Where the word that holds this offset ends. */
    int wordEnd(int offset) {
        int at = offset;
        while (at < wordsEnd && buffer.getByte(at) != ' ') {
            at++;
        }
        return at;
    }

    int lastOffset() {
        return lastStart;
    }

    boolean lastIs(String text) {
        return lastEnd - lastStart == text.length() && lastStartsWith(text);
    }

    boolean lastStartsWith(String text) {
        if (lastEnd - lastStart < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (buffer.getByte(lastStart + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean hasControlBytes() {
        return controlBytes;
    }

    boolean hasLongKey() {
        return longKey;
    }

    boolean hasFlag(char letter) {
        return (flags & bit(letter)) != 0;
    }
}
