package org.millrace.codec.resp;

import java.util.Arrays;
import java.util.Random;

/** Small random damage of a stream. */
final class Damage {
    private static final String LIKELY = "*$:+-\r\n0123456789 \"'\\x";

    private Damage() {
    }

    /** A copy with one bit flipped, or a byte changed, removed or inserted, or its end cut off. */
    static byte[] apply(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return new byte[] {likely(random)};
        }
        int at = random.nextInt(bytes.length);
        byte[] damaged = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> damaged[at] = likely(random);
            case 2 -> {
                System.arraycopy(bytes, at + 1, damaged, at, bytes.length - at - 1);
                damaged = Arrays.copyOf(damaged, bytes.length - 1);
            }
            case 3 -> {
                damaged = Arrays.copyOf(bytes, bytes.length + 1);
                System.arraycopy(bytes, at, damaged, at + 1, bytes.length - at);
                damaged[at] = likely(random);
            }
            default -> damaged = Arrays.copyOf(bytes, at);
        }
        return damaged;
    }

    private static byte likely(Random random) {
        return (byte) LIKELY.charAt(random.nextInt(LIKELY.length()));
    }
}
