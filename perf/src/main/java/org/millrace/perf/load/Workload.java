package org.millrace.perf.load;

import java.nio.charset.StandardCharsets;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.RequestWriter;

/** Which keys and values a token stands for. Immutable but for the count of misses; one for each worker. */
final class Workload {
    static final int MULTI_KEYS = 10;
    static final byte[] OK = ascii("OK");
    static final byte[] PONG = ascii("PONG");
    static final byte[] KEY_PREFIX = ascii("key:");
    static final byte[] COUNTER_PREFIX = ascii("counter:");
    static final byte[] HASH_PREFIX = ascii("hash:");
    static final byte[] FIELD = ascii("value");

    private static final int SIZE_INDEX = -2;

    private final long keys;
    private final int minSize;
    private final int maxSize;
    private long misses;

    Workload(LoadConfig config) {
        keys = config.keys();
        minSize = config.minValueSize();
        maxSize = config.maxValueSize();
    }

    long keyId(long token, int index) {
        return Mixer.derive(token, index, keys);
    }

    int valueSize(long token) {
        return minSize + (int) Mixer.derive(token, SIZE_INDEX, maxSize - minSize + 1L);
    }

    void key(RequestWriter out, long keyId) {
        out.numberedKey(KEY_PREFIX, keyId);
    }

    void value(RequestWriter out, long keyId, long token) {
        int size = valueSize(token);
        int at = out.reserveBulk(size);
        ValuePattern.write(out.buffer(), at, size, keyId, token);
    }

    boolean isValueOrNull(ReplyCursor reply, long keyId) {
        if (reply.type() != '$') {
            return false;
        }
        if (reply.isNull()) {
            misses++;
            return true;
        }
        return ValuePattern.matches(reply.bytes(), reply.bodyFrom(), reply.bodyLength(), keyId);
    }

    static boolean isZeroOrOne(ReplyCursor reply) {
        return reply.type() == ':' && (reply.number() == 0 || reply.number() == 1);
    }

    long misses() {
        return misses;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
