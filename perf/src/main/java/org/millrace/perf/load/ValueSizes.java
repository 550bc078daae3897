package org.millrace.perf.load;

import java.util.List;

/** How long the value of a token is, by some law. Immutable. */
public final class ValueSizes {
    /** Most bytes of a value. */
    public static final int MAX_SIZE = 512 * 1024 * 1024;

    private static final int SIZE_INDEX = -2;
    private static final int PART_INDEX = -1_000_003;
    private static final int ANGLE_INDEX = -1_000_004;
    private static final long UNIT_STEPS = 1L << 52;

    /**
     * Sizes of one kind within a mix.
     *
     * @param min    fewest bytes
     * @param max    most bytes, all between alike
     * @param weight how often, beside the other parts
     */
    public record Part(int min, int max, int weight) {
        /** @throws IllegalArgumentException if the bounds are not in order */
        public Part {
            if (min < 0 || min > max || max > MAX_SIZE || weight < 1) {
                throw new IllegalArgumentException(
                    "value size must be from 0 to 512m, the smaller bound first, its weight at least 1");
            }
        }
    }

    @FunctionalInterface
    private interface Law {
        int of(long token);
    }

    private final Law law;
    private final String text;

    private ValueSizes(Law law, String text) {
        this.law = law;
        this.text = text;
    }

    /** From {@code min} to {@code max} bytes, both included, all alike. */
    public static ValueSizes range(int min, int max) {
        Part part = new Part(min, max, 1);
        return new ValueSizes(token -> within(part, token), text(part));
    }

    /** Several parts, each as often as its weight. */
    public static ValueSizes mixed(List<Part> parts) {
        Part[] all = parts.toArray(Part[]::new);
        long sum = 0;
        StringBuilder text = new StringBuilder();
        for (Part part : all) {
            sum += part.weight();
            text.append(text.isEmpty() ? "" : ",").append(text(part)).append('=').append(part.weight());
        }
        long total = sum;
        return new ValueSizes(token -> {
            long drawn = Mixer.derive(token, PART_INDEX, total);
            int i = 0;
            for (; drawn >= all[i].weight(); i++) {
                drawn -= all[i].weight();
            }
            return within(all[i], token);
        }, text.toString());
    }

    /** Exponential with this mean, cut at {@code max}. */
    public static ValueSizes exponential(int mean, int max) {
        return new ValueSizes(token -> cut(-mean * Math.log(unit(token, SIZE_INDEX)), max), "exp:" + mean);
    }

    /** Log-normal: half of the sizes are below {@code median}; sigma is that of the natural logarithm. */
    public static ValueSizes logNormal(int median, double sigma, int max) {
        return new ValueSizes(token -> {
            double radius = Math.sqrt(-2 * Math.log(unit(token, SIZE_INDEX)));
            double normal = radius * Math.cos(2 * Math.PI * unit(token, ANGLE_INDEX));
            return cut(median * Math.exp(sigma * normal), max);
        }, "lognormal:" + median + ':' + sigma);
    }

    /** Bytes of the value of this token: the same whenever it is asked. */
    public int of(long token) {
        return law.of(token);
    }

    @Override
    public String toString() {
        return text;
    }

    private static int within(Part part, long token) {
        return part.min() + (int) Mixer.derive(token, SIZE_INDEX, part.max() - part.min() + 1L);
    }

    /** A number above 0 and at most 1. */
    private static double unit(long token, int index) {
        return (Mixer.derive(token, index, UNIT_STEPS) + 1) / (double) UNIT_STEPS;
    }

    private static int cut(double size, int max) {
        return (int) Math.min(max, Math.round(size));
    }

    private static String text(Part part) {
        return part.min() == part.max() ? String.valueOf(part.min()) : part.min() + ".." + part.max();
    }
}
