package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.lane.LaneThread;
import org.millrace.engine.lane.WaitStrategy;

/** A lane that does not turn is told of, once, with what it is doing. */
class LaneHandleTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(new PrintStream(text, true, StandardCharsets.UTF_8));
    private final Semaphore turns = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);

    @Test
    @Timeout(60)
    void shouldReportALaneThatDoesNotTurn() throws InterruptedException {
        LaneThread thread = new LaneThread("millrace-lane-7", this::stuckTurn, WaitStrategy.BUSY_SPIN, turns::release,
            broken -> { });
        LaneHandle lane = new LaneHandle(null, null, List.of(thread), List.of());
        thread.start();
        done.acquire();
        assertTrue(lane.watch(SECOND_NS, log), "the first look only notes");
        assertTrue(lane.watch(2 * SECOND_NS, log), "a second is not more than a second");
        assertFalse(lane.isStalled());
        assertFalse(lane.watch(2 * SECOND_NS + 1, log));
        assertTrue(lane.isStalled(), "whoever chooses a lane must know");
        String report = text.toString(StandardCharsets.UTF_8);
        assertTrue(report.contains("error: millrace-lane-7 has not turned for a second"), report);
        assertTrue(report.contains("stuckTurn"), "its stack tells where it is: " + report);
        assertEquals(1, log.errors());
        assertFalse(lane.watch(9 * SECOND_NS, log));
        assertEquals(1, log.errors(), "once is enough");
        turns.release();
        done.acquire();
        while (thread.turns() == 0) {
            Thread.onSpinWait();
        }
        assertTrue(lane.watch(10 * SECOND_NS, log));
        assertFalse(lane.isStalled());
        assertTrue(text.toString(StandardCharsets.UTF_8).contains("millrace-lane-7 turns again"));
        thread.stop();
    }

    private int stuckTurn(boolean mayWait) {
        done.release();
        turns.acquireUninterruptibly();
        return 1;
    }
}
