package org.millrace.codec;

import java.util.Arrays;
import java.util.Random;

/** Small random damage of a stream. */
public final class Damage {
    /** Bytes that mean something in RESP. */
    public static final String RESP = "*$:+-\r\n0123456789 \"'\\x";

    private Damage() {
    }

    /** A copy with a bit flipped, or a byte changed (to a likely one), removed or inserted, or its end cut off. */
    public static byte[] apply(byte[] bytes, Random random, String likely) {
        if (bytes.length == 0) {
            return new byte[] {likely(random, likely)};
        }
        int at = random.nextInt(bytes.length);
        byte[] damaged = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> damaged[at] = likely(random, likely);
            case 2 -> {
                System.arraycopy(bytes, at + 1, damaged, at, bytes.length - at - 1);
                damaged = Arrays.copyOf(damaged, bytes.length - 1);
            }
            case 3 -> {
                damaged = Arrays.copyOf(bytes, bytes.length + 1);
                System.arraycopy(bytes, at, damaged, at + 1, bytes.length - at);
                damaged[at] = likely(random, likely);
            }
            default -> damaged = Arrays.copyOf(bytes, at);
        }
        return damaged;
    }

    private static byte likely(Random random, String likely) {
        return (byte) likely.charAt(random.nextInt(likely.length()));
    }
}
