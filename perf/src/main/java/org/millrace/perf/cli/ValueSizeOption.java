package org.millrace.perf.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.perf.load.ValueSizes;

/** Reads {@code --value-size}: a size, a range, parts with weights, or the name of a law with its parameters. */
final class ValueSizeOption {
    private static final String NAME = "value-size";
    private static final int EXPONENTIAL_CUT = 100;
    private static final int LOG_NORMAL_CUT = 1000;
    private static final int MAX_WEIGHT = 1_000_000;
    private static final double MAX_SIGMA = 5;

    private ValueSizeOption() {
    }

    static ValueSizes parse(String text) {
        String[] words = text.toLowerCase(Locale.ROOT).split(":", -1);
        if (words[0].equals("exp") && words.length == 2) {
            int mean = size(words[1], 1, ValueSizes.MAX_SIZE);
            return ValueSizes.exponential(mean, cut(mean, EXPONENTIAL_CUT));
        }
        if (words[0].equals("lognormal") && words.length == 3) {
            int median = size(words[1], 1, ValueSizes.MAX_SIZE);
            return ValueSizes.logNormal(median, sigma(text, words[2]), cut(median, LOG_NORMAL_CUT));
        }
        if (words.length > 1) {
            throw wrong(text);
        }
        if (text.indexOf('=') < 0 && text.indexOf(',') < 0) {
            ValueSizes.Part part = part(text, 1);
            return ValueSizes.range(part.min(), part.max());
        }
        List<ValueSizes.Part> parts = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            String[] pair = each.split("=", 2);
            parts.add(part(pair[0], pair.length == 1 ? 1
                : (int) Quantities.amount(NAME, pair[1], false, 1, MAX_WEIGHT)));
        }
        return ValueSizes.mixed(parts);
    }

    private static ValueSizes.Part part(String text, int weight) {
        int dots = text.indexOf("..");
        int from = size(dots < 0 ? text : text.substring(0, dots), 0, ValueSizes.MAX_SIZE);
        return new ValueSizes.Part(from, dots < 0 ? from : size(text.substring(dots + 2), from, ValueSizes.MAX_SIZE),
            weight);
    }

    private static int size(String text, int min, int max) {
        return (int) Quantities.amount(NAME, text, true, min, max);
    }

    private static int cut(int size, int times) {
        return (int) Math.min(ValueSizes.MAX_SIZE, (long) size * times);
    }

    private static double sigma(String text, String number) {
        try {
            double value = Double.parseDouble(number);
            if (value >= 0 && value <= MAX_SIGMA) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below with the text around it.
        }
        throw wrong(text);
    }

    private static UsageException wrong(String text) {
        return new UsageException("--" + NAME + ' ' + text + ": sizes such as 1k, 16..16k, 100=80,1k..4k=20, exp:1k or "
            + "lognormal:300:1.5 (sigma from 0 to 5) are needed");
    }
}
