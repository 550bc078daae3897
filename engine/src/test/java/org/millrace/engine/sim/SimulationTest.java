package org.millrace.engine.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Whole lanes against seeded clients, servers and faults. A failing seed is named and fails again in the same way:
 * {@code -Dmillrace.sim.seed=N} runs it alone, {@code -Dmillrace.sim.seeds=N} runs more or fewer seeds than usual and
 * {@code -Dmillrace.sim.first=N} begins elsewhere.
 */
class SimulationTest {
    private static final int SEEDS = 5000;
    private static final int FAILURES_SHOWN = 10;
    private static final int PROGRESS_SEEDS = 1000;
    /** Of so many seeds each limit must have been reached in some. */
    private static final int REACHING_SEEDS = 5000;
    /** What a run of many seeds cannot but reach; others are gauges, or need what no scenario has. */
    private static final List<String> REACHED = List.of("PAUSED_BY_QUEUE", "PAUSED_BY_OUTPUT", "PAUSED_BY_PARKED",
        "PAUSED_BY_BYTES", "PAUSED_BY_EXPECTED", "PAUSED_BY_POOL", "PAUSED_BY_MEMORY", "PAUSED_BY_RESERVATION",
        "REFUSED_BY_MEMORY", "CLOSED_BY_OUTPUT_HARD", "CLOSED_BY_OUTPUT_SOFT", "CLOSED_BY_GATHER_TIMEOUT",
        "CLOSED_IN_REPLY", "RING_FULL", "PROTOCOL_ERRORS", "NO_MEMORY", "links: PARKED", "links: TIMED_OUT",
        "links: QUEUE_TIMED_OUT", "links: DROPPED_GONE", "links: LATE_REPLIES", "links: STRAY_REPLIES",
        "links: REPLIES_DISCARDED", "links: PARKED_REFUSED", "links: SHED", "links: STREAM_HELD",
        "links: RING_FULL", "links: SHARED_REQUESTS", "links: SHARED_RING_FULL", "links: LINKS_REFUSED",
        "links: SILENT_LOST", "EJECTED, REHASH", "EJECTED, FAIL_FAST", "RETURNED", "REFUSED AT ONCE");

    /** Limits that a lane may be given more of than is checked. */
    private static final List<String> CHECKED = List.of("client_max_queue", "client_frames_per_turn",
        "client_max_bytes", "client_max_output", "client_max_expected", "server_max_queue", "server_max_unsent",
        "queue_timeout", "gather_timeout", "hard", "soft");
    private static final int NOTICING_SEEDS = 500;

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
    void shouldBeAboutEachFeatureInAFairShareOfSeeds() {
        int seeds = 1000;
        Map<String, Integer> shares = new TreeMap<>();
        for (long seed = 1; seed <= seeds; seed++) {
            Scenario scenario = new Scenario(seed);
            for (Feature feature : Feature.values()) {
                shares.merge(feature.toString(), feature.isIn(scenario) ? 1 : 0, Integer::sum);
            }
        }
        say("of " + seeds + " scenarios, per mille: " + shares);
        List<String> unfair = new ArrayList<>();
        shares.forEach((feature, share) -> {
            if (share < seeds * 3 / 100 || share > seeds * 70 / 100) {
                unfair.add(feature + " " + share);
            }
        });
        assertEquals(List.of(), unfair);
    }

    @Test
    void shouldNoticeAServerThatSwapsReplies() {
        int runs = 0;
        int noticed = 0;
        for (long seed = 1; seed <= 120; seed++) {
            Scenario scenario = new Scenario(seed);
            // a client that sends few requests at a time gives a server little to swap
            if (scenario.serverStray == 0 && !scenario.flapping && scenario.serverHang == 0 && scenario.depth > 4
                && scenario.clients > 1 && !"rehash".equals(scenario.eject)) {
                scenario.serverSwap = 0.5;
                runs++;
                noticed += fails(scenario, scenario) ? 1 : 0;
            }
        }
        assertTrue(noticed > runs * 3 / 4, noticed + " of " + runs + " runs were noticed");
    }

    /** A lane with a larger limit than the one that is checked: each check must find that in some run. */
    @Test
    void shouldNoticeEachLimitThatIsPassed() {
        List<String> unnoticed = new ArrayList<>();
        for (String limit : CHECKED) {
            long seed = 1;
            while (seed <= NOTICING_SEEDS && !fails(new Scenario(seed, limit), new Scenario(seed))) {
                seed++;
            }
            if (seed > NOTICING_SEEDS) {
                unnoticed.add(limit);
            }
        }
        assertEquals(List.of(), unnoticed);
    }

    private static boolean fails(Scenario scenario, Scenario checked) {
        return failure(scenario, checked) != null;
    }

    /** What is found wrong in a run; null if nothing. */
    static String failure(Scenario scenario, Scenario checked) {
        try {
            new Simulation(scenario, checked, false).run();
            return null;
        } catch (AssertionError e) {
            return e.getMessage();
        }
    }

    private static void runSeeds(boolean split) {
        Long only = Long.getLong("millrace.sim.seed");
        long first = only != null ? only : Long.getLong("millrace.sim.first", 1);
        long last = only != null ? only : first + Integer.getInteger("millrace.sim.seeds", SEEDS) - 1;
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicReference<Throwable> cause = new AtomicReference<>();
        AtomicInteger done = new AtomicInteger();
        Map<String, Integer> reached = new ConcurrentSkipListMap<>();
        LongStream.rangeClosed(first, last).parallel().forEach(seed -> {
            if (failures.size() < FAILURES_SHOWN) {
                Simulation simulation = new Simulation(new Scenario(seed), split);
                try {
                    simulation.run();
                    simulation.addTo(reached);
                } catch (AssertionError e) {
                    failures.add(e.getMessage());
                    cause.compareAndSet(null, e.getCause());
                }
                int count = done.incrementAndGet();
                if (count % PROGRESS_SEEDS == 0) {
                    say((split ? "split: " : "fused: ") + count + " of " + (last - first + 1) + " seeds from " + first
                        + ", " + failures.size() + " failed");
                }
            }
        });
        if (!failures.isEmpty()) {
            throw new AssertionError(String.join("\n", failures), cause.get());
        }
        if (done.get() >= REACHING_SEEDS) {
            say((split ? "split" : "fused") + ", runs that have reached: " + reached);
            assertEquals(List.of(), REACHED.stream().filter(limit -> !reached.containsKey(limit)).toList());
        }
    }

    private static void say(String text) {
        System.out.println("simulation: " + text);
    }
}
