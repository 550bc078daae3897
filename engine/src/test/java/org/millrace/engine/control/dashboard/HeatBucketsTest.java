package org.millrace.engine.control.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.millrace.engine.latency.SeriesKind;

/** Rows of the heat map lie where the page draws them. */
class HeatBucketsTest {
    /** What {@code heatRow} of data.js says. */
    private static double lower(int row) {
        return Math.pow(2, Math.floorDiv(row, 4)) * (4 + row % 4) / 4;
    }

    @Test
    void shouldPutEachTimeIntoTheRowThatIsDrawnAroundIt() {
        for (long us = 1; us < 60_000_000; us += Math.max(1, us / 97)) {
            int row = HeatBuckets.of(us * 1000);
            assertTrue(lower(row) <= us && us < lower(row + 1), us + " us in row " + row);
        }
        assertEquals(0, HeatBuckets.of(0));
        assertTrue(HeatBuckets.of(SeriesKind.REQUEST.highest()) < HeatBuckets.COUNT);
        assertEquals(HeatBuckets.COUNT - 1, HeatBuckets.of(Long.MAX_VALUE));
    }

    @Test
    void shouldWriteRowsThatHoldAnythingAndForgetThem() {
        Histogram times = SeriesKind.REQUEST.newHistogram();
        times.recordValueWithCount(1_000, 3);
        times.recordValueWithCount(100_000, 2);
        times.recordValueWithCount(101_000, 1);
        HeatBuckets buckets = new HeatBuckets();
        for (int i = 0; i < 2; i++) {
            StringBuilder text = new StringBuilder();
            buckets.write(times, text);
            assertEquals("[0,3," + HeatBuckets.of(100_000) + ",3]", text.toString());
        }
    }
}
