package org.millrace.engine.spread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** As few lanes as can carry the load. */
class PackingTest {
    private static final int LANES = 3;
    private static final int CLIENTS_MAX = 1000;
    private static final long STEP_NS = LaneMeter.PERIOD_NS;

    private final FakeLoads loads = new FakeLoads(LANES);
    private final Packing packing = new Packing(LANES, CLIENTS_MAX);
    private long nowNs = -5_000_000_000L;

    @Test
    void shouldGiveAllClientsToTheFirstLaneWhileThatCarriesThem() {
        loads.busy[0] = Packing.MARK - 1;
        loads.clients[0] = 100;
        for (int i = 0; i < 1000; i++) {
            assertEquals(0, packing.choose(loads));
            step(1);
        }
        assertEquals(1, packing.open());
    }

    @Test
    void shouldOpenALaneWhenAllThatAreOpenHaveBeenBusyForAWhile() {
        busy(Packing.MARK, 0, 0);
        step(4);
        assertEquals(1, packing.open(), "not yet");
        assertEquals(0, packing.choose(loads), "there is no other");
        step(1);
        assertEquals(2, packing.open());
        assertEquals(1, packing.choose(loads));
        busy(Packing.MARK, Packing.MARK - 1, 0);
        step(100);
        assertEquals(2, packing.open(), "the second is not busy");
        busy(Packing.MARK, Packing.MARK, 0);
        step(5);
        assertEquals(3, packing.open());
        assertEquals(2, packing.choose(loads));
        busy(1000, 1000, 1000);
        step(100);
        assertEquals(3, packing.open(), "there are no more");
    }

    @Test
    void shouldNotOpenALaneForAPeakThatPasses() {
        for (int i = 0; i < 100; i++) {
            busy(1000, 0, 0);
            step(4);
            busy(Packing.MARK - 1, 0, 0);
            step(1);
        }
        assertEquals(1, packing.open());
    }

    @Test
    void shouldNotOpenALaneThatFindsNoProcessor() {
        busy(1000, 0, 0);
        loads.idle = Packing.IDLE - 1;
        step(100);
        assertEquals(1, packing.open());
        loads.idle = Packing.IDLE;
        step(5);
        assertEquals(2, packing.open());
    }

    @Test
    void shouldCloseALaneWhenTheOthersHaveLongBeenAbleToCarryTheLoadEasily() {
        open(3);
        busy(Packing.EASY, Packing.EASY, 0);
        step(200);
        assertEquals(3, packing.open(), "that is not easy");
        busy(Packing.EASY, Packing.EASY - 10, 9);
        step(40);
        assertEquals(3, packing.open(), "not yet");
        step(1);
        assertEquals(2, packing.open(), "one at a time");
        busy(Packing.EASY - 1, 0, 0);
        step(40);
        assertEquals(2, packing.open());
        step(1);
        assertEquals(1, packing.open());
        busy(0, 0, 0);
        step(1000);
        assertEquals(1, packing.open(), "the first stays");
    }

    @Test
    void shouldNotCloseWhatItHasJustOpenedThoughTwoLanesShareTheLoad() {
        open(2);
        for (int i = 0; i < 1000; i++) {
            busy(Packing.MARK / 2, Packing.MARK / 2, 0);
            step(1);
        }
        assertEquals(2, packing.open());
    }

    @Test
    void shouldFillTheFirstLaneAgainBeforeTheSecond() {
        open(2);
        busy(Packing.MARK - 1, 100, 0);
        step(1);
        assertEquals(0, packing.choose(loads));
        busy(Packing.MARK, 100, 0);
        step(1);
        assertEquals(1, packing.choose(loads));
    }

    @Test
    void shouldGiveToTheLeastBusyLaneWhenAllAreAboveTheMark() {
        open(3);
        busy(990, 800, 900);
        step(1);
        assertEquals(1, packing.choose(loads));
    }

    @Test
    void shouldExpectThatNewClientsWorkLikeTheOthers() {
        open(2);
        busy(Packing.MARK - 100, 0, 0);
        loads.clients[0] = 62;
        step(1);
        int[] got = new int[LANES];
        for (int i = 0; i < 50; i++) {
            got[packing.choose(loads)]++;
        }
        assertEquals(10, got[0], "each adds ten thousandths");
        assertEquals(40, got[1]);
        step(1);
        assertEquals(0, packing.choose(loads), "the load did not show it");
    }

    @Test
    void shouldGiveAClientWithoutAPlaceOnOpenLanesToAClosedOne() {
        loads.clients[0] = CLIENTS_MAX;
        assertTrue(packing.choose(loads) > 0);
        loads.clients[1] = CLIENTS_MAX;
        loads.clients[2] = CLIENTS_MAX;
        assertEquals(0, packing.choose(loads), "which refuses");
    }

    private void open(int lanes) {
        for (int i = 0; i < lanes; i++) {
            loads.busy[i] = 1000;
        }
        step(5 * (lanes - 1));
        assertEquals(lanes, packing.open());
    }

    private void busy(int... shares) {
        System.arraycopy(shares, 0, loads.busy, 0, LANES);
    }

    private void step(int count) {
        for (int i = 0; i < count; i++) {
            packing.step(nowNs, loads);
            nowNs += STEP_NS;
        }
    }

    @Test
    void shouldGiveNobodyToALaneThatDoesNotTurn() {
        loads.stalled[0] = true;
        assertEquals(1, packing.choose(loads), "it looks idle");
        step(5);
        assertEquals(2, packing.open(), "the others must carry the load");
        assertEquals(1, packing.choose(loads));
        loads.clients[1] = CLIENTS_MAX;
        assertEquals(2, packing.choose(loads));
        loads.stalled[1] = true;
        loads.stalled[2] = true;
        assertEquals(0, packing.choose(loads), "somebody must have it");
    }
}
