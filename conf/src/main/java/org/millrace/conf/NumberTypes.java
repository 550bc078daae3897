package org.millrace.conf;

import java.util.Locale;

/** The kinds of numbers that a file may hold. */
final class NumberTypes {
    private static final int MAX_DIGITS = 18;
    private static final String[] SUFFIXES = {"kb", "mb", "gb", "k", "m", "g", "b"};
    private static final long[] FACTORS = {1L << 10, 1L << 20, 1L << 30, 1_000, 1_000_000, 1_000_000_000, 1};

    private NumberTypes() {
    }

    /** The value of a run of ASCII digits; -1 if the text is anything else, {@link Long#MAX_VALUE} if it is huge. */
    static long digits(String text) {
        int from = 0;
        while (from < text.length() - 1 && text.charAt(from) == '0') {
            from++;
        }
        long value = 0;
        for (int i = from; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = i - from >= MAX_DIGITS ? Long.MAX_VALUE : value * 10 + (c - '0');
        }
        return text.isEmpty() ? -1 : value;
    }

    /** Digits only: no sign, no unit. */
    static ValueType<Integer> whole(int min, int max) {
        return counted(min, max, "");
    }

    /** As {@link #whole}, and the messages name the unit. */
    static ValueType<Integer> milliseconds(int min, int max) {
        return counted(min, max, " milliseconds");
    }

    private static ValueType<Integer> counted(int min, int max, String unit) {
        return of(min + ".." + max + unit, text -> {
            final long value = digits(text);
            if (value < 0) {
                throw new BadValueException("is not a number", "digits only: no sign, no unit, no fraction");
            }
            return (int) inRange(value, min, max);
        });
    }

    /** A whole number that is a power of two. */
    static ValueType<Integer> powerOfTwo(int min, int max) {
        final ValueType<Integer> whole = whole(min, max);
        return of("a power of two, " + min + ".." + max, text -> {
            final int value = whole.parse(text);
            if (Integer.bitCount(value) != 1) {
                throw new BadValueException("is not a power of two", "the next larger one is "
                    + (Integer.highestOneBit(value) << 1));
            }
            return value;
        });
    }

    /** Bytes, or a number with one of the suffixes of redis.conf. */
    static ValueType<Long> size(String min, String max) {
        final long minBytes = bytes(min);
        final long maxBytes = bytes(max);
        return of(min + ".." + max + " (bytes, or with k kb m mb g gb as in redis.conf)", text -> {
            final long value = bytes(text);
            if (value < 0) {
                throw new BadValueException("is not a size", "write for instance 65536, 64kb or 512mb");
            }
            return inRange(value, minBytes, maxBytes);
        });
    }

    /** A size that fits an int. */
    static ValueType<Integer> smallSize(String min, String max) {
        final ValueType<Long> size = size(min, max);
        return of(size.allowed(), text -> Math.toIntExact(size.parse(text)));
    }

    /** The word {@code auto}, or what the other type allows. */
    static <T> ValueType<T> autoOr(T auto, ValueType<T> other) {
        return of("auto, or " + other.allowed(), text -> "auto".equals(text) ? auto : other.parse(text));
    }

    /** As redis.conf counts: k is 1000, kb is 1024, letters of either case. -1 if it is no size. */
    static long bytes(String text) {
        final String lower = text.toLowerCase(Locale.ROOT);
        for (int i = 0; i < SUFFIXES.length; i++) {
            if (lower.endsWith(SUFFIXES[i])) {
                final long count = digits(lower.substring(0, lower.length() - SUFFIXES[i].length()));
                return count > Long.MAX_VALUE / FACTORS[i] ? Long.MAX_VALUE : count < 0 ? -1 : count * FACTORS[i];
            }
        }
        return digits(lower);
    }

    private static long inRange(long value, long min, long max) throws BadValueException {
        if (value < min || value > max) {
            throw new BadValueException(value < min ? "is too small" : "is too large");
        }
        return value;
    }

    /** What a type does with a text. */
    private interface Parse<T> {
        T apply(String text) throws BadValueException;
    }

    private static <T> ValueType<T> of(String allowed, Parse<T> parse) {
        return new ValueType<>() {
            @Override
            public T parse(String text) throws BadValueException {
                return parse.apply(text);
            }

            @Override
            public String allowed() {
                return allowed;
            }
        };
    }
}
