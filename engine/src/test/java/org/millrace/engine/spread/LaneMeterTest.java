package org.millrace.engine.spread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a lane is what it did in the last moments. */
class LaneMeterTest {
    private final FakeLane one = new FakeLane();
    private final FakeLane two = new FakeLane();
    private final LaneMeter meter = new LaneMeter(List.of(one, two));
    private long nowNs = 7;

    @Test
    void shouldTellTheShareOfTheBusierThreadOfEachLane() {
        one.busyNs[1] = 4_000_000_000L;
        assertFalse(meter.look(nowNs), "the first look only notes");
        pass(40, 0.25, 0.5, 0.1);
        assertEquals(500, meter.busy(0));
        assertEquals(100, meter.busy(1));
        pass(40, 0.75, 0.5, 0);
        assertEquals(750, meter.busy(0));
        assertEquals(0, meter.busy(1));
    }

    @Test
    void shouldSmoothOverAboutASecond() {
        meter.look(nowNs);
        pass(1, 1, 0, 0);
        assertEquals(250, meter.busy(0));
        pass(3, 1, 0, 0);
        assertEquals(684, meter.busy(0));
        pass(4, 0, 0, 0);
        assertEquals(216, meter.busy(0));
    }

    @Test
    void shouldTellRequestsASecond() {
        one.requests = 1_000_000;
        meter.look(nowNs);
        for (int i = 0; i < 60; i++) {
            one.requests += 25_000;
            pass(1, 0, 0, 0);
        }
        assertEquals(100_000, meter.requestsPerSecond(0));
        assertEquals(0, meter.requestsPerSecond(1));
    }

    @Test
    void shouldLookNoMoreOftenThanItsPeriod() {
        meter.look(nowNs);
        assertEquals(LaneMeter.PERIOD_NS, meter.dueInNs(nowNs));
        one.busyNs[0] += LaneMeter.PERIOD_NS;
        assertFalse(meter.look(nowNs + LaneMeter.PERIOD_NS - 1));
        assertEquals(1, meter.dueInNs(nowNs + LaneMeter.PERIOD_NS - 1));
        assertEquals(0, meter.busy(0));
        assertTrue(meter.look(nowNs + LaneMeter.PERIOD_NS));
        assertEquals(250, meter.busy(0));
    }

    @Test
    void shouldLookHalfAsOftenWhileNoLaneDoesAnything() {
        meter.look(nowNs);
        pass(1, 0, 0, 0.009);
        assertEquals(LaneMeter.QUIET_PERIOD_NS, meter.dueInNs(nowNs));
        pass(1, 0, 0, 0.02);
        assertEquals(LaneMeter.PERIOD_NS, meter.dueInNs(nowNs), "one of them begins");
        pass(40, 0, 0, 0);
        assertEquals(LaneMeter.QUIET_PERIOD_NS, meter.dueInNs(nowNs));
    }

    @Test
    void shouldTakeAThreadThatHasEndedForIdle() {
        one.busyNs[0] = 1_000_000_000;
        meter.look(nowNs);
        one.busyNs[0] = -1;
        one.busyNs[1] = -1;
        pass(1, 0, 0, 0);
        assertEquals(0, meter.busy(0));
    }

    private void pass(int periods, double firstThread, double secondThread, double otherLane) {
        for (int i = 0; i < periods; i++) {
            nowNs += LaneMeter.PERIOD_NS;
            one.busyNs[0] += (long) (firstThread * LaneMeter.PERIOD_NS);
            one.busyNs[1] += (long) (secondThread * LaneMeter.PERIOD_NS);
            two.busyNs[0] += (long) (otherLane * LaneMeter.PERIOD_NS);
            assertTrue(meter.look(nowNs));
        }
    }

    private static final class FakeLane implements LaneReading {
        private final long[] busyNs = new long[2];
        private long requests;

        @Override
        public int threadCount() {
            return busyNs.length;
        }

        @Override
        public long busyNs(int thread) {
            return busyNs[thread];
        }

        @Override
        public long requestCount() {
            return requests;
        }

        @Override
        public int clientCount() {
            return 0;
        }
    }
}
