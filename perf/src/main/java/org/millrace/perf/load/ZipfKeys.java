package org.millrace.perf.load;

/**
 * Zipf's law by rejection-inversion (Hoermann and Derflinger, 1996): exact, without a table, in constant time for any
 * number of keys. What it draws follows from the token alone. Immutable.
 */
final class ZipfKeys implements Keys {
    /** A draw is refused less than once in two; after so many refusals in a row the last is as good as any. */
    private static final int MAX_TRIES = 64;
    private static final double UNIT = 0x1.0p-53;
    private static final double TAYLOR_BELOW = 1e-8;

    private final long keys;
    private final double exponent;
    private final double fromIntegral;
    private final double toIntegral;
    private final double sure;

    ZipfKeys(long keys, double exponent) {
        this.keys = keys;
        this.exponent = exponent;
        fromIntegral = integral(1.5) - 1;
        toIntegral = integral(keys + 0.5);
        sure = 2 - inverse(integral(2.5) - weight(2));
    }

    @Override
    public long keyId(long token, int index) {
        long bits = Mixer.derive(token, index, Long.MAX_VALUE);
        long rank = 1;
        for (int i = 0; i < MAX_TRIES; i++) {
            bits = Mixer.mix(bits + i + 1);
            double u = toIntegral + (bits >>> 11) * UNIT * (fromIntegral - toIntegral);
            double x = inverse(u);
            rank = Math.clamp(Math.round(x), 1, keys);
            if (rank - x <= sure || u >= integral(rank + 0.5) - weight(rank)) {
                break;
            }
        }
        return rank - 1;
    }

    private double weight(double x) {
        return Math.exp(-exponent * Math.log(x));
    }

    /** The integral of {@link #weight} from 1 to x: (x^(1-s) - 1) / (1 - s), and log x where s is 1. */
    private double integral(double x) {
        double log = Math.log(x);
        double t = (1 - exponent) * log;
        return (Math.abs(t) > TAYLOR_BELOW ? Math.expm1(t) / t : 1 + t / 2) * log;
    }

    private double inverse(double y) {
        double t = Math.max(-1, y * (1 - exponent));
        return Math.exp((Math.abs(t) > TAYLOR_BELOW ? Math.log1p(t) / t : 1 - t / 2) * y);
    }
}
