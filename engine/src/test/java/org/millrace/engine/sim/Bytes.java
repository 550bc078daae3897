package org.millrace.engine.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.io.Output;

/** Bytes that were received and not taken, or are to be sent: a FIFO without limit. */
final class Bytes {
    private byte[] bytes = new byte[256];
    private UnsafeBuffer view = new UnsafeBuffer(bytes);
    private int from;
    private int to;

    void add(DirectBuffer source, int offset, int length) {
        makeRoom(length);
        source.getBytes(offset, bytes, to, length);
        to += length;
    }

    @SuppressWarnings("deprecation")
    void add(String text) {
        int length = text.length();
        makeRoom(length);
        // all texts here are of one byte a character, which this copies without an array between
        text.getBytes(0, length, bytes, to);
        to += length;
    }

    private void makeRoom(int length) {
        if (to + length > bytes.length) {
            int size = to - from;
            byte[] roomy = (size + length) * 2 <= bytes.length ? bytes : new byte[(size + length) * 2];
            System.arraycopy(bytes, from, roomy, 0, size);
            if (roomy != bytes) {
                bytes = roomy;
                view = new UnsafeBuffer(roomy);
            }
            to = size;
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

    /** Moves bytes from the front to an output; false if it has no memory. */
    boolean moveTo(Output output, int length) {
        if (!output.append(view, from, length)) {
            return false;
        }
        skip(length);
        return true;
    }

    void skip(int length) {
        from += length;
        if (from == to) {
            clear();
        }
    }

    void clear() {
        from = 0;
        to = 0;
    }
}
