package org.millrace.codec.memcached;

import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.ValueFramer;
import org.millrace.codec.memcached.command.PackedNames;
import org.millrace.codec.memcached.command.ReplyType;

/**
 * Cuts a server's stream into replies. Where a reply ends follows from its first word alone:
 * <pre>
 *   VALUE k 0 5 CRLF hello CRLF  VALUE ... END CRLF     values go on up to END
 *   STAT pid 42 CRLF  STAT ... END CRLF                 so do STAT, ITEM and PREFIX
 *   VA 5 f0 CRLF hello CRLF                             one block
 *   STORED CRLF                                         all else is one line, END alone too
 * </pre>
 * An error line inside of a list ends it, as some proxies in front of a server have it. A line that is none of
 * {@link ReplyType} is an error of the stream: most likely it is data.
 *
 * <p>What cannot be seen in the bytes needs what was asked: whether a reply fits its request
 * ({@link org.millrace.codec.memcached.command.Command#accepts}); whether END is no value or no statistics; and how
 * many replies come at all. A request with {@code noreply} has none, not even an error, if its line is as RequestView
 * wants it; one with the flag q has one or none, which only a further request behind it can tell ({@code mn}).
 */
public final class ReplyFramer extends ValueFramer {
    private static final int LINE = OWN_PHASES;
    private static final PackedNames WORDS = ReplyType.words();
    private static final int VALUE_WORDS_MIN = 4;
    private static final int VALUE_WORDS_MAX = 5;

    private final LineScanner line;
    private final long bulkLengthMax;
    private final int linesMax;
    private ReplyType type;
    private int lineCount;
    private boolean endsWithError;

    /** A framer between two messages. */
    public ReplyFramer(FrameLimits limits) {
        super(limits, "too big reply", "expected CRLF after data");
        bulkLengthMax = limits.bulkLength();
        linesMax = limits.arguments();
        line = scanner(limits.lineLength());
        reset();
    }

    private static LineScanner scanner(int lineLength) {
        byte[] numberWords = new byte[WORDS.size()];
        long[] lengthsMax = new long[WORDS.size()];
        for (int i = 0; i < numberWords.length; i++) {
            numberWords[i] = (byte) ReplyType.at(i).bytesWord();
            lengthsMax[i] = lineLength;
        }
        return new LineScanner(WORDS, numberWords, lengthsMax, lineLength, Integer.MAX_VALUE);
    }

    @Override
    public int scan(DirectBuffer buffer, int offset, int limit) {
        position = offset;
        headBase = headLength - offset;
        if (phase == BETWEEN) {
            newMessage(offset);
            if (offset < limit) {
                line.begin();
                phase = LINE;
            }
        }
        int status = phase == LINE || phase == BETWEEN ? GO_ON : resumeValue(buffer, offset, limit);
        while (status == GO_ON) {
            status = position < limit ? line(buffer, position, limit) : NEED_MORE;
        }
        headLength = headBase + position;
        return status;
    }

    @Override
    protected void newMessage(int at) {
        super.newMessage(at);
        type = null;
        lineCount = 0;
        endsWithError = false;
    }

    private int line(DirectBuffer buffer, int offset, int limit) {
        int at = line.scan(buffer, offset, limit);
        if (at < 0) {
            position = limit;
            return at == LineScanner.TOO_LONG ? fail("too long line") : NEED_MORE;
        }
        position = at;
        if (!line.endsWithCrlf()) {
            return fail("expected CRLF after line");
        }
        if (!mayEndAt(at)) {
            return fail("too big reply");
        }
        ReplyType lineType = typeOfLine();
        if (lineType == null) {
            return fail("unknown reply");
        }
        return type == null ? firstLine(lineType, buffer, at, limit) : nextLine(lineType, buffer, at, limit);
    }

    private ReplyType typeOfLine() {
        int index = line.nameIndex();
        if (index >= 0) {
            return ReplyType.at(index);
        }
        return line.words() == 1 && line.isNameOfDigits() ? ReplyType.NUMBER : null;
    }

    private int firstLine(ReplyType lineType, DirectBuffer buffer, int at, int limit) {
        type = lineType;
        if (lineType == ReplyType.VA) {
            return block(buffer, at, limit);
        }
        if (!lineType.isList()) {
            return endMessage();
        }
        return listLine(lineType, buffer, at, limit);
    }

    private int nextLine(ReplyType lineType, DirectBuffer buffer, int at, int limit) {
        if (lineType == type) {
            return listLine(lineType, buffer, at, limit);
        }
        if (lineType != ReplyType.END && !lineType.isError()) {
            return fail("unexpected line in a list");
        }
        endsWithError = lineType.isError();
        return endMessage();
    }

    private int listLine(ReplyType lineType, DirectBuffer buffer, int at, int limit) {
        if (lineCount == linesMax) {
            return fail("too many lines");
        }
        lineCount++;
        if (lineType != ReplyType.VALUE) {
            line.begin();
            return GO_ON;
        }
        return line.words() >= VALUE_WORDS_MIN && line.words() <= VALUE_WORDS_MAX ? block(buffer, at, limit)
            : fail("invalid VALUE line");
    }

    private int block(DirectBuffer buffer, int at, int limit) {
        long length = line.number();
        if (!line.isNumberValid() || length > bulkLengthMax) {
            return fail("invalid data length");
        }
        return beginValue(buffer, at, length, limit);
    }

    @Override
    protected int endValue(int at) {
        position = at;
        if (type == ReplyType.VA) {
            return endMessage();
        }
        line.begin();
        phase = LINE;
        return GO_ON;
    }

    private int endMessage() {
        phase = BETWEEN;
        return MESSAGE;
    }

    /** What the reply is; null before the end of its first line. */
    public ReplyType type() {
        return type;
    }

    /** Lines of a list, END not counted; 0 of any other reply. */
    public int lineCount() {
        return lineCount;
    }

    /** True if a list ends with an error in place of END. */
    public boolean endsWithError() {
        return endsWithError;
    }
}
