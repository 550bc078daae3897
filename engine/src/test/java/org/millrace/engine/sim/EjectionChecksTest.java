package org.millrace.engine.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** That the simulation finds an ejection that goes wrong, in pools of both protocols. */
class EjectionChecksTest {
    private static final int SEEDS = 400;

    /** Runs seeds until each of these is found in a pool of either protocol; returns what is not. */
    private static List<String> unnoticed(Predicate<Scenario> kind, LongFunction<Scenario> broken, String... wrongs) {
        List<String> missing = new ArrayList<>();
        for (String wrong : wrongs) {
            missing.add("redis: " + wrong);
            missing.add("memcached: " + wrong);
        }
        for (long seed = 1; seed <= SEEDS && !missing.isEmpty(); seed++) {
            Scenario checked = new Scenario(seed);
            String protocol = checked.memcached ? "memcached: " : "redis: ";
            if (kind.test(checked) && missing.stream().anyMatch(each -> each.startsWith(protocol))) {
                String failure = SimulationTest.failure(broken.apply(seed), checked);
                missing.removeIf(each -> failure != null && each.startsWith(protocol)
                    && failure.contains(each.substring(protocol.length())));
            }
        }
        return missing;
    }

    @Test
    void shouldNoticeAServerThatComesBackUnasked() {
        assertEquals(List.of(), unnoticed(scenario -> scenario.eject != null, seed -> {
            Scenario scenario = new Scenario(seed);
            scenario.unasked = true;
            return scenario;
        }, "has come back though it has answered no probe"));
    }

    @Test
    void shouldNoticeRequestsForAnEjectedServerThatDoNotFailAtOnce() {
        assertEquals(List.of(), unnoticed(scenario -> "fail_fast".equals(scenario.eject) && scenario.servers > 1,
            seed -> new Scenario(seed, "eject"), "which is not its own", "is ejected"));
    }

    /** Those that go to all servers, where the lane does not refuse them. */
    @Test
    void shouldNoticeBytesForAnEjectedServer() {
        List<String> unnoticed = unnoticed(scenario -> "fail_fast".equals(scenario.eject) && scenario.memcached
            && scenario.servers > 1, seed -> new Scenario(seed, "eject"), "bytes though it is ejected");
        assertEquals(List.of("redis: bytes though it is ejected"), unnoticed);
    }

    @Test
    void shouldNoticeKeysOnTheWrongServer() {
        assertEquals(List.of(), unnoticed(scenario -> scenario.servers > 2,
            seed -> new Scenario(seed, "distribution"), "which is not its own"));
    }

    @Test
    void shouldKnowWhichKeysMoveAndThatTheyComeBack() {
        Scenario scenario = new Scenario(1);
        long seed = 1;
        while (!"rehash".equals(scenario.eject) || scenario.servers < 3 || !scenario.distribution.equals("ketama")) {
            scenario = new Scenario(++seed);
        }
        RingHistory ring = new Simulation(scenario, false).ring();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            // the last bytes of a key change its fnv1a_64 by little
            keys.add(i + " is the number of a key");
            ring.begin(keys.getLast());
        }
        int out = ring.owner("fresh");
        ring.change(Set.of(out));
        int moved = 0;
        for (String key : keys) {
            moved += ring.isMoved(key) ? 1 : 0;
            assertTrue(ring.isMoved(key) || ring.owner(key) != out, key);
            assertTrue(ring.mayServe(ring.owner(key), key), "by what the lane had taken before");
        }
        assertTrue(moved > 0 && moved < keys.size(), moved + " keys");
        ring.taken();
        ring.begin("fresh");
        assertTrue(!ring.mayServe(out, "fresh") && !ring.isMoved("fresh"));
        assertNull(ring.change(Set.of()));
        ring.taken();
        ring.begin("fresh again");
        assertTrue(ring.mayServe(ring.owner("fresh again"), "fresh again") && !ring.isMoved("fresh again"));
    }
}
