package org.millrace.codec.memcached;

import java.util.List;
import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.ValueFramer;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.CommandTable;
import org.millrace.codec.memcached.command.Family;

/**
 * Cuts a client's stream into requests: one line each, with the data block of a storage command behind it. Blanks
 * before a line are no part of it and are skipped. A line ends with CRLF or LF, a data block with CRLF.
 * <pre>
 *   set k 0 0 5 CR LF hello CR LF                                          a message of one line and one block
 *   get a b CR LF                                                          a message of one line
 *   set k 0 0 900000000 CR LF | 900000000 bytes and two more, skipped |    a message of one line, refused
 * </pre>
 * An empty line, an unknown command and a command with wrong words are messages too: memcached answers each. Whatever
 * is wrong with a message is told by {@link RequestView#fault()}, not here. A block beyond the limits is skipped as it
 * arrives, its line alone is the message.
 *
 * <p>What damages the stream is what leaves no way to tell where the next request begins: a line without end, a length
 * that one server may read and another not ({@code +5}, {@code 4294967301}), the binary protocol.
 *
 * <p>Memcached ends the connection at a line of more than 2048 bytes unless it is of get or gets. That would hit all
 * who share a link, so such lines are an error here; the lines of gat and gats are not, but have to be split before
 * they are sent.
 */
public final class RequestFramer extends ValueFramer {
    /** Most bytes of a line of anything but get and gets that memcached is sure to take. */
    public static final int LINE_LENGTH_MAX = 2048;
    /** Longest data block that memcached can be told of. */
    public static final int BYTES_MAX = Integer.MAX_VALUE - 2;

    private static final int LINE = OWN_PHASES;
    private static final byte BINARY_MAGIC = (byte) 0x80;

    private final CommandTable table = CommandTable.standard();
    private final LineScanner line;
    private final long bulkLengthMax;
    private Command command;
    private int keyOffset;
    private int keyLength;
    /** Bytes of a refused block that are still to come. */
    private long skipLeft;

    /** A framer between two messages. */
    public RequestFramer(FrameLimits limits) {
        super(limits, "too big request", "bad data chunk");
        bulkLengthMax = limits.bulkLength();
        line = scanner(limits, table);
        reset();
    }

    private static LineScanner scanner(FrameLimits limits, CommandTable table) {
        long plain = Math.min(limits.messageLength(), Math.min(limits.lineLength(), LINE_LENGTH_MAX));
        long wide = Math.min(limits.messageLength(), BYTES_MAX);
        List<Command> commands = table.commands();
        byte[] numberWords = new byte[commands.size()];
        long[] lengthsMax = new long[commands.size()];
        for (Command each : commands) {
            numberWords[each.id()] = (byte) each.bytesWord();
            lengthsMax[each.id()] = each.family() == Family.RETRIEVE ? wide : plain;
        }
        return new LineScanner(table.names(), numberWords, lengthsMax, plain, limits.arguments());
    }

    @Override
    public int scan(DirectBuffer buffer, int offset, int limit) {
        position = offset;
        headBase = headLength - offset;
        int status = switch (phase) {
            case BETWEEN -> begin(buffer, offset, limit);
            case LINE -> line(buffer, offset, limit);
            default -> resumeValue(buffer, offset, limit);
        };
        headLength = headBase + position;
        return status;
    }

    /** Skips what is no request, and takes a line. */
    private int begin(DirectBuffer buffer, int offset, int limit) {
        int skipped = (int) Math.min(skipLeft, limit - offset);
        skipLeft -= skipped;
        int at = offset + skipped;
        byte first = ' ';
        while (at < limit && first == ' ') {
            first = buffer.getByte(at++);
        }
        at -= first == ' ' ? 0 : 1;
        long left = skipLeft;
        newMessage(at);
        skipLeft = left;
        position = at;
        if (at == limit) {
            return NEED_MORE;
        }
        if (first == BINARY_MAGIC) {
            return fail("the binary protocol is not supported");
        }
        line.begin();
        phase = LINE;
        return line(buffer, at, limit);
    }

    @Override
    public boolean isLikeNew() {
        return isBetweenMessages() && skipLeft == 0;
    }

    @Override
    protected void newMessage(int at) {
        super.newMessage(at);
        command = null;
        keyOffset = 0;
        keyLength = -1;
        skipLeft = 0;
    }

    private int line(DirectBuffer buffer, int offset, int limit) {
        int at = line.scan(buffer, offset, limit);
        if (at < 0) {
            position = limit;
            return switch (at) {
                case LineScanner.TOO_LONG -> fail("line too long");
                case LineScanner.TOO_MANY_WORDS -> fail("too many keys");
                default -> NEED_MORE;
            };
        }
        position = at;
        if (line.nameIndex() < 0) {
            return endMessage();
        }
        command = table.byId(line.nameIndex());
        if (command.hasKeys()) {
            keyOffset = line.wordStart(command.firstKey());
            keyLength = line.wordLength(command.firstKey());
        }
        return command.isStorage() ? data(buffer, at, limit) : endMessage();
    }

    private int data(DirectBuffer buffer, int at, int limit) {
        long length = line.number();
        if (!line.isNumberValid() || length > BYTES_MAX) {
            return line.isNumberDoubtful() ? fail("bad command line format") : endMessage();
        }
        if (length > bulkLengthMax || !isAllowed(at, length)) {
            skipLeft = length + 2;
            return endMessage();
        }
        return beginValue(buffer, at, length, limit);
    }

    @Override
    protected int endValue(int at) {
        position = at;
        return endMessage();
    }

    private int endMessage() {
        phase = BETWEEN;
        return MESSAGE;
    }

    /** Memcached takes as many bytes as it was told, looks at the last two, and goes on behind them. */
    @Override
    protected boolean acceptsBadEnd() {
        return true;
    }

    /** The command, or null if it is unknown. */
    public Command command() {
        return command;
    }

    /**
     * True if the request asks for one key and nothing is wrong with it: all that a {@link RequestView} would tell of
     * it is told here.
     */
    public boolean isPlainGet() {
        return command != null && command.family() == Family.RETRIEVE && line.words() == command.firstKey() + 1
            && keyLength <= RequestView.KEY_LENGTH_MAX && !line.hasControlBytes();
    }

    /** Words of the line, the command included. */
    public int wordCount() {
        return line.words();
    }

    /** Position in the head of the first key. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Length of the first key, not checked; -1 if there is none. */
    public int keyLength() {
        return keyLength;
    }
}
