package org.millrace.perf.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The two replies of RESP2 that come most often, {@code $-1} and {@code +OK}. Both are five bytes, of which the first
 * four tell them apart from any other, so that one comparison does what reading them byte by byte would.
 */
final class ShortReply {
    /** Bytes of either, with the end of the line. */
    static final int LENGTH = 5;
    /** Bytes of the text of the good one. */
    static final int OK_LENGTH = 2;
    /** The first four bytes of a bulk string that is not there. */
    static final int NULL = four('$', '-', '1');
    /** The first four bytes of the usual good reply. */
    static final int OK = four('+', 'O', 'K');

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private ShortReply() {
    }

    /** Whether one of them is whole in {@code b[from..to)}. */
    static boolean isAt(byte[] b, int from, int to) {
        if (to - from < LENGTH) {
            return false;
        }
        int four = firstFour(b, from);
        return (four == NULL || four == OK) && b[from + LENGTH - 1] == '\n';
    }

    /** Four bytes, to be compared with those of the replies. */
    static int firstFour(byte[] b, int at) {
        return (int) INTS.get(b, at);
    }

    private static int four(char first, char second, char third) {
        return first | second << 8 | third << 16 | '\r' << 24;
    }
}
