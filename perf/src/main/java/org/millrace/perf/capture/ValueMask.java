package org.millrace.perf.capture;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.Framer;

/** Overwrites the values of one message, which may come in pieces; some of its first ones may be left as they are. */
final class ValueMask {
    private final Framer framer;
    private final int kept;
    private long left;
    private int values;

    /** Of all values that the framer stops at. */
    ValueMask(Framer framer) {
        this(framer, 0);
    }

    /**
     * Of all but the first.
     *
     * @param kept how many are left as they are
     */
    ValueMask(Framer framer, int kept) {
        this.framer = framer;
        this.kept = kept;
    }

    /** Overwrites what is a value of the next bytes of the message. */
    void mask(UnsafeBuffer buffer, int from, int to) {
        int at = from;
        while (at < to) {
            if (left > 0) {
                int length = (int) Math.min(left, to - at);
                if (values > kept) {
                    word(buffer.byteArray(), at, at + length);
                }
                at += length;
                left -= length;
                if (left == 0) {
                    framer.bodyTaken();
                }
                continue;
            }
            int status = framer.scan(buffer, at, to);
            at = framer.position();
            if (status == Framer.BODY) {
                left = framer.bodyLength();
                values++;
            } else if (status == Framer.ERROR) {
                fill(buffer.byteArray(), at, to);
                return;
            } else if (status == Framer.NEED_MORE) {
                return;
            }
        }
    }

    /** The message has ended: what comes next is another one. */
    void end() {
        framer.reset();
        left = 0;
        values = 0;
    }

    /** Overwrites a value: a number by another of as many digits, anything else by letters. */
    static void word(byte[] b, int from, int to) {
        boolean number = to - from <= Long.BYTES * 3;
        for (int i = from; i < to && number; i++) {
            number = b[i] >= '0' && b[i] <= '9' || b[i] == '.' || b[i] == '-';
        }
        if (!number) {
            fill(b, from, to);
            return;
        }
        for (int i = from; i < to; i++) {
            b[i] = b[i] >= '0' && b[i] <= '9' ? (byte) '1' : b[i];
        }
    }

    /** Overwrites everything. */
    static void fill(byte[] b, int from, int to) {
        Arrays.fill(b, from, to, (byte) 'x');
    }
}
