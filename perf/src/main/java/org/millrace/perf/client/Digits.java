package org.millrace.perf.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers that are not negative, in decimal. */
public final class Digits {
    /** Digits of {@link #putTwelve}. */
    public static final int TWELVE = 12;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HUNDRED_MILLION = 100_000_000;
    private static final long ZEROS = 0x3030303030303030L;

    private Digits() {
    }

    /** How many a number has. */
    static int count(long number) {
        int count = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            count++;
        }
        return count;
    }

    /** The last {@code count} digits, with zeros before a number that has fewer. */
    static void put(byte[] b, int at, int count, long number) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            b[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** The same for twelve in a fraction of the time: they are most of a request. */
    public static void putTwelve(byte[] b, int at, long number) {
        INTS.set(b, at, firstFour(number));
        LONGS.set(b, at + Integer.BYTES, lastEight(number));
    }

    /** Whether these are what {@link #putTwelve} writes. */
    public static boolean areTwelve(byte[] b, int at, long number) {
        return (int) INTS.get(b, at) == firstFour(number)
            && (long) LONGS.get(b, at + Integer.BYTES) == lastEight(number);
    }

    private static int firstFour(long number) {
        return (int) (number < HUNDRED_MILLION ? ZEROS : lastEight(number / HUNDRED_MILLION) >>> Integer.SIZE);
    }

    private static long lastEight(long number) {
        return eight(number < HUNDRED_MILLION ? number : number % HUNDRED_MILLION);
    }

    /**
     * Eight digits, the first in the lowest byte: halved into fours, twos and ones, all parts of a step at once. There
     * is a multiplication instead of a division, exact up to the largest number of a part.
     */
    private static long eight(long number) {
        long tenThousands = number * 109_951_163 >>> 40;
        long fours = tenThousands | number - 10_000 * tenThousands << 32;
        long hundreds = fours * 10_486 >>> 20 & 0x0000007f0000007fL;
        long twos = hundreds | fours - 100 * hundreds << 16;
        long tens = twos * 103 >>> 10 & 0x000f000f000f000fL;
        return (tens | twos - 10 * tens << 8) + ZEROS;
    }
}
