package org.millrace.perf.load;

/**
 * SplitMix64: a seeded source of numbers, and the finalizer that turns one number into another that looks unrelated. A
 * request stores one number; its keys and sizes follow from it, so nothing else need be remembered to verify the reply.
 */
public final class Mixer {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    /** A source that yields the same numbers for the same seed. */
    public Mixer(long seed) {
        state = mix(seed);
    }

    /** The next 64 bits. */
    public long nextLong() {
        state += GOLDEN;
        return mix(state);
    }

    /** A number from 0 to {@code bound} - 1. */
    public int nextInt(int bound) {
        return (int) below(nextLong(), bound);
    }

    /** A number from {@code min} to {@code max}, both included. */
    public int between(int min, int max) {
        return min + nextInt(max - min + 1);
    }

    /** True {@code numerator} times out of {@code denominator}. */
    public boolean chance(int numerator, int denominator) {
        return nextInt(denominator) < numerator;
    }

    /** The finalizer. */
    public static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The {@code index}-th number that follows from {@code token}, from 0 to {@code bound} - 1. */
    public static long derive(long token, int index, long bound) {
        return below(mix(token + (index + 1) * GOLDEN), bound);
    }

    /** The number from 0 to {@code bound} - 1 that stands for {@code bits}, all of which are alike likely. */
    static long below(long bits, long bound) {
        return Math.unsignedMultiplyHigh(bits, bound);
    }
}
