package org.millrace.codec.resp.command;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * A fixed set of short ASCII names, looked up in any case. Immutable after construction and safe for all threads.
 *
 * <p>A name of up to 24 bytes is read as three longs, folded to lower case eight bytes at a time, and compared as
 * longs. From eight bytes on the last long is the name's last eight bytes, so that nothing is read past its end:
 * <pre>
 *   G E T                          -&gt;  [get.....]  0           0           (masked)
 *   Z R A N G E S T O R E          -&gt;  [zrangest]  0           [ngestore]
 *   Z R E V R A N G E B Y S C O R E -&gt; [zrevrang]  [ebyscore]  [ebyscore]
 * </pre>
 * The multiplier of the hash is searched at construction until every name lies in its own slot or the next one, so a
 * lookup ends after at most two probes.
 */
final class NameTable {
    /** Longest name. */
    static final int MAX_LENGTH = 24;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x80 * ONES;
    private static final int WORDS = 4;
    private static final int MAX_TRIES = 100_000;

    private final long[] words;
    private final short[] slots;
    private final int shift;
    private final long multiplier;

    /**
     * @param names in lower case; the index in this list is what {@link #find} returns
     * @throws IllegalArgumentException if a name is empty, too long, not lower-case ASCII, or there twice
     */
    NameTable(List<String> names) {
        words = new long[names.size() * WORDS];
        for (int i = 0; i < names.size(); i++) {
            final byte[] name = names.get(i).getBytes(StandardCharsets.US_ASCII);
            if (name.length == 0 || name.length > MAX_LENGTH) {
                throw new IllegalArgumentException("a name has 1 to 24 bytes: " + names.get(i));
            }
            store(name, i * WORDS);
        }
        final int bits = Math.max(2, 35 - Integer.numberOfLeadingZeros(Math.max(1, names.size())));
        slots = new short[1 << bits];
        shift = 64 - bits;
        long candidate = 0x9E3779B97F4A7C15L;
        for (int tries = 0; !place(names, candidate); tries++) {
            if (tries == MAX_TRIES) {
                throw new IllegalArgumentException("no hash found for " + names.size() + " names");
            }
            candidate = candidate * 6364136223846793005L + 1442695040888963407L | 1;
        }
        multiplier = candidate;
    }

    /**
     * Looks a name up.
     *
     * @return the index of the name in the list that the table was made of, or -1
     */
    int find(DirectBuffer buffer, int offset, int length) {
        long w0;
        long w1 = 0;
        long w2 = 0;
        if (length >= 8) {
            if (length > MAX_LENGTH) {
                return -1;
            }
            w0 = fold(buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN));
            if (length > 8) {
                w2 = fold(buffer.getLong(offset + length - 8, ByteOrder.LITTLE_ENDIAN));
                if (length >= 16) {
                    w1 = fold(buffer.getLong(offset + 8, ByteOrder.LITTLE_ENDIAN));
                }
            }
        } else if (length <= 0) {
            return -1;
        } else {
            w0 = fold(shortWord(buffer, offset, length));
        }

        int slot = (int) (mix(w0, w1, w2) * multiplier >>> shift);
        for (int probe = 0; probe < 2; probe++) {
            final int index = slots[slot] - 1;
            if (index < 0) {
                return -1;
            }
            final int at = index * WORDS;
            if (words[at] == w0 && words[at + 3] == length && words[at + 1] == w1 && words[at + 2] == w2) {
                return index;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return -1;
    }

    private static long shortWord(DirectBuffer buffer, int offset, int length) {
        if (offset + 8 <= buffer.capacity()) {
            return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN) & (1L << (length << 3)) - 1;
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (buffer.getByte(offset + i) & 0xFFL) << (i << 3);
        }
        return word;
    }

    /** Lower case of eight bytes at once; only A to Z change. */
    private static long fold(long word) {
        final long low = word & ~HIGH;
        final long fromA = low + (0x80 - 'A') * ONES;
        final long pastZ = low + (0x7F - 'Z') * ONES;
        final long capital = (fromA ^ pastZ) & ~word & HIGH;
        return word | capital >>> 2;
    }

    private static long mix(long w0, long w1, long w2) {
        return w0 ^ Long.rotateLeft(w1, 19) ^ Long.rotateLeft(w2, 41);
    }

    private boolean place(List<String> names, long candidate) {
        Arrays.fill(slots, (short) 0);
        for (int i = 0; i < names.size(); i++) {
            final int at = i * WORDS;
            int slot = (int) (mix(words[at], words[at + 1], words[at + 2]) * candidate >>> shift);
            if (slots[slot] != 0) {
                refuseTwins(names, i, slots[slot] - 1);
                slot = slot + 1 & slots.length - 1;
                if (slots[slot] != 0) {
                    refuseTwins(names, i, slots[slot] - 1);
                    return false;
                }
            }
            slots[slot] = (short) (i + 1);
        }
        return true;
    }

    private static void refuseTwins(List<String> names, int a, int b) {
        if (names.get(a).equals(names.get(b))) {
            throw new IllegalArgumentException("listed twice: " + names.get(a));
        }
    }

    private void store(byte[] name, int at) {
        for (byte b : name) {
            if (b <= ' ' || b >= 'A' && b <= 'Z') {
                throw new IllegalArgumentException(
                    "not lower-case ASCII: " + new String(name, StandardCharsets.US_ASCII));
            }
        }
        words[at] = word(name, 0, Math.min(8, name.length));
        words[at + 1] = name.length >= 16 ? word(name, 8, 8) : 0;
        words[at + 2] = name.length > 8 ? word(name, name.length - 8, 8) : 0;
        words[at + 3] = name.length;
    }

    private static long word(byte[] name, int from, int count) {
        long word = 0;
        for (int i = 0; i < count; i++) {
            word |= (name[from + i] & 0xFFL) << (i << 3);
        }
        return word;
    }
}
