package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.perf.server.ProxyYaml;

/** A few seconds of chaos harm nobody, and what would be wrong is told from what a fault explains. */
@Timeout(120)
class ChaosTest {
    private static final long MS = 1_000_000;

    @ParameterizedTest
    @CsvSource({"fused, auto, 1", "split, auto, 2", "fused, nio, 3"})
    void shouldAnswerRightWhateverHappensToServers(String threads, String transport, long seed) throws Exception {
        Chaos chaos = new Chaos(new ChaosOptions(5_000 * MS, seed, 3, 6, 300, 3_000, 1_000 * MS), Quiet.stream());
        chaos.run(InProcessProxy::start, new ProxyYaml().engine("stage_threads", threads)
            .engine("transport", transport));
        assertTrue(chaos.isKept(), chaos.report());
        assertTrue(chaos.report().contains("left behind: nothing"), chaos.report());
        assertTrue(chaos.json().toString().contains("\"wrong\": 0"), chaos.json().toString());
    }

    @Test
    void shouldTellWrongValuesFromThoseThatAFaultExplains() throws Exception {
        try (ServerFaults faults = new ServerFaults(1, 5)) {
            ChaosKey key = new ChaosKey("k", 0, faults);
            assertTrue(key.allows(null), "never written");
            int first = key.nextVersion();
            int second = key.nextVersion();
            assertFalse(key.allows(key.value(first)), "neither acknowledged nor failed");
            long deaths = key.deaths();
            key.onWritten(first, deaths);
            assertTrue(key.allows(key.value(first)));
            assertFalse(key.allows(null), "its server has not died");
            assertFalse(key.allows("l:1:"), "another's value");
            assertFalse(key.allows("k:"));
            key.onWriteFailed(second);
            assertTrue(key.allows(key.value(first)), "the failed write may not have been done");
            assertTrue(key.allows(key.value(second)), "or it may");
            int third = key.nextVersion();
            key.onWritten(third, deaths);
            assertFalse(key.allows(key.value(first)), "overwritten");
            assertTrue(key.allows(key.value(second)), "a failed write may be done late");
            assertFalse(key.allows(key.value(third) + "x"));
            for (long nowNs = 1; key.deaths() == deaths; nowNs += 1_000 * MS) {
                faults.turn(nowNs);
            }
            assertTrue(key.allows(null), "its server has died since");
            faults.healAll();
            assertEquals("PONG", faults.servers().getFirst().call("PING"));
        }
    }

    @Test
    void shouldCountAnErrorThatNoFaultExplainsAsWrong() {
        ChaosStats stats = new ChaosStats();
        stats.error("ERR Connection refused");
        assertEquals(0, stats.wrong());
        stats.error("ERR unknown command 'GET'");
        assertEquals(1, stats.wrong());
        stats.sent();
        assertEquals(1, stats.unanswered());
        stats.answered(5 * MS, false, "GET k");
        assertEquals(0, stats.unanswered());
        assertEquals(1, stats.late());
    }
}
