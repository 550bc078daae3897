package org.millrace.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When requests of an open loop are due, by arithmetic alone: no clock is asked. */
class ScheduleTest {
    private static final long START_NS = 1_000_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int CONNECTIONS = 7;

    /** 700 requests a second. */
    private static final double INTERVAL_NS = CONNECTIONS * SECOND_NS / 700.0;

    @Test
    void shouldSpreadTheRateOverTime() {
        Schedule schedule = new Schedule(START_NS, CONNECTIONS, INTERVAL_NS, 1);
        for (int second = 1; second <= 5; second++) {
            assertEquals(700L * second, countUntil(schedule, START_NS + second * SECOND_NS), CONNECTIONS);
        }
    }

    @Test
    void shouldNotMoveWhenTheClockHasPassedIt() {
        Schedule schedule = new Schedule(START_NS, CONNECTIONS, INTERVAL_NS, 1);
        // Whoever is served 1 s late at request n has waited 1 s less n intervals for the n-th after it.
        long stalledNs = schedule.dueNs(0, 100);
        long servedNs = stalledNs + SECOND_NS;
        for (int n = 0; n < 100; n++) {
            assertEquals(SECOND_NS - n * INTERVAL_NS, servedNs - schedule.dueNs(0, 100 + n), 2);
        }
    }

    @Test
    void shouldKeepRequestsInOrderAndTellWhoseTheyAre() {
        for (long rampNs : new long[] {0, 3 * SECOND_NS}) {
            Schedule schedule = new Schedule(START_NS, CONNECTIONS, INTERVAL_NS, 1, rampNs);
            for (long n = 0; n < 5000; n++) {
                assertTrue(schedule.dueNs(n) <= schedule.dueNs(n + 1), "request " + n);
                assertEquals(schedule.dueNs(schedule.connectionOf(n), n / CONNECTIONS), schedule.dueNs(n));
            }
        }
    }

    @Test
    void shouldRaiseTheRateEvenlyInTheRamp() {
        Schedule schedule = new Schedule(START_NS, CONNECTIONS, INTERVAL_NS, 1, 4 * SECOND_NS);
        // 700/s after 4 s: by time t of the ramp 700 * t^2 / 8 requests, after it 700 more each second.
        assertEquals(87.5, countUntil(schedule, START_NS + SECOND_NS), CONNECTIONS);
        assertEquals(350, countUntil(schedule, START_NS + 2 * SECOND_NS), CONNECTIONS);
        assertEquals(1400, countUntil(schedule, START_NS + 4 * SECOND_NS), CONNECTIONS);
        assertEquals(2100, countUntil(schedule, START_NS + 5 * SECOND_NS), CONNECTIONS);
    }

    @Test
    void shouldTellHowFarARunHasCome() {
        Progress byTime = new Progress(new LoadConfig().durationNs(10 * SECOND_NS).warmupNs(2 * SECOND_NS));
        assertEquals(0, byTime.after(1, 0));
        assertEquals(0.5, byTime.after(7, 1000));
        assertEquals(1, byTime.after(20, 1000));
        Progress byRequests = new Progress(new LoadConfig().requests(1000).durationNs(100 * SECOND_NS));
        assertEquals(0.4, byRequests.after(1, 400));
        assertEquals(0.9, byRequests.after(2, 500));
    }

    @Test
    void shouldCountCpuBetweenTheFirstMarkAndTheLast() {
        CpuMeter meter = new CpuMeter();
        meter.mark(1000, 700_000_000);
        assertEquals(0, meter.usPerRequest());
        meter.mark(2000, 705_000_000);
        meter.mark(3000, 706_000_000);
        assertEquals(3, meter.usPerRequest());
    }

    private static long countUntil(Schedule schedule, long untilNs) {
        long n = 0;
        while (schedule.dueNs(n) < untilNs) {
            n++;
        }
        return n;
    }
}
