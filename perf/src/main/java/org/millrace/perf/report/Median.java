package org.millrace.perf.report;

import java.util.Arrays;

/**
 * The median of a sample and its confidence interval by order statistics, which needs no assumption about the
 * distribution.
 *
 * @param value    the median
 * @param low      lower end of the interval
 * @param high     upper end of the interval
 * @param coverage probability that the interval holds the true median: at least 0.95 if the sample has six or more
 */
public record Median(double value, double low, double high, double coverage) {
    private static final double WANTED = 0.95;

    /** The median of at least one value. */
    public static Median of(double... sample) {
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        if (n == 0) {
            throw new IllegalArgumentException("a median of nothing");
        }
        double value = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        // Drop as many values at each end as keep the probability; binomial with one half.
        int dropped = 0;
        double outside = Math.pow(0.5, n);
        double term = outside;
        double kept = 1 - 2 * outside;
        while (dropped + 1 < n / 2) {
            term *= (double) (n - dropped) / (dropped + 1);
            double next = 1 - 2 * (outside + term);
            if (next < WANTED) {
                break;
            }
            outside += term;
            kept = next;
            dropped++;
        }
        return new Median(value, sorted[dropped], sorted[n - 1 - dropped], Math.max(0, kept));
    }
}
