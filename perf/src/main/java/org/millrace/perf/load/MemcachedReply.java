package org.millrace.perf.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.millrace.perf.client.Digits;

/**
 * Walks over a reply of memcached that was found whole, and takes from it what was expected. A flyweight: it points
 * into the bytes and is only good as long as they stay. It takes nothing that it does not know byte for byte, so what
 * is left over shows in {@link #endsWith}.
 */
final class MemcachedReply {
    private static final byte[] KEY = ascii(Workload.KEY);
    private static final byte[] VALUE = ascii("VALUE ");
    private static final byte[] NO_FLAGS = ascii(" 0 ");
    private static final byte[] VA = ascii("VA ");
    private static final byte[] META_KEY = ascii(" k");
    private static final byte[] MISS = ascii("EN");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] VERSION = ascii("VERSION ");
    private static final int MAX_DIGITS = 18;

    private byte[] bytes;
    private int at;
    private int to;
    private boolean wrong;

    /** Places it at the beginning of {@code b[from..end)}. */
    MemcachedReply wrap(byte[] b, int from, int end) {
        bytes = b;
        at = from;
        to = end;
        wrong = false;
        return this;
    }

    /** Takes the value of this key if it comes next; a miss if it does not. */
    void takeValue(long keyId, Workload w) {
        int before = at;
        if (!take(VALUE) || !takeKey(keyId) || !take(NO_FLAGS)) {
            at = before;
            w.missed();
            return;
        }
        long length = takeNumber();
        if (at < to && bytes[at] == ' ') {
            at++;
            // The number of its version, of any value.
            wrong |= takeNumber() < 0;
        }
        wrong |= !take(CRLF) || !takeData(length, keyId, w);
    }

    /** Whether this line is all that is left, and all before it was right. */
    boolean endsWith(byte[] line) {
        return !wrong && take(line) && at == to;
    }

    /** Whether it is one number above 0, as a value. */
    boolean isPositive() {
        if (!take(VA)) {
            return false;
        }
        long length = takeNumber();
        if (!take(CRLF)) {
            return false;
        }
        int from = at;
        return takeNumber() > 0 && at - from == length && endsWith(CRLF);
    }

    /** Whether it is the one value of this key, with the key, or a miss. */
    boolean isMetaValue(long keyId, Workload w) {
        if (take(MISS)) {
            w.missed();
            // Newer servers tell the key of a miss too.
            return endsWith(CRLF) || take(META_KEY) && takeKey(keyId) && endsWith(CRLF);
        }
        if (!take(VA)) {
            return false;
        }
        long length = takeNumber();
        return take(META_KEY) && takeKey(keyId) && take(CRLF) && takeData(length, keyId, w) && at == to;
    }

    /** Whether it tells a version. */
    boolean isVersion() {
        return take(VERSION) && to - at > CRLF.length;
    }

    private boolean takeData(long length, long keyId, Workload w) {
        if (length < 0 || length > to - at || !w.isValue(bytes, at, (int) length, keyId)) {
            return false;
        }
        at += (int) length;
        return take(CRLF);
    }

    private boolean take(byte[] expected) {
        if (to - at < expected.length
            || !Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length)) {
            return false;
        }
        at += expected.length;
        return true;
    }

    private boolean takeKey(long keyId) {
        if (!take(KEY) || to - at < Digits.TWELVE || !Digits.areTwelve(bytes, at, keyId)) {
            return false;
        }
        at += Digits.TWELVE;
        return true;
    }

    /** The number that comes next, or -1. */
    private long takeNumber() {
        int from = at;
        long value = 0;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9' && at - from <= MAX_DIGITS) {
            value = value * 10 + bytes[at++] - '0';
        }
        return at == from || at - from > MAX_DIGITS ? -1 : value;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
