package org.millrace.perf.load;

import java.util.Locale;

/**
 * How often each key comes: {@code uniform}, {@code zipf:0.99} (the key of rank r with a weight of 1/r^0.99; key 0 is
 * the hottest), or {@code sequential} (each connection walks through all keys, each from its own place on).
 *
 * @param kind     the law
 * @param exponent of zipf
 */
public record KeyDistribution(Kind kind, double exponent) {
    /** All keys alike. */
    public static final KeyDistribution UNIFORM = new KeyDistribution(Kind.UNIFORM, 0);
    /** One after the other. */
    public static final KeyDistribution SEQUENTIAL = new KeyDistribution(Kind.SEQUENTIAL, 0);

    private static final double DEFAULT_EXPONENT = 0.99;
    private static final double MAX_EXPONENT = 10;
    private static final String ZIPF = "zipf";

    /** The laws. */
    public enum Kind { UNIFORM, ZIPF, SEQUENTIAL }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException that says what is possible
     */
    public static KeyDistribution parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
        if (parts[0].equals(ZIPF)) {
            return new KeyDistribution(Kind.ZIPF, parts.length == 1 ? DEFAULT_EXPONENT : exponent(text, parts[1]));
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "uniform" -> UNIFORM;
            case "sequential" -> SEQUENTIAL;
            default -> throw new IllegalArgumentException(text + ": uniform, zipf, zipf:1.2 or sequential is needed");
        };
    }

    boolean isSequential() {
        return kind == Kind.SEQUENTIAL;
    }

    /** The law over so many keys. */
    Keys over(long keys) {
        return switch (kind) {
            case UNIFORM -> (token, index) -> index == 0 ? Mixer.below(token, keys) : Mixer.derive(token, index, keys);
            case ZIPF -> new ZipfKeys(keys, exponent);
            case SEQUENTIAL -> (token, index) -> Long.remainderUnsigned(token + index, keys);
        };
    }

    @Override
    public String toString() {
        return kind == Kind.ZIPF ? ZIPF + ':' + exponent : kind.name().toLowerCase(Locale.ROOT);
    }

    private static double exponent(String text, String number) {
        try {
            double value = Double.parseDouble(number);
            if (value > 0 && value <= MAX_EXPONENT) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below with the text around it.
        }
        throw new IllegalArgumentException(text + ": the exponent must be a number above 0 and at most 10");
    }
}
