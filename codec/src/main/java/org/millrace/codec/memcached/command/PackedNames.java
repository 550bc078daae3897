package org.millrace.codec.memcached.command;

import java.util.List;

/**
 * A fixed set of short ASCII names, looked up as they are read byte by byte: a name of up to 16 bytes is two longs, its
 * first byte the lowest, unused bytes zero. Immutable and safe for all threads.
 */
public final class PackedNames {
    /** Longest name. */
    public static final int LENGTH_MAX = 16;

    private static final int SLOTS = 256;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long[] first = new long[SLOTS];
    private final long[] second = new long[SLOTS];
    private final byte[] lengths = new byte[SLOTS];
    private final byte[] indexes = new byte[SLOTS];
    private final int size;

    /** These names; an empty one is never found. Its index in this list is what {@link #find} tells of a name. */
    public PackedNames(List<String> names) {
        size = names.size();
        if (size > SLOTS / 4) {
            throw new IllegalArgumentException("too many names: " + size);
        }
        for (int i = 0; i < size; i++) {
            add(names.get(i), i);
        }
    }

    private void add(String name, int index) {
        if (name.isEmpty()) {
            return;
        }
        if (name.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("longer than 16 bytes: " + name);
        }
        long low = 0;
        long high = 0;
        for (int i = 0; i < name.length(); i++) {
            long packed = pack(name.charAt(i), i);
            low |= i < 8 ? packed : 0;
            high |= i < 8 ? 0 : packed;
        }
        if (find(low, high, name.length()) >= 0) {
            throw new IllegalArgumentException("listed twice: " + name);
        }
        int slot = slot(low, high);
        while (lengths[slot] != 0) {
            slot = slot + 1 & SLOTS - 1;
        }
        first[slot] = low;
        second[slot] = high;
        lengths[slot] = (byte) name.length();
        indexes[slot] = (byte) index;
    }

    /** Number of names. */
    public int size() {
        return size;
    }

    /** A byte at its place in the first long, or from index 8 on in the second. */
    public static long pack(int b, int index) {
        return (b & 0xFFL) << (index << 3);
    }

    /** The index of a name, or -1. */
    public int find(long low, long high, int length) {
        int slot = slot(low, high);
        while (lengths[slot] != 0) {
            if (first[slot] == low && second[slot] == high && lengths[slot] == length) {
                return indexes[slot];
            }
            slot = slot + 1 & SLOTS - 1;
        }
        return -1;
    }

    private static int slot(long low, long high) {
        return (int) ((low ^ Long.rotateLeft(high, 23)) * MULTIPLIER >>> 56);
    }
}
