package org.millrace.engine.control.metrics;

import java.util.Comparator;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.millrace.engine.latency.SeriesKey;

/**
 * What is known of one thing that is measured, over all lanes. Values are nanoseconds, or numbers of things.
 *
 * @param key         what it is
 * @param count       values since the start
 * @param sum         of those
 * @param upTo        how many of those are at most each of {@link #bounds}
 * @param recentCount values of the last while, half a minute to a minute
 * @param recent      percentiles of those, in the order of {@link #PERCENTILES}
 * @param recentMax   the greatest of those
 */
public record LatencyRow(SeriesKey key, long count, long sum, long[] upTo, long recentCount, long[] recent,
    long recentMax) {
    /** Shown of everything. */
    static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
    static final String[] PERCENTILE_NAMES = {"50", "90", "99", "99.9", "99.99"};

    /** In the order in which they are shown. */
    static final Comparator<LatencyRow> ORDER = Comparator.comparing((LatencyRow row) -> row.key.kind())
        .thenComparing(row -> row.key.pool(), Comparator.nullsFirst(Comparator.naturalOrder()))
        .thenComparing(row -> row.key.server(), Comparator.nullsFirst(Comparator.naturalOrder()))
        .thenComparing(row -> row.key.detail(), Comparator.nullsFirst(Comparator.naturalOrder()));

    /** From half of what an answer from the same machine takes to what no client waits for. */
    private static final long[] TIME_BOUNDS_NS = {50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000L,
        5_000_000_000L, 10_000_000_000L};
    private static final long[] COUNT_BOUNDS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384};

    static LatencyRow of(SeriesKey key, Histogram total, Histogram recent) {
        long[] bounds = boundsOf(key);
        long[] upTo = new long[bounds.length];
        long sum = 0;
        for (HistogramIterationValue each : total.recordedValues()) {
            long value = total.medianEquivalentValue(each.getValueIteratedTo());
            long count = each.getCountAddedInThisIterationStep();
            sum += value * count;
            for (int i = bounds.length - 1; i >= 0 && value <= bounds[i]; i--) {
                upTo[i] += count;
            }
        }
        long[] percentiles = new long[PERCENTILES.length];
        for (int i = 0; i < percentiles.length; i++) {
            percentiles[i] = recent.getTotalCount() == 0 ? 0 : recent.getValueAtPercentile(PERCENTILES[i]);
        }
        return new LatencyRow(key, total.getTotalCount(), sum, upTo, recent.getTotalCount(), percentiles,
            recent.getTotalCount() == 0 ? 0 : recent.getMaxValue());
    }

    private static long[] boundsOf(SeriesKey key) {
        return key.kind().isTime() ? TIME_BOUNDS_NS : COUNT_BOUNDS;
    }

    /** What {@link #upTo} refers to. */
    long[] bounds() {
        return boundsOf(key);
    }
}
