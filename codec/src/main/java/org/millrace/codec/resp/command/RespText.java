package org.millrace.codec.resp.command;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes RESP for replies that are built once; ASCII only. */
final class RespText {
    private final StringBuilder text = new StringBuilder();

    RespText array(int elements) {
        return line('*', elements);
    }

    RespText integer(int value) {
        return line(':', value);
    }

    RespText bulk(String value) {
        line('$', value.length());
        text.append(value).append("\r\n");
        return this;
    }

    RespText status(String value) {
        text.append('+').append(value).append("\r\n");
        return this;
    }

    DirectBuffer ready() {
        return new UnsafeBuffer(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private RespText line(char type, int value) {
        text.append(type).append(value).append("\r\n");
        return this;
    }
}
