package org.millrace.engine.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What ends a wait is dated to when it came, and the clock is asked no more often than that needs. */
class TurnTimeTest {
    private final TurnTime time = new TurnTime();
    private long clockNs = 100;
    private int asked;

    private void byClock() {
        time.by(() -> {
            asked++;
            return clockNs;
        });
    }

    @Test
    void shouldBeThatOfTheTurnBeforeItWaits() {
        byClock();
        time.set(100);
        clockNs = 120;
        assertEquals(100, time.nowNs());
        assertEquals(0, asked);
    }

    @Test
    void shouldAskAnewOnceTheTurnMayHaveWaited() {
        byClock();
        time.set(100);
        time.beforePoll();
        clockNs = 400_000_100;
        assertEquals(400_000_100, time.nowNs());
        clockNs = 400_000_200;
        assertEquals(400_000_100, time.nowNs(), "all that comes together");
        assertEquals(1, asked);
        time.set(400_000_300);
        assertEquals(400_000_300, time.nowNs());
        assertEquals(1, asked);
    }

    @Test
    void shouldKeepTheTurnsTimeWithoutAClock() {
        time.set(100);
        time.beforePoll();
        assertEquals(100, time.nowNs());
    }
}
