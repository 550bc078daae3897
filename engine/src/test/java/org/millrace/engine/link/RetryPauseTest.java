package org.millrace.engine.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.millrace.conf.LimitsConfig;
import org.millrace.engine.kit.LaneSpec;

/** Growing, jittered, bounded. */
@Tag("faults")
class RetryPauseTest {
    private static final long MS = 1_000_000;

    private final LimitsConfig limits = LaneSpec.lane().limit("link_retry_min_ms", 10)
        .limit("link_retry_max_ms", 100).read().engine().limits();

    @Test
    void shouldGrowUpToTheLongestPause() {
        for (int seed = 0; seed < 200; seed++) {
            RetryPause pause = new RetryPause(limits, seed);
            for (long expectedMs : new long[] {10, 20, 40, 80, 100, 100, 100}) {
                long lengthNs = length(pause);
                assertTrue(lengthNs > expectedMs * MS / 2 && lengthNs <= expectedMs * MS,
                    "seed " + seed + ": " + lengthNs + " ns instead of about " + expectedMs + " ms");
            }
        }
    }

    @Test
    void shouldStayBoundedAfterManyFailures() {
        RetryPause pause = new RetryPause(limits, 1);
        for (int i = 0; i < 10_000; i++) {
            assertTrue(length(pause) <= 100 * MS);
        }
    }

    @Test
    void shouldDifferFromLinkToLink() {
        Set<Long> lengths = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            lengths.add(length(new RetryPause(limits, seed)));
        }
        assertTrue(lengths.size() > 40, lengths.size() + " different pauses of 50");
    }

    @Test
    void shouldBeShortAgainAfterSuccess() {
        RetryPause pause = new RetryPause(limits, 1);
        for (int i = 0; i < 5; i++) {
            length(pause);
        }
        pause.reset();
        assertTrue(length(pause) <= 10 * MS);
    }

    @Test
    void shouldBeOverAtItsEnd() {
        RetryPause pause = new RetryPause(limits, 7);
        long nowNs = Long.MAX_VALUE - 3;
        pause.begin(nowNs);
        assertFalse(pause.isOver(nowNs));
        assertTrue(pause.isOver(nowNs + 10 * MS), "also where the clock wraps around");
        assertEquals(true, pause.isOver(nowNs + 11 * MS));
    }

    /** Begins a pause and finds by halving when it is over. */
    private static long length(RetryPause pause) {
        pause.begin(0);
        long low = 0;
        long high = 1_000 * MS;
        while (low < high) {
            long middle = (low + high) / 2;
            if (pause.isOver(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
