package org.millrace.codec.resp;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Writes RESP2 into a buffer with room for it. Stateless; each method returns the offset behind what it wrote;
 * {@link #headerLength} and {@link #bulkLength} tell beforehand how much that is.
 */
public final class RespWriter {
    /** Most bytes of a header or an integer reply. */
    public static final int HEADER_LENGTH_MAX = 23;
    /** Bytes of the null bulk. */
    public static final int NULL_BULK_LENGTH = 5;

    private static final short CRLF = '\r' | '\n' << 8;
    private static final int CRLF_LENGTH = 2;

    private RespWriter() {
    }

    /** Bytes of a header, or an integer reply, of this number. */
    public static int headerLength(long number) {
        return 1 + textLength(number) + CRLF_LENGTH;
    }

    /** Bytes of a bulk with a value of so many bytes. */
    public static long bulkLength(long valueLength) {
        return headerLength(valueLength) + valueLength + CRLF_LENGTH;
    }

    /** The header of an array of so many elements; -1 makes the null array. */
    public static int arrayHeader(MutableDirectBuffer buffer, int offset, long elements) {
        return number(buffer, offset, '*', elements);
    }

    /** The header of a bulk with a value of so many bytes. */
    public static int bulkHeader(MutableDirectBuffer buffer, int offset, long valueLength) {
        return number(buffer, offset, '$', valueLength);
    }

    /** An integer reply. */
    public static int integer(MutableDirectBuffer buffer, int offset, long value) {
        return number(buffer, offset, ':', value);
    }

    /** A whole bulk; the value is copied. */
    public static int bulk(MutableDirectBuffer buffer, int offset, DirectBuffer value, int valueOffset,
        int valueLength) {
        int at = bulkHeader(buffer, offset, valueLength);
        buffer.putBytes(at, value, valueOffset, valueLength);
        return lineEnd(buffer, at + valueLength);
    }

    /** A whole bulk of ASCII text. */
    public static int bulk(MutableDirectBuffer buffer, int offset, String ascii) {
        int at = bulkHeader(buffer, offset, ascii.length());
        at += buffer.putStringWithoutLengthAscii(at, ascii);
        return lineEnd(buffer, at);
    }

    /** The bulk that stands for no value. */
    public static int nullBulk(MutableDirectBuffer buffer, int offset) {
        return bulkHeader(buffer, offset, -1);
    }

    /** A status reply of ASCII text without line ends. */
    public static int simple(MutableDirectBuffer buffer, int offset, String ascii) {
        return text(buffer, offset, '+', ascii);
    }

    /** An error reply of ASCII text without line ends: its code word first, without the minus sign. */
    public static int error(MutableDirectBuffer buffer, int offset, String ascii) {
        return text(buffer, offset, '-', ascii);
    }

    /** CRLF. */
    public static int lineEnd(MutableDirectBuffer buffer, int offset) {
        buffer.putShort(offset, CRLF, ByteOrder.LITTLE_ENDIAN);
        return offset + CRLF_LENGTH;
    }

    private static int text(MutableDirectBuffer buffer, int offset, char type, String ascii) {
        buffer.putByte(offset, (byte) type);
        int at = offset + 1;
        at += buffer.putStringWithoutLengthAscii(at, ascii);
        return lineEnd(buffer, at);
    }

    private static int number(MutableDirectBuffer buffer, int offset, char type, long value) {
        buffer.putByte(offset, (byte) type);
        int at = offset + 1;
        at += buffer.putLongAscii(at, value);
        return lineEnd(buffer, at);
    }

    private static int textLength(long number) {
        int length = number < 0 ? 2 : 1;
        for (long rest = number / 10; rest != 0; rest /= 10) {
            length++;
        }
        return length;
    }
}
