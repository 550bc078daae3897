package org.millrace.engine.control.dashboard;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The rows of the heat map: four for each doubling, from a microsecond on. */
final class HeatBuckets {
    /** For each doubling. */
    static final int PER_OCTAVE = 4;
    /** Up to the longest time that a histogram holds. */
    static final int COUNT = 27 * PER_OCTAVE;
    private static final int OCTAVE_BITS = 2;
    private static final long NS_PER_US = 1_000;

    private final long[] counts = new long[COUNT];

    /** The row of a time. */
    static int of(long ns) {
        long us = Math.max(1, ns / NS_PER_US);
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(us);
        int within = (int) ((us << OCTAVE_BITS >> octave) & (PER_OCTAVE - 1));
        return Math.min(COUNT - 1, octave * PER_OCTAVE + within);
    }

    /** Writes row and count of each row that holds anything, as an array. */
    void write(Histogram times, StringBuilder text) {
        for (HistogramIterationValue each : times.recordedValues()) {
            counts[of(times.medianEquivalentValue(each.getValueIteratedTo()))] +=
                each.getCountAddedInThisIterationStep();
        }
        text.append('[');
        String separator = "";
        for (int i = 0; i < COUNT; i++) {
            if (counts[i] > 0) {
                text.append(separator).append(i).append(',').append(counts[i]);
                separator = ",";
                counts[i] = 0;
            }
        }
        text.append(']');
    }
}
