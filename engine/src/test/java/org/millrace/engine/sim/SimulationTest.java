package org.millrace.engine.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Whole lanes against seeded clients, servers and faults. A failing seed is named and fails again in the same way:
 * {@code -Dmillrace.sim.seed=N} runs it alone, {@code -Dmillrace.sim.seeds=N} runs more seeds than usual and
 * {@code -Dmillrace.sim.first=N} begins elsewhere.
 */
class SimulationTest {
    private static final int FAILURES_SHOWN = 10;

    @Test
    void shouldAnswerEveryRequestInOrderOnOneThread() {
        runSeeds(false);
    }

    @Test
    void shouldAnswerEveryRequestInOrderInTwoHalves() {
        runSeeds(true);
    }

    @Test
    void shouldRepeatARunExactly() {
        for (long seed = 1; seed <= 5; seed++) {
            assertEquals(new Simulation(new Scenario(seed), false).run(),
                new Simulation(new Scenario(seed), false).run(), "fused, seed " + seed);
            assertEquals(new Simulation(new Scenario(seed), true).run(),
                new Simulation(new Scenario(seed), true).run(), "split, seed " + seed);
        }
    }

    @Test
    void shouldNoticeAServerThatSwapsReplies() {
        int runs = 0;
        int noticed = 0;
        for (long seed = 1; seed <= 40; seed++) {
            Scenario scenario = new Scenario(seed);
            // a client that sends one request at a time gives a server nothing to swap
            if (scenario.serverStray == 0 && scenario.depth > 2 && scenario.clients > 1) {
                scenario.serverSwap = 0.5;
                runs++;
                noticed += fails(scenario) ? 1 : 0;
            }
        }
        assertTrue(noticed > runs * 3 / 4, noticed + " of " + runs + " runs were noticed");
    }

    private static boolean fails(Scenario scenario) {
        try {
            new Simulation(scenario, false).run();
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static void runSeeds(boolean split) {
        Long only = Long.getLong("millrace.sim.seed");
        long first = only != null ? only : Long.getLong("millrace.sim.first", 1);
        long last = only != null ? only : first + Integer.getInteger("millrace.sim.seeds", 500) - 1;
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicReference<Throwable> cause = new AtomicReference<>();
        LongStream.rangeClosed(first, last).parallel().forEach(seed -> {
            if (failures.size() < FAILURES_SHOWN) {
                try {
                    new Simulation(new Scenario(seed), split).run();
                } catch (AssertionError e) {
                    failures.add(e.getMessage());
                    cause.compareAndSet(null, e.getCause());
                }
            }
        });
        if (!failures.isEmpty()) {
            throw new AssertionError(String.join("\n", failures), cause.get());
        }
    }
}
