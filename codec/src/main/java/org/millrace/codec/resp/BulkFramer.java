package org.millrace.codec.resp;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.ValueFramer;

/** A framer of RESP: its values are bulk strings, the shortest of which are taken in one step. */
abstract class BulkFramer extends ValueFramer {
    private static final short CRLF = '\r' | '\n' << 8;

    /** Length of the value that {@link #shortValue} has found. */
    int shortLength;

    BulkFramer(FrameLimits limits, String tooBig) {
        super(limits, tooBig, "expected CRLF after bulk");
    }

    /**
     * Looks for a bulk string with a length of one or two digits that lies whole before the limit.
     *
     * @return offset of its value of {@link #shortLength} bytes, or -1 if it has to be taken the long way
     */
    final int shortValue(DirectBuffer buffer, int at, int limit) {
        // no whole bulk string has less than six bytes, but for the null
        if (limit - at < 6) {
            return -1;
        }
        int peeked = HeaderLine.peek(buffer, at);
        int value = at + 4;
        int length = HeaderLine.oneDigit(peeked, '$');
        if (length < 0 || length > 9) {
            length = HeaderLine.twoDigits(peeked, '$');
            if (length < 10 || buffer.getByte(at + 4) != '\n') {
                return -1;
            }
            value = at + 5;
        }
        shortLength = length;
        return limit - value >= length + 2 && !isBody(length) && isAllowed(value, length)
            && buffer.getShort(value + length, ByteOrder.LITTLE_ENDIAN) == CRLF ? value : -1;
    }
}
