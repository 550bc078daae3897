package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.lane.LaneThread;
import org.millrace.engine.lane.WaitStrategy;
import org.millrace.engine.spread.Packing;

/** What a busy thread does to the choice of lanes. */
@Timeout(60)
class LaneSpreadTest {
    private final List<String> log = new ArrayList<>();
    private double machineLoad = 1;

    @Test
    void shouldOpenTheSecondLaneWhenTheThreadOfTheFirstIsBusyAndTheMachineIsNot() throws InterruptedException {
        LaneThread busy = new LaneThread("busy", mayWait -> 1, WaitStrategy.BUSY_SPIN, () -> { }, broken -> { });
        LaneThread idle = new LaneThread("idle", mayWait -> 0, WaitStrategy.BUSY_SPIN, () -> { }, broken -> { });
        try (LaneHarness one = LaneSpec.lane().start(LaneMode.FUSED);
            LaneHarness two = LaneSpec.lane().start(LaneMode.FUSED)) {
            List<LaneHandle> lanes = List.of(handle(one, busy), handle(two, idle));
            LaneSpread spread = new LaneSpread(lanes, new Packing(2, 100), log::add, () -> machineLoad);
            busy.start();
            while (spread.busy(0) < 900) {
                pass(spread);
            }
            assertEquals(0, spread.busy(1), "turns without work are none, though they take a processor");
            assertEquals(1, spread.open(), "there is no processor for a second lane");
            assertSame(lanes.getFirst(), spread.choose());
            machineLoad = 0;
            while (spread.open() < 2) {
                pass(spread);
            }
            assertSame(lanes.getLast(), spread.choose());
            assertEquals(1, log.size());
            assertTrue(log.getFirst().matches("lane 1 gets clients, too: the others are busy, busy shares are "
                + "(0\\.9[0-9]|1\\.00) 0\\.00"), log.getFirst());
        } finally {
            busy.stop();
        }
    }

    @Test
    void shouldTellSharesWithTwoDigits() {
        assertEquals("0.00", LaneSpread.share(4));
        assertEquals("0.01", LaneSpread.share(5));
        assertEquals("0.72", LaneSpread.share(720));
        assertEquals("1.00", LaneSpread.share(1000));
    }

    private static void pass(LaneSpread spread) {
        LockSupport.parkNanos(spread.look(System.nanoTime()));
    }

    private static LaneHandle handle(LaneHarness lane, LaneThread thread) {
        return new LaneHandle(lane.lane(), lane.commands(), List.of(thread), List.of(lane.transport()));
    }
}
