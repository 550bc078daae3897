package org.millrace.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Every latency is counted once, with its command, however many are recorded at once. */
class WorkerStatsTest {
    private final WorkerStats stats = new WorkerStats(LoadProtocol.REDIS,
        List.of(RedisCommand.GET, RedisCommand.SET));
    private final Histogram histogram = new Histogram(WorkerStats.HIGHEST_US, WorkerStats.DIGITS);

    @Test
    void shouldCountThoseThatAreAlike() {
        for (int i = 0; i < 16; i++) {
            stats.record(1, RedisCommand.GET, 50_000);
        }
        stats.replied(7);
        assertEquals(16, counted(RedisCommand.GET));
        assertEquals(50, histogram.getMaxValue());
    }

    @Test
    void shouldTellCommandsAndLatenciesApart() {
        stats.record(1, RedisCommand.GET, 1_000);
        stats.record(1, RedisCommand.SET, 1_000);
        stats.record(1, RedisCommand.GET, 1_000);
        stats.record(1, RedisCommand.GET, 2_001);
        stats.settle();
        assertEquals(1, counted(RedisCommand.SET));
        assertEquals(3, counted(RedisCommand.GET));
        assertEquals(1, histogram.getCountAtValue(3), "microseconds are rounded up");
        assertEquals(2, histogram.getCountAtValue(1));
    }

    @Test
    void shouldNotCountTheWarmUp() {
        stats.record(0, RedisCommand.GET, 1_000);
        stats.record(1, RedisCommand.GET, 1_000);
        stats.record(0, RedisCommand.SET, 1_000);
        stats.settle();
        assertEquals(1, counted(RedisCommand.GET));
        stats.warmUp(histogram);
        assertEquals(2, histogram.getTotalCount(), "of whichever command");
    }

    @Test
    void shouldCountOnceWhatIsSettledTwice() {
        stats.record(1, RedisCommand.GET, 1_000);
        stats.settle();
        stats.settle();
        assertEquals(1, counted(RedisCommand.GET));
        stats.record(1, RedisCommand.GET, 1_000);
        stats.settle();
        assertEquals(1, counted(RedisCommand.GET), "since the last time");
    }

    @Test
    void shouldMeasureFromTheMomentOn() {
        RunTimes times = new RunTimes(100, new LoadConfig().warmupNs(50).durationNs(10));
        assertEquals(0, times.measured(149));
        assertEquals(1, times.measured(150));
        assertEquals(1, times.measured(151));
    }

    private long counted(RedisCommand command) {
        stats.interval(command, histogram);
        return histogram.getTotalCount();
    }
}
