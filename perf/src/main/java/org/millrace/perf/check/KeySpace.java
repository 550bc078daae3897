package org.millrace.perf.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model of the keys that one connection alone uses: strings, counters, lists and hashes, each under its own names.
 * Values are never changed in place. The names differ in one number only, so a pool's hash spreads them over all its
 * servers.
 */
final class KeySpace {
    static final int STRINGS = 96;
    static final int COUNTERS = 16;
    static final int LISTS = 16;
    static final int HASHES = 16;

    private final byte[][] stringKeys;
    private final byte[][] counterKeys;
    private final byte[][] listKeys;
    private final byte[][] hashKeys;
    private final byte[][] strings = new byte[STRINGS][];
    private final long[] counters = new long[COUNTERS];
    private final List<List<byte[]>> lists = new ArrayList<>();
    private final List<Map<String, byte[]>> hashes = new ArrayList<>();

    KeySpace(long seed, int connection) {
        String prefix = "check:" + Long.toHexString(seed) + ':' + connection + ':';
        stringKeys = names(prefix + 's', STRINGS);
        counterKeys = names(prefix + 'c', COUNTERS);
        listKeys = names(prefix + 'l', LISTS);
        hashKeys = names(prefix + 'h', HASHES);
        for (int i = 0; i < LISTS; i++) {
            lists.add(new ArrayList<>());
        }
        for (int i = 0; i < HASHES; i++) {
            hashes.add(new LinkedHashMap<>());
        }
    }

    byte[] stringKey(int i) {
        return stringKeys[i];
    }

    byte[] counterKey(int i) {
        return counterKeys[i];
    }

    byte[] listKey(int i) {
        return listKeys[i];
    }

    byte[] hashKey(int i) {
        return hashKeys[i];
    }

    /** The value, or null. */
    byte[] string(int i) {
        return strings[i];
    }

    void string(int i, byte[] value) {
        strings[i] = value;
    }

    /** Counts up and returns the new value. */
    long increment(int i) {
        return ++counters[i];
    }

    /** The list, the head first. */
    List<byte[]> list(int i) {
        return lists.get(i);
    }

    /** The hash. */
    Map<String, byte[]> hash(int i) {
        return hashes.get(i);
    }

    /** Every name. */
    List<byte[]> allKeys() {
        List<byte[]> all = new ArrayList<>();
        all.addAll(List.of(stringKeys));
        all.addAll(List.of(counterKeys));
        all.addAll(List.of(listKeys));
        all.addAll(List.of(hashKeys));
        return all;
    }

    /** How many of the keys are there now. */
    long present() {
        long count = 0;
        for (byte[] value : strings) {
            count += value == null ? 0 : 1;
        }
        for (long value : counters) {
            count += value == 0 ? 0 : 1;
        }
        count += lists.stream().filter(list -> !list.isEmpty()).count();
        return count + hashes.stream().filter(hash -> !hash.isEmpty()).count();
    }

    private static byte[][] names(String prefix, int count) {
        byte[][] names = new byte[count][];
        for (int i = 0; i < count; i++) {
            names[i] = (prefix + i).getBytes(StandardCharsets.US_ASCII);
        }
        return names;
    }
}
