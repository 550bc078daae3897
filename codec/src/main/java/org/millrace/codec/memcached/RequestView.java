package org.millrace.codec.memcached;

import org.agrona.DirectBuffer;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.CommandTable;
import org.millrace.codec.memcached.command.Family;
import org.millrace.codec.memcached.command.Fault;
import org.millrace.codec.memcached.command.Field;
import org.millrace.codec.memcached.command.Treatment;

/**
 * Reads one framed request over its head: which command it is, what is wrong with it, its keys, numbers, meta flags and
 * data. The head must be whole and come from a {@link RequestFramer}; nothing outside of it is ever read. Used by one
 * thread at a time; reusable; allocates nothing.
 * <pre>
 *   set key 0 0 5 noreply CRLF hello CRLF          gat 60 a b CRLF              mg key v q O123 CRLF
 *   |   |   number(...)        |                          |                            flags
 *   |   firstKey               dataOffset                 nextKey, nextKey
 *   command
 * </pre>
 * {@link #fault()} is what decides whether the request may go to a server. A storage command is checked to its last
 * number, because a server that refuses its line may run its data as commands; of all others only what the proxy itself
 * needs is, and the server says what else is wrong.
 */
public final class RequestView {
    /** Longest key, in bytes. */
    public static final int KEY_LENGTH_MAX = 250;

    private static final String NOREPLY = "noreply";
    private static final String HTTP = "HTTP/";
    private static final int LINE_END_LENGTH = 2;

    private final CommandTable table = CommandTable.standard();
    private final RequestLine line = new RequestLine(table);
    private DirectBuffer head;
    private int headEnd;
    private int threshold;
    private Command command;
    private Fault fault;
    private boolean noreply;
    private long dataLength;
    private boolean body;
    private int keyOffset;
    private int keyEnd;
    private int keyIndex;
    private int flagOffset;
    private int flagLength;

    /**
     * Reads a request.
     *
     * @param buffer        holds the head
     * @param offset        where the head begins
     * @param length        of the head
     * @param bodyThreshold data of at least so many bytes is a body; {@link Integer#MAX_VALUE} if the head holds all
     * @return this
     * @throws IllegalStateException if the head is not whole
     */
    public RequestView wrap(DirectBuffer buffer, int offset, int length, int bodyThreshold) {
        head = buffer;
        headEnd = offset + length;
        threshold = bodyThreshold;
        line.read(buffer, offset, headEnd);
        command = line.command();
        dataLength = -1;
        body = false;
        noreply = false;
        boolean endsWell = data();
        fault = lineFault();
        if (fault == Fault.NONE && dataLength >= 0) {
            fault = headEnd == line.end() ? Fault.TOO_LARGE : endsWell ? Fault.NONE : Fault.BAD_DATA_CHUNK;
        }
        rewind();
        return this;
    }

    /** Finds the data block; false if it is not followed by CRLF. */
    private boolean data() {
        int bytes = command == null ? -1 : command.bytesWord();
        if (bytes < 0 || line.words() <= bytes || !isUnsigned(bytes) || number(bytes) < 0
            || number(bytes) > RequestFramer.BYTES_MAX) {
            return true;
        }
        dataLength = number(bytes);
        body = dataLength >= threshold;
        int rest = headEnd - line.end();
        if (rest == 0) {
            return true;
        }
        if (rest != (body ? 0 : dataLength) + LINE_END_LENGTH) {
            throw new IllegalStateException("the head of a request ends inside of its data");
        }
        return head.getByte(headEnd - 2) == '\r' && head.getByte(headEnd - 1) == '\n';
    }

    private Fault lineFault() {
        if (command == null) {
            return line.words() > 0 && line.lastStartsWith(HTTP) ? Fault.HTTP : Fault.ERROR;
        }
        if (command.treatment() == Treatment.REFUSE) {
            return Fault.REFUSED;
        }
        int words = line.words();
        boolean meta = command.family() == Family.META;
        if (words < command.wordsMin() || !meta && words > command.wordsMax()) {
            return words < command.wordsMin() ? command.tooFew() : command.tooMany();
        }
        int noreplyWord = command.wordOf(Field.NOREPLY);
        noreply = noreplyWord >= 0 && words > noreplyWord && line.lastIs(NOREPLY);
        if (line.hasControlBytes() || line.hasLongKey()) {
            return Fault.BAD_FORMAT;
        }
        if (words > command.wordsMax()) {
            return command.tooMany();
        }
        return command.isStorage() && (dataLength < 0 || !hasGoodNumbers()) ? Fault.BAD_FORMAT : Fault.NONE;
    }

