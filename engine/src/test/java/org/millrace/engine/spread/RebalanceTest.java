package org.millrace.engine.spread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When clients move, in virtual time. */
class RebalanceTest {
    private static final int CLIENTS_MAX = 1000;
    private static final long STEP_NS = LaneMeter.PERIOD_NS;

    private final FakeLoads loads = new FakeLoads(3);
    private final Rebalance rebalance = new Rebalance(CLIENTS_MAX);
    private final List<String> moves = new ArrayList<>();
    private LaneMover mover = (from, to, clients) -> moves.add(from + ">" + to + ":" + clients);
    private long nowNs = -5_000_000_000L;

    @Test
    void shouldMoveHalfOfTheDifferenceWhenALaneHasBeenBusyForAWhile() {
        loads(900, 300, 0);
        clients(90, 10, 0);
        step(4, 2);
        assertEquals(List.of(), moves, "not yet");
        step(1, 2);
        assertEquals(List.of("0>1:30"), moves);
    }

    @Test
    void shouldMoveACrowdThatIsOnOneLaneInBoundedBatches() {
        loads(1000, 0, 0);
        clients(500, 0, 0);
        mover = (from, to, clients) -> {
            assertTrue(clients <= Rebalance.BATCH_MAX);
            moves.add(from + ">" + to);
            loads.clients[from] -= clients;
            loads.clients[to] += clients;
            loads.busy[from] -= 2 * clients;
            loads.busy[to] += 2 * clients;
        };
        step(400, 2);
        assertTrue(moves.size() >= 2, moves::toString);
        assertTrue(moves.stream().allMatch("0>1"::equals), moves::toString);
        assertTrue(loads.busy[0] < Packing.MARK, loads.busy[0] + "");
        int before = moves.size();
        step(4000, 2);
        assertEquals(before, moves.size(), "it stays as it is");
    }

    @Test
    void shouldLeaveAloneWhatIsNotFarApart() {
        loads(900, Rebalance.LOW, 0);
        clients(90, 50, 0);
        step(100, 2);
        loads(Packing.MARK - 1, 0, 0);
        step(100, 2);
        assertEquals(List.of(), moves);
    }

    @Test
    void shouldNotMoveForAPeakThatPasses() {
        clients(90, 10, 0);
        for (int i = 0; i < 100; i++) {
            loads(900, 0, 0);
            step(4, 2);
            loads(Packing.MARK - 1, 0, 0);
            step(1, 2);
        }
        assertEquals(List.of(), moves);
    }

    @Test
    void shouldNotMoveWhileTheMachineHasNoProcessorToSpare() {
        loads(900, 0, 0);
        clients(90, 10, 0);
        loads.idle = Packing.IDLE - 1;
        step(100, 2);
        assertEquals(List.of(), moves);
    }

    @Test
    void shouldNotMoveAClientThatIsAlone() {
        loads(900, 0, 0);
        clients(1, 10, 0);
        step(100, 2);
        assertEquals(List.of(), moves);
    }

    @Test
    void shouldNotPlayPingPongWithOneClientThatKeepsALaneBusy() {
        // all the load comes from one client of two, and that is the one that moves each time
        loads(900, 0, 0);
        clients(2, 2, 0);
        mover = (from, to, clients) -> {
            moves.add(from + ">" + to);
            loads.busy[from] = 0;
            loads.busy[to] = 900;
        };
        step(4 * 600, 2);
        assertTrue(moves.size() <= 12, moves.size() + " moves in ten minutes");
    }

    @Test
    void shouldEmptyALaneThatHasClosed() {
        loads(300, 100, 200);
        clients(90, 10, 100);
        mover = (from, to, clients) -> {
            moves.add(from + ">" + to + ":" + clients);
            loads.clients[from] -= clients;
        };
        step(1, 2);
        assertEquals(List.of("2>1:64"), moves);
        step(7, 2);
        assertEquals(1, moves.size(), "what has moved must show first");
        step(1, 2);
        assertEquals(List.of("2>1:64", "2>1:36"), moves);
        step(100, 2);
        assertEquals(2, moves.size(), "nobody is left");
    }

    @Test
    void shouldNotEmptyALaneIntoOnesThatWouldBeBusyThen() {
        loads(600, 700, 400);
        clients(90, 10, 10);
        step(100, 2);
        assertEquals(List.of(), moves);
    }

    @Test
    void shouldMoveNoMoreClientsThanALaneMayHave() {
        loads(900, 0, 0);
        clients(900, CLIENTS_MAX - 3, 0);
        step(5, 2);
        assertEquals(List.of("0>1:3"), moves);
        clients(900, CLIENTS_MAX, 0);
        moves.clear();
        step(1000, 2);
        assertEquals(List.of(), moves);
    }

    private void loads(int... busy) {
        System.arraycopy(busy, 0, loads.busy, 0, busy.length);
    }

    private void clients(int... counts) {
        System.arraycopy(counts, 0, loads.clients, 0, counts.length);
    }

    private void step(int steps, int open) {
        for (int i = 0; i < steps; i++) {
            rebalance.step(nowNs, loads, open, mover);
            nowNs += STEP_NS;
        }
    }

    @Test
    void shouldMoveNobodyToOrFromALaneThatDoesNotTurn() {
        loads(900, 0, 100);
        clients(90, 10, 20);
        loads.stalled[1] = true;
        step(5, 3);
        assertEquals(List.of("0>2:40"), moves, "the idle one hangs");
        moves.clear();
        loads.stalled[2] = true;
        step(2000, 3);
        assertEquals(List.of(), moves);
        loads(0, 0, 0);
        loads.stalled[1] = false;
        step(100, 2);
        assertEquals(List.of(), moves, "one that has closed is not emptied while it hangs");
        loads.stalled[2] = false;
        loads.stalled[0] = true;
        step(100, 2);
        assertEquals("2>1:20", moves.getFirst());
    }
}
