package org.millrace.engine.spread;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A fixed number of lanes gets the same number of clients each. */
class EvenSpreadTest {
    private final FakeLoads loads = new FakeLoads(3);
    private final EvenSpread spread = new EvenSpread(3);

    @Test
    void shouldGiveToTheLaneWithTheFewest() {
        for (int i = 0; i < 300; i++) {
            loads.clients[spread.choose(loads)]++;
        }
        assertArrayEquals(new int[] {100, 100, 100}, loads.clients);
        loads.clients[1] = 40;
        for (int i = 0; i < 60; i++) {
            assertEquals(1, spread.choose(loads));
            loads.clients[1]++;
        }
        assertEquals(3, spread.open());
    }

    @Test
    void shouldGiveToTheLessBusyOfThoseWithAsMany() {
        loads.busy[0] = 300;
        loads.busy[1] = 200;
        loads.busy[2] = 250;
        assertEquals(1, spread.choose(loads));
        loads.clients[1] = 1;
        assertEquals(2, spread.choose(loads), "fewer clients come first");
    }

    @Test
    void shouldGiveToALaneThatDoesNotTurnOnlyIfNoneDoes() {
        loads.clients[0] = 9;
        loads.clients[2] = 9;
        loads.stalled[1] = true;
        assertEquals(0, spread.choose(loads));
        loads.stalled[0] = true;
        assertEquals(2, spread.choose(loads));
        loads.stalled[2] = true;
        assertEquals(1, spread.choose(loads));
    }
}
