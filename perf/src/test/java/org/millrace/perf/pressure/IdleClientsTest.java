package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.perf.server.ProxyYaml;

/** The idle crowd comes, is counted and goes; what it costs this JVM, which holds both sides, says nothing. */
@Timeout(60)
class IdleClientsTest {
    @Test
    void shouldMeasureBothCrowds() throws Exception {
        IdleClients idle = new IdleClients(new IdleOptions(50, 0, 1_000_000, 1L << 40), Quiet.stream());
        idle.run("Millrace", InProcessProxy::start, new ProxyYaml(), true);
        String report = idle.report();
        assertTrue(idle.isKept(), report);
        assertTrue(report.contains("| 50, idle from the start "), report);
        assertTrue(report.contains("| 50, a SET and a GET each, then idle "), report);
        assertTrue(idle.json().toString().contains("\"used_before\": true"), idle.json().toString());
    }

    @Test
    void shouldJudgeByMemoryAndHeapTogether() {
        IdleResult result = new IdleResult("Millrace", false, 10, 1000, 500, 0, true, 149);
        assertEquals(150, result.bytesEach());
        assertFalse(result.isKept());
        assertTrue(new IdleResult("other", false, 10, 1000, 500, 0, false, 149).isKept());
    }
}