    private boolean hasGoodNumbers() {
        int flags = command.wordOf(Field.FLAGS);
        int exptime = command.wordOf(Field.EXPTIME);
        int cas = command.wordOf(Field.CAS);
        return (flags < 0 || isUnsigned(flags)) && (exptime < 0 || isSigned(exptime)) && (cas < 0 || isUnsigned(cas));
    }

    private boolean isUnsigned(int word) {
        return AsciiNumber.isUnsigned(head, line.wordOffset(word), line.wordLength(word));
    }

    private boolean isSigned(int word) {
        return AsciiNumber.isSigned(head, line.wordOffset(word), line.wordLength(word));
    }

    private long number(int word) {
        return AsciiNumber.value(head, line.wordOffset(word), line.wordLength(word));
    }

    /** The command, or null if it is unknown. */
    public Command command() {
        return command;
    }

    /** What is wrong; if anything is, no server may see the request. */
    public Fault fault() {
        return fault;
    }

    /** The whole error reply to a request with a fault; null if it gets none, as {@code noreply} wants it. */
    public DirectBuffer refusal() {
        if (noreply) {
            return null;
        }
        return fault == Fault.REFUSED ? command.refusal() : fault.reply();
    }

    /** Words of the line, the command included. */
    public int wordCount() {
        return line.words();
    }

    /** True if the line ends with {@code noreply}: no server answers, whatever happens. */
    public boolean isNoreply() {
        return noreply;
    }

    /** True if the meta flag q keeps the usual reply back ({@link Command#isKeptQuiet}). */
    public boolean isQuiet() {
        return command != null && command.mayBeQuiet() && hasFlag('q');
    }

    /** Where in the buffer the last word begins: that of {@code noreply}. */
    public int lastWordOffset() {
        return line.lastOffset();
    }

    /** Where in the buffer the line ends, its line end included; there the data begins. */
    public int lineEnd() {
        return line.end();
    }

    /** Goes before the first key. */
    public void rewind() {
        keyIndex = -1;
        keyEnd = 0;
    }

    /** Keys of the request. */
    public int keyCount() {
        if (command == null || !command.hasKeys() || line.words() <= command.firstKey()) {
            return 0;
        }
        return command.hasManyKeys() ? line.words() - command.firstKey() : 1;
    }

    /** Goes to the next key; false if there is none. */
    public boolean nextKey() {
        if (keyIndex + 1 >= keyCount()) {
            return false;
        }
        keyIndex++;
        keyOffset = keyIndex == 0 ? line.wordOffset(command.firstKey()) : line.nextWord(keyEnd);
        keyEnd = line.wordEnd(keyOffset);
        return true;
    }

    /** Number of the key at hand, from 0; -1 before the first. */
    public int keyIndex() {
        return keyIndex;
    }

    /** Where in the buffer the key at hand begins. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Length of the key at hand. */
    public int keyLength() {
        return keyEnd - keyOffset;
    }

    /** True if the command has this field, its word is there, and it is a number. */
    public boolean hasNumber(Field field) {
        int word = command == null ? -1 : command.wordOf(field);
        return word >= 0 && word < line.words() && isSignedOrUnsigned(field, word);
    }

    private boolean isSignedOrUnsigned(Field field, int word) {
        return field == Field.EXPTIME ? isSigned(word) : isUnsigned(word);
    }

    /** The number of a field that {@link #hasNumber}; flags, cas and delta have 64 bits without a sign. */
    public long number(Field field) {
        return number(command.wordOf(field));
    }

    /** True if a data block belongs to the request. */
    public boolean hasData() {
        return dataLength >= 0;
    }

    /** Bytes of the data block without its CRLF, wherever they are; -1 if there is none. */
    public long dataLength() {
        return dataLength;
    }

    /** Where in the buffer the data begins, or for a body would begin: there its CRLF lies. */
    public int dataOffset() {
        return line.end();
    }

    /** True if the data is not in the head. */
    public boolean isBody() {
        return body;
    }

    /** True if the request has the meta flag of that letter. */
    public boolean hasFlag(char letter) {
        return line.hasFlag(letter);
    }

    /** Finds a meta flag; false if the request does not have it. */
    public boolean findFlag(char letter) {
        if (!line.hasFlag(letter)) {
            return false;
        }
        int at = line.wordOffset(command.wordOf(Field.OPTIONS));
        while (head.getByte(at) != letter) {
            at = line.nextWord(line.wordEnd(at));
        }
        flagOffset = at;
        flagLength = line.wordEnd(at) - at;
        return true;
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
