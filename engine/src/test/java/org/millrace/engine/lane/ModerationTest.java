package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;

/** When a lane gathers events, on a machine whose costs are set by the test. */
class ModerationTest {
    private static final long GATHER_NS = 100_000;
    private static final long STEP_NS = 1_000_000;
    private static final long S = 1_000_000_000;
    private static final double BUSY = 60_000;

    private final CounterSet<ClientHalfCounter> counters = new CounterSet<>(ClientHalfCounter.class);
    private double requests;
    private double cpuNs;
    private long nowNs = -5 * S;
    private long gatheredNs;
    private final Moderation moderation =
        new Moderation(GATHER_NS, () -> (long) requests, () -> (long) cpuNs, counters);

    /** Requests a second without gathering and with it, and the CPU for each. */
    private void run(long durationNs, double rate, double costNs, double gatheredRate, double gatheredCostNs) {
        gatheredNs = 0;
        for (long endNs = nowNs + durationNs; nowNs < endNs; nowNs += STEP_NS) {
            boolean gathers = moderation.gatherNs() > 0;
            gatheredNs += gathers ? STEP_NS : 0;
            double count = (gathers ? gatheredRate : rate) * STEP_NS / S;
            requests += count;
            cpuNs += count * (gathers ? gatheredCostNs : costNs);
            moderation.turn(nowNs);
        }
    }

    private void runIdle(long durationNs) {
        run(durationNs, 0, 0, 0, 0);
    }

    private boolean isOn() {
        return counters.get(ClientHalfCounter.MODERATED) == 1;
    }

    @Test
    void shouldGatherWhereItSavesCpu() {
        run(S, BUSY, 7000, BUSY, 4500);

        assertTrue(isOn());
        assertEquals(GATHER_NS, moderation.gatherNs());
    }

    @Test
    void shouldNotGatherWhereItSavesLittle() {
        run(60 * S, BUSY, 7000, BUSY, 6500);

        assertFalse(isOn());
        assertTrue(gatheredNs < S / 2, gatheredNs + " ns of a minute went on trials");
        assertTrue(counters.get(ClientHalfCounter.MODERATION_TRIALS) > 3);
    }

    @Test
    void shouldNotGatherWhereClientsThatWaitForAnswersComeLater() {
        run(10 * S, BUSY, 7000, 0.9 * BUSY, 4500);

        assertFalse(isOn());
    }

    @Test
    void shouldNotEvenTryWithFewRequests() {
        run(10 * S, 39_000, 7000, 39_000, 1000);

        assertEquals(0, gatheredNs);
        assertEquals(0, counters.get(ClientHalfCounter.MODERATION_TRIALS));
    }

    @Test
    void shouldEndSoonWhenRequestsBecomeFew() {
        run(S, BUSY, 7000, BUSY, 4500);
        run(Moderation.LOW_NS + 3 * Moderation.WINDOW_NS, 19_000, 7000, 19_000, 4500);

        assertFalse(isOn());
        assertEquals(0, moderation.gatherNs());
    }

    @Test
    void shouldGoOnAfterAShortPauseOfTheLoad() {
        run(S, BUSY, 7000, BUSY, 4500);
        runIdle(Moderation.LOW_NS / 2);
        run(2 * Moderation.WINDOW_NS, BUSY, 7000, BUSY, 4500);

        assertTrue(isOn());
    }

    @Test
    void shouldTryAtOnceWhenALoadBegins() {
        run(20 * S, BUSY, 7000, BUSY, 6900);
        runIdle(S);
        run((Moderation.TRIAL_WINDOWS + 3) * Moderation.WINDOW_NS, BUSY, 7000, BUSY, 4500);

        assertTrue(isOn());
    }

    @Test
    void shouldEndWhenItNoLongerPays() {
        run(5 * S, BUSY, 7000, BUSY, 4500);
        run(Moderation.MAX_HOLD_NS, BUSY, 7000, BUSY, 6900);

        assertFalse(isOn());
    }

    @Test
    void shouldLookAgainWhenTheLoadIsAnother() {
        run(60 * S, BUSY, 7000, BUSY, 6900);
        run(S / 10, 3 * BUSY, 7000, 3 * BUSY, 4500);

        assertTrue(isOn());
    }

    @Test
    void shouldLookEverMoreRarelyWhileNothingChanges() {
        run(10 * S, BUSY, 7000, BUSY, 4500);
        long before = counters.get(ClientHalfCounter.MODERATION_TRIALS);
        run(60 * S, BUSY, 7000, BUSY, 4500);

        long trials = counters.get(ClientHalfCounter.MODERATION_TRIALS) - before;
        assertTrue(trials >= 3 && trials <= 6, trials + " trials");
        assertTrue(gatheredNs > 59 * S);
    }

    @Test
    void shouldNeverGatherIfItIsOff() {
        Moderation off = new Moderation(0, () -> (long) requests, () -> (long) cpuNs, counters);
        for (int i = 0; i < 1000; i++) {
            requests += 1000;
            off.turn(i * STEP_NS);
            assertEquals(0, off.gatherNs());
        }
        assertEquals(0, counters.get(ClientHalfCounter.MODERATION_TRIALS));
    }
}
