package org.millrace.engine.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** Bytes that were received and not taken, or are to be sent: a FIFO without limit. */
final class Bytes {
    private byte[] bytes = new byte[256];
    private int from;
    private int to;

    void add(DirectBuffer source, int offset, int length) {
        makeRoom(length);
        source.getBytes(offset, bytes, to, length);
        to += length;
    }

    void add(String text) {
        byte[] more = text.getBytes(ISO_8859_1);
        makeRoom(more.length);
        System.arraycopy(more, 0, bytes, to, more.length);
        to += more.length;
    }

    private void makeRoom(int length) {
        if (to + length > bytes.length) {
            byte[] larger = new byte[Math.max(bytes.length, (to - from + length) * 2)];
            System.arraycopy(bytes, from, larger, 0, to - from);
            bytes = larger;
            to -= from;
            from = 0;
        }
    }

    int size() {
        return to - from;
    }

    byte at(int index) {
        return bytes[from + index];
    }

    /** Index of the CR of the next line end from {@code index} on; -1 if there is none. */
    int lineEnd(int index) {
        for (int i = from + index; i + 1 < to; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i - from;
            }
        }
        return -1;
    }

    String text(int index, int length) {
        return new String(bytes, from + index, length, ISO_8859_1);
    }

    byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(bytes, from, from + length);
        skip(length);
        return taken;
    }

    void skip(int length) {
        from += length;
    }

    void clear() {
        from = 0;
        to = 0;
    }
}
