package org.millrace.codec.memcached;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.millrace.codec.memcached.command.PackedNames;

/**
 * One line of words, resumable at each of its bytes. It looks the first word up while it is read,
 * takes down where the next two are, and reads the one number that says how much data follows; which word that is, and
 * how long the line may be, depends on the first word.
 * <pre>
 *   set   key  0 0 5  CR LF          words are parted by blanks alone; CR is part of the line's end only before LF
 *   name  |        number            other control bytes are part of their word
 *         word 1
 * </pre>
 * All positions count from the start of the line. Package-private and final, so that both framers share it without a
 * virtual call.
 */
final class LineScanner {
    /** Result of {@link #scan}: all bytes are taken, the line goes on. */
    static final int NEED_MORE = -1;
    /** Result of {@link #scan}: the line is longer than it may be. */
    static final int TOO_LONG = -2;
    /** Result of {@link #scan}: the line has more words than it may have. */
    static final int TOO_MANY_WORDS = -3;

    /** Words whose place is taken down. */
    private static final int PLACES = 3;
    /** Above every length, and so small that another digit does not overflow it. */
    private static final long NUMBER_MAX = 1L << 50;

    private final PackedNames names;
    /** By index of the name: which word is the number, -1 if none. */
    private final byte[] numberWords;
    /** By index of the name: most bytes of the line. */
    private final long[] lengthsMax;
    private final long lengthMaxOfOthers;
    private final int wordsMax;
    private final int[] starts = new int[PLACES];
    private final int[] ends = new int[PLACES];

    private long length;
    private long lengthMax;
    private int words;
    private boolean inWord;
    private boolean afterCr;
    private boolean crlf;
    private boolean controlBytes;
    private long nameLow;
    private long nameHigh;
    private int nameIndex;
    private boolean nameOfDigits;
    private int numberWord;
    private long number;
    private boolean digitsOnly;
    private boolean signsOnly;

    /**
     * A scanner of lines whose first word is one of these names, or another.
     *
     * @param numberWords by index of the name, which word is the number; -1 if none
     * @param lengthsMax  by index of the name, most bytes of a line, its end included
     * @param others      most bytes of a line until its first word is one of the names
     * @param wordsMax    most words of a line
     */
    LineScanner(PackedNames names, byte[] numberWords, long[] lengthsMax, long others, int wordsMax) {
        this.names = names;
        this.numberWords = numberWords;
        this.lengthsMax = lengthsMax;
        this.lengthMaxOfOthers = others;
        this.wordsMax = wordsMax;
    }

    /** A new line begins. */
    void begin() {
        length = 0;
        lengthMax = lengthMaxOfOthers;
        words = 0;
        inWord = false;
        afterCr = false;
        controlBytes = false;
        nameLow = 0;
        nameHigh = 0;
        nameIndex = -1;
        nameOfDigits = true;
        numberWord = -1;
        ends[0] = -1;
        ends[1] = -1;
        ends[2] = -1;
    }

    /** Takes bytes up to the end of the line; returns the offset behind it, or a negative result. */
    int scan(DirectBuffer buffer, int offset, int limit) {
        long base = length - offset;
        int at = offset;
        int end = (int) Math.min(limit, lengthMax - base);
        while (at < end) {
            int b = buffer.getByte(at);
            if (PlainBytes.isPlain(b)) {
                endCr((int) (base + at));
                beginWord((int) (base + at));
                at = word(buffer, at, end, b, (int) (base + at));
                continue;
            }
            if (b == '\n') {
                crlf = afterCr;
                endWord((int) (base + at - (crlf ? 1 : 0)));
                return words > wordsMax ? TOO_MANY_WORDS : at + 1;
            }
            endCr((int) (base + at));
            if (b == ' ') {
                endWord((int) (base + at));
                end = (int) Math.min(limit, lengthMax - base);
            } else if (b == '\r') {
                afterCr = true;
            } else {
                takeControl(b, (int) (base + at));
            }
            at++;
        }
        length = base + at;
        if (words > wordsMax) {
            return TOO_MANY_WORDS;
        }
        return length >= lengthMax ? TOO_LONG : NEED_MORE;
    }

    /** What comes next is no LF, so a CR before it was a byte like others. */
    private void endCr(int place) {
        if (afterCr) {
            afterCr = false;
            takeControl('\r', place - 1);
        }
    }

    private void beginWord(int place) {
        if (inWord) {
            return;
        }
        inWord = true;
        if (words < PLACES) {
            starts[words] = place;
        }
        if (words == numberWord) {
            number = 0;
            digitsOnly = true;
            signsOnly = true;
        }
        words++;
    }

