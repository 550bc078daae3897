package org.millrace.perf.load;

import java.nio.charset.StandardCharsets;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.RequestWriter;

/**
 * Which keys and values a token stands for, and whether a value is that of a key. It counts hits and misses and holds
 * the worker's flyweights, so there is one for each worker, whose thread owns it.
 */
public final class Workload {
    static final int MULTI_KEYS = 10;
    static final byte[] OK = ascii("OK");
    static final byte[] PONG = ascii("PONG");
    static final String KEY = "key:";
    static final String COUNTER = "counter:";
    static final String HASH = "hash:";
    static final byte[] FIELD = ascii("value");

    private static final byte[] KEY_HEAD = RequestWriter.keyHead("", KEY);
    private static final int MISS_INDEX = -3;
    private static final long MISS_STEPS = 1L << 32;

    private final long keys;
    private final Keys choice;
    private final ValueSizes sizes;
    private final long missesOfSteps;
    private final ReplyCursor cursor = new ReplyCursor();
    private final MemcachedReply reply = new MemcachedReply();
    private long hits;
    private long misses;

    Workload(LoadConfig config) {
        keys = config.keys();
        choice = config.keyDistribution().over(keys);
        sizes = config.valueSizes();
        missesOfSteps = Math.round((1 - config.hitRatio()) * MISS_STEPS);
    }

    /** The {@code index}-th key of a request that writes. */
    long keyId(long token, int index) {
        return choice.keyId(token, index);
    }

    /** The {@code index}-th key of a request that reads: one beyond those ever written where a miss is due. */
    long readId(long token, int index) {
        long id = choice.keyId(token, index);
        if (missesOfSteps > 0 && Mixer.derive(token, MISS_INDEX - index, MISS_STEPS) < missesOfSteps) {
            return keys + id;
        }
        return id;
    }

    int valueSize(long token) {
        return sizes.of(token);
    }

    ReplyCursor cursor(byte[] b, int from) {
        return cursor.wrap(b, from).next();
    }

    MemcachedReply reply(byte[] b, int from, int to) {
        return reply.wrap(b, from, to);
    }

    void key(RequestWriter out, long keyId) {
        out.numberedKey(KEY_HEAD, keyId);
    }

    void value(RequestWriter out, long keyId, long token) {
        int size = valueSize(token);
        int at = out.reserveBulk(size);
        ValuePattern.write(out.buffer(), at, size, keyId, token);
    }

    boolean isValueOrNull(ReplyCursor element, long keyId) {
        if (element.type() != '$') {
            return false;
        }
        if (element.isNull()) {
            missed();
            return true;
        }
        return isValue(element.bytes(), element.bodyFrom(), element.bodyLength(), keyId);
    }

    /** Whether these bytes are a version of this key's value; a key that is never written has none. */
    boolean isValue(byte[] b, int from, int length, long keyId) {
        hits++;
        return keyId < keys && ValuePattern.matches(b, from, length, keyId);
    }

    /** Whether the element is a version of the value with this id, whatever the keys are. */
    static boolean isValue(ReplyCursor element, long id) {
        return ValuePattern.matches(element.bytes(), element.bodyFrom(), element.bodyLength(), id);
    }

    static boolean isZeroOrOne(ReplyCursor element) {
        return element.type() == ':' && (element.number() == 0 || element.number() == 1);
    }

    void missed() {
        misses++;
    }

    long hits() {
        return hits;
    }

    long misses() {
        return misses;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
