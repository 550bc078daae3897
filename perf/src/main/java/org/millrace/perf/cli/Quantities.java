package org.millrace.perf.cli;

import java.util.Locale;

/** Reads amounts as people write them: {@code 10s}, {@code 500ms}, {@code 16k}, {@code 2000/s}, {@code 10m}. */
final class Quantities {
    private Quantities() {
    }

    /** Nanoseconds of {@code 500us}, {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}; a number alone is seconds. */
    static long durationNs(String name, String text) {
        int unit = digits(text);
        String rest = text.substring(unit);
        double scale = switch (rest) {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s", "" -> 1e9;
            case "m", "min" -> 60e9;
            case "h" -> 3600e9;
            default -> -1;
        };
        double value = number(text.substring(0, unit));
        if (scale < 0 || value < 0 || value * scale > Long.MAX_VALUE / 4.0) {
            throw new UsageException("--" + name + ' ' + text + ": a time such as 10s, 500ms or 2m is needed");
        }
        return Math.round(value * scale);
    }

    /** A size or count of {@code 100}, {@code 16k}, {@code 1m}, {@code 2g}; binary for sizes, decimal for counts. */
    static long amount(String name, String text, boolean binary, long min, long max) {
        int unit = digits(text);
        long kilo = binary ? 1024 : 1000;
        long scale = switch (text.substring(unit).toLowerCase(Locale.ROOT)) {
            case "" -> 1;
            case "k" -> kilo;
            case "m" -> kilo * kilo;
            case "g" -> kilo * kilo * kilo;
            default -> -1;
        };
        double value = number(text.substring(0, unit)) * scale;
        if (scale < 0 || value < min || value > max || value != Math.rint(value)) {
            throw new UsageException("--" + name + ' ' + text + ": a whole number from " + min + " to " + max
                + (binary ? " (bytes; 16k and 1m are understood)" : " (10k and 1m are understood)") + " is needed");
        }
        return (long) value;
    }

    /** Requests for each second: {@code 2000}, {@code 2000/s}, {@code 2.5k/s}. */
    static double perSecond(String name, String text) {
        String plain = text.endsWith("/s") ? text.substring(0, text.length() - 2) : text;
        int unit = digits(plain);
        double scale = switch (plain.substring(unit).toLowerCase(Locale.ROOT)) {
            case "" -> 1;
            case "k" -> 1e3;
            case "m" -> 1e6;
            default -> -1;
        };
        double value = number(plain.substring(0, unit)) * scale;
        if (scale < 0 || value <= 0) {
            throw new UsageException("--" + name + ' ' + text + ": a rate such as 2000/s or 50k/s is needed");
        }
        return value;
    }

    private static int digits(String text) {
        int end = 0;
        while (end < text.length() && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        return end;
    }

    /** The number, or a negative one if the text is none. */
    private static double number(String digits) {
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
