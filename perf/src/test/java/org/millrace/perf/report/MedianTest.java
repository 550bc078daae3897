package org.millrace.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The median and its interval. */
class MedianTest {
    @Test
    void shouldTakeTheMiddle() {
        assertEquals(2, Median.of(3, 1, 2).value());
        assertEquals(2.5, Median.of(4, 3, 1, 2).value());
        assertThrows(IllegalArgumentException.class, Median::of);
    }

    @Test
    void shouldCoverAtLeast95PercentWhereTheSampleAllows() {
        Median ten = Median.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertEquals(2, ten.low());
        assertEquals(9, ten.high());
        assertEquals(0.9785, ten.coverage(), 0.0001);
        Median twenty = Median.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        assertEquals(6, twenty.low());
        assertEquals(15, twenty.high());
    }

    @Test
    void shouldSayHowLittleASmallSampleTells() {
        Median three = Median.of(1, 2, 3);
        assertEquals(1, three.low());
        assertEquals(3, three.high());
        assertEquals(0.75, three.coverage());
        assertEquals(0, Median.of(7).coverage());
    }
}
