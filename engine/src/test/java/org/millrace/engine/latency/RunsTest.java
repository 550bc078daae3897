package org.millrace.engine.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that are kept back come to their owner, each as often as it was there, and no more of them than may be. */
class RunsTest {
    private final Runs runs = new Runs();
    private final List<String> passed = new ArrayList<>();

    private Runs.Owner owner(String name) {
        return (first, second, third, count) ->
            passed.add(name + " " + first + " " + second + " " + third + " x" + count);
    }

    @Test
    void shouldCountWhatIsEqualAndNextToEachOther() {
        Runs.Owner a = owner("a");
        Runs.Owner b = owner("b");
        runs.add(a, 1, 2, 3);
        runs.add(a, 1, 2, 3);
        runs.add(b, 1, 2, 3);
        runs.add(a, 1, 2, 3);
        runs.add(a, 0, 2, 3);
        runs.add(a, 0, 1, 3);
        runs.add(a, 0, 1, 0);
        assertEquals(List.of(), passed);

        runs.pass();
        assertEquals(List.of("a 1 2 3 x2", "b 1 2 3 x1", "a 1 2 3 x1", "a 0 2 3 x1", "a 0 1 3 x1", "a 0 1 0 x1"),
            passed);
        runs.pass();
        assertEquals(6, passed.size(), "once");
    }

    @Test
    void shouldKeepBackNoMoreRunsThanItsCapacity() {
        Runs.Owner a = owner("a");
        for (int i = 0; i < Runs.CAPACITY; i++) {
            runs.add(a, i, 0, 0);
        }
        assertEquals(0, passed.size());
        runs.add(a, Runs.CAPACITY, 0, 0);
        assertEquals(Runs.CAPACITY, passed.size());
        runs.pass();
        assertEquals(Runs.CAPACITY + 1, passed.size());
    }
}
