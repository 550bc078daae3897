package org.millrace.engine.traffic;

import org.agrona.DirectBuffer;

/**
 * The hash by which names are told apart, of 64 bits: two of a million names have the same one with a probability of
 * one in forty million. It is another one in each process. Stateless.
 */
public final class NameHash {
    /** Of this process. */
    static final long SEED = mix(System.nanoTime() ^ ProcessHandle.current().pid() << 40);
    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final int SHIFT = 29;

    private NameHash() {
    }

    /** Of so many bytes. */
    public static long of(DirectBuffer buffer, int offset, int length) {
        return of(buffer, offset, length, length);
    }

    /**
     * Of the beginning of a longer name.
     *
     * @param shown  bytes that are there
     * @param length of the whole name
     */
    public static long of(DirectBuffer buffer, int offset, int shown, long length) {
        long hash = SEED ^ length * FACTOR;
        int at = offset;
        int end = offset + shown;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = step(hash, buffer.getLong(at));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << Byte.SIZE | buffer.getByte(at) & 0xff;
        }
        return mix(step(hash, rest));
    }

    private static long step(long hash, long word) {
        long next = (hash ^ word) * FACTOR;
        return next ^ next >>> SHIFT;
    }

    /** Makes every bit depend on every other. */
    static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
