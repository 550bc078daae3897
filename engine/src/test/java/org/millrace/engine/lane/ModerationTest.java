package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
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
    /** How much the costs and the rates of some milliseconds may differ from the true ones, as a logarithm. */
    private double noise;
    private final Random random = new Random(7);
    private final Moderation moderation =
        new Moderation(GATHER_NS, () -> (long) requests, () -> (long) cpuNs, counters);

    /** Requests a second without gathering and with it, and the CPU for each. */
    private void run(long durationNs, double rate, double costNs, double gatheredRate, double gatheredCostNs) {
        gatheredNs = 0;
        for (long endNs = nowNs + durationNs; nowNs < endNs; nowNs += STEP_NS) {
            boolean gathers = moderation.gatherNs() > 0;
            gatheredNs += gathers ? STEP_NS : 0;
            double disturbed = Math.exp(noise * random.nextGaussian());
            double count = (gathers ? gatheredRate : rate) * STEP_NS / S / disturbed;
            requests += count;
            cpuNs += count * (gathers ? gatheredCostNs : costNs) * disturbed;
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

    /** A few clients, each of which waits for its answer: without gathering they are just many enough for a trial. */
    @Test
    void shouldNotTryAgainAndAgainWhereTheTrialMakesRequestsFew() {
        for (double gatheredRate : new double[] {15_000, 12_000, 9_000, 4_000}) {
            runIdle(S);
            noise = 0.1;
            run(60 * S, 20_000, 7000, gatheredRate, 4500);
            noise = 0;

            assertFalse(isOn());
            assertTrue(gatheredNs > 0 && gatheredNs < S, gatheredNs + " ns of a minute with " + gatheredRate);
        }
    }

    @Test
    void shouldNotEvenTryWithFewRequests() {
        run(10 * S, 19_000, 7000, 19_000, 1000);

        assertEquals(0, gatheredNs);
        assertEquals(0, counters.get(ClientHalfCounter.MODERATION_TRIALS));
    }

    @Test
    void shouldEndSoonWhenRequestsBecomeFew() {
        run(S, BUSY, 7000, BUSY, 4500);
        run(Moderation.LOW_NS + 3 * Moderation.WINDOW_NS, 9_000, 7000, 9_000, 4500);

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
        run((2 * Moderation.MIN_PAIRS + 3) * Moderation.WINDOW_NS, BUSY, 7000, BUSY, 4500);

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

    /** How many of 100 loads it gathers for, half a second after each began, on a machine that others use too. */
    private int gathersAmongOthers(double rate, double gatheredRate, double gatheredCostNs) {
        int on = 0;
        for (int i = 0; i < 100; i++) {
            noise = 0.3;
            run(S / 2, rate, 7000, gatheredRate, gatheredCostNs);
            on += isOn() ? 1 : 0;
            noise = 0;
            runIdle(S);
        }
        return on;
    }

    @Test
    void shouldFindOutOnANoisyMachine() {
        int saves = gathersAmongOthers(BUSY, BUSY, 4800);
        int savesNothing = gathersAmongOthers(BUSY, BUSY, 7000);
        int slowsDown = gathersAmongOthers(BUSY, 0.8 * BUSY, 4800);

        assertTrue(saves >= 90, saves + " of 100");
        assertTrue(savesNothing <= 10, savesNothing + " of 100");
        assertTrue(slowsDown <= 10, slowsDown + " of 100");
    }

    @Test
    void shouldEndATrialThatCannotTell() {
        noise = 0.5;
        run(60 * S, BUSY, 7000, BUSY, 7000 * Moderation.BEGIN_RATIO);

        assertTrue(gatheredNs > 0 && counters.get(ClientHalfCounter.MODERATION_TRIALS) > 3);
        assertTrue(counters.get(ClientHalfCounter.MODERATION_TRIALS) <= 60, "a trial holds for a second at least");
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
