package org.millrace.engine.resp;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes a reply of any shape, piece by piece; for answers that are rare. Belongs to one thread at a time. */
public final class ReplyText {
    private final ExpandableArrayBuffer bytes = new ExpandableArrayBuffer(512);
    private int length;

    /** So many elements follow. */
    public ReplyText array(int elements) {
        return line("*" + elements);
    }

    /** A number. */
    public ReplyText integer(long value) {
        return line(":" + value);
    }

    /** Text as a bulk string, in UTF-8. */
    public ReplyText bulk(String text) {
        return bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes as a bulk string. */
    public ReplyText bulk(byte[] value) {
        line("$" + value.length);
        bytes.putBytes(length, value);
        length += value.length;
        return line("");
    }

    /** One line of text, such as OK. */
    public ReplyText status(String text) {
        return line("+" + oneLine(text));
    }

    /** A whole error, its code first. */
    public ReplyText error(String text) {
        return line("-" + oneLine(text));
    }

    /** Bytes written so far. */
    public int length() {
        return length;
    }

    /** What was written; nothing more is to be. */
    public DirectBuffer ready() {
        return new UnsafeBuffer(bytes, 0, length);
    }

    /** What would end the line, or is none of its bytes, becomes a mark. */
    private static String oneLine(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private ReplyText line(String text) {
        length += bytes.putStringWithoutLengthAscii(length, text);
        length += bytes.putStringWithoutLengthAscii(length, "\r\n");
        return this;
    }
}
