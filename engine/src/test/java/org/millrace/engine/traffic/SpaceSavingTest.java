package org.millrace.engine.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No count is too great, nor too small by more than is said, whatever comes. */
class SpaceSavingTest {
    private static final int SEEN = 200_000;

    /** The flatter the traffic, the more names take each other's places. */
    @ParameterizedTest
    @CsvSource({"64, 0.0, 1", "64, 0.8, 2", "256, 1.0, 3", "256, 1.3, 4", "1, 1.0, 5"})
    void shouldHoldNoMoreNamesThanItHasRoomForAndKeepItsBound(int capacity, double exponent, long seed) {
        SpaceSaving counts = new SpaceSaving(capacity);
        Zipf zipf = new Zipf(5_000, exponent, seed);
        Random weights = new Random(seed);
        Map<Long, Long> exact = new HashMap<>();
        long total = 0;
        for (int i = 0; i < SEEN; i++) {
            // hashes that collide in the table
            long hash = (long) zipf.next() % 8 << 32 | zipf.next();
            long weight = 1 + weights.nextInt(3);
            int counter = counts.add(hash, weight);
            assertEquals(hash, counts.hash(counter < 0 ? ~counter : counter));
            exact.merge(hash, weight, Long::sum);
            total += weight;
        }
        assertEquals(total, counts.total());
        assertEquals(capacity, counts.size());
        assertTrue(counts.missing() <= total / capacity, counts.missing() + " of " + total);
        Map<Long, Long> sure = new HashMap<>();
        for (int i = 0; i < counts.size(); i++) {
            sure.put(counts.hash(i), counts.sure(i));
        }
        assertEquals(capacity, sure.size(), "no name is there twice");
        exact.forEach((hash, count) -> {
            long shown = sure.getOrDefault(hash, 0L);
            assertTrue(shown <= count && count <= shown + counts.missing(),
                shown + " to " + (shown + counts.missing()) + " instead of " + count);
        });
        counts.reset();
        assertEquals(0, counts.size());
        assertEquals(~0, counts.add(7, 1), "it begins anew");
        assertEquals(0, counts.add(7, 1));
        assertEquals(2, counts.sure(0));
        assertEquals(capacity == 1 ? 2 : 0, counts.missing());
    }
}