    /** A control byte is part of its word; what it does to a name makes that unknown. */
    private void takeControl(int b, int place) {
        beginWord(place);
        controlBytes = true;
        if (words == 1) {
            nameOfDigits = false;
            packName(b, place - starts[0]);
        } else if (words - 1 == numberWord) {
            digitsOnly = false;
        }
    }

    /** Takes a byte of the word at hand, and all plain ones behind it; returns the first offset that is not taken. */
    private int word(DirectBuffer buffer, int offset, int end, int first, int place) {
        if (words == 1) {
            return name(buffer, offset, end, first, place - starts[0]);
        }
        if (words - 1 == numberWord) {
            return number(buffer, offset, end, first);
        }
        return PlainBytes.endOfShort(buffer, offset + 1, end);
    }

    private int name(DirectBuffer buffer, int offset, int end, int first, int firstIndex) {
        if (firstIndex == 0 && end - offset >= Long.BYTES && first > '9') {
            long bytes = buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
            int count = PlainBytes.count(bytes);
            nameOfDigits = false;
            nameLow = count == Long.BYTES ? bytes : bytes & (1L << (count << 3)) - 1;
            return count < Long.BYTES ? offset + count : longName(buffer, offset + count, end, count);
        }
        nameOfDigits &= first >= '0' && first <= '9';
        packName(first, firstIndex);
        return longName(buffer, offset + 1, end, firstIndex + 1);
    }

    private int longName(DirectBuffer buffer, int offset, int end, int firstIndex) {
        int index = firstIndex;
        for (int at = offset; at < end; at++) {
            int b = buffer.getByte(at);
            if (!PlainBytes.isPlain(b)) {
                return at;
            }
            nameOfDigits &= b >= '0' && b <= '9';
            packName(b, index++);
        }
        return end;
    }

    private void packName(int b, int index) {
        if (index < 8) {
            nameLow |= PackedNames.pack(b, index);
        } else if (index < PackedNames.LENGTH_MAX) {
            nameHigh |= PackedNames.pack(b, index);
        }
    }

    private int number(DirectBuffer buffer, int offset, int end, int first) {
        long value = number;
        int b = first;
        int at = offset;
        while (PlainBytes.isPlain(b)) {
            int digit = b - '0';
            if (digit >= 0 && digit <= 9) {
                value = Math.min(NUMBER_MAX, value * 10 + digit);
            } else {
                digitsOnly = false;
                signsOnly &= b == '+' || b == '-';
            }
            at++;
            if (at == end) {
                break;
            }
            b = buffer.getByte(at);
        }
        number = value;
        return at;
    }

    private void endWord(int place) {
        if (!inWord) {
            return;
        }
        inWord = false;
        if (words <= PLACES) {
            ends[words - 1] = place;
        }
        if (words == 1) {
            endName(place - starts[0]);
        }
    }

    private void endName(int nameLength) {
        nameIndex = nameLength > PackedNames.LENGTH_MAX ? -1 : names.find(nameLow, nameHigh, nameLength);
        if (nameIndex >= 0) {
            numberWord = numberWords[nameIndex];
            lengthMax = lengthsMax[nameIndex];
        }
    }

    /** After a whole line: the index of its first word among the names, or -1. */
    int nameIndex() {
        return nameIndex;
    }

    /** After a whole line: how many words it has. */
    int words() {
        return words;
    }

    /** After a whole line: it ends with CRLF, not with a bare LF. */
    boolean endsWithCrlf() {
        return crlf;
    }

    /** After a whole line: some byte of it is a control byte. */
    boolean hasControlBytes() {
        return controlBytes;
    }

    /** After a whole line: its first word is digits alone. */
    boolean isNameOfDigits() {
        return nameOfDigits && words > 0;
    }

    /** Where one of the first three words begins. */
    int wordStart(int word) {
        return starts[word];
    }

    /** Length of one of the first three words; -1 if the line has none. */
    int wordLength(int word) {
        return ends[word] < 0 || words <= word ? -1 : ends[word] - starts[word];
    }

    /** After a whole line: it has the number, which is made of digits alone. */
    boolean isNumberValid() {
        return hasNumber() && digitsOnly;
    }

    /** After a whole line: the number is no number, but some server may read one out of its signs and control bytes. */
    boolean isNumberDoubtful() {
        return hasNumber() && signsOnly;
    }

    private boolean hasNumber() {
        return numberWord >= 0 && words > numberWord;
    }

    /** The number; beyond 2^50 it is not exact. */
    long number() {
        return number;
    }
}
