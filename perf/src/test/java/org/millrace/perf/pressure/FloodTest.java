package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.perf.server.ProxyYaml;

/** The flood floods, measures and judges. */
@Timeout(60)
class FloodTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldFloodInEachWayAndTellWhatWasSent() throws Exception {
        Flood flood = new Flood(options(List.of(FloodKind.values()), Integer.MAX_VALUE), Quiet.stream());
        flood.run("Millrace fused", InProcessProxy::start, new ProxyYaml(), true);
        String report = flood.report();
        assertTrue(flood.isKept(), report);
        assertTrue(report.contains("| 100,000 SETs of 52 bytes  | Millrace fused | 3,000 "), report);
        assertTrue(report.contains("SETs and GETs without end"), report);
        assertTrue(flood.json().toString().contains("\"GETS\", \"requests\": 3000"), flood.json().toString());
    }

    @Test
    void shouldBlameAProxyThatKeepsWhatItTook() throws Exception {
        Flood flood = new Flood(options(List.of(FloodKind.SETS), -1_000_000_000_000L), Quiet.stream());
        flood.run("Millrace", InProcessProxy::start, new ProxyYaml(), true);
        assertFalse(flood.isKept());
        assertTrue(flood.report().contains("| NO "), flood.report());
    }

    @Test
    void shouldSendRequestsOfTheStatedSize() {
        assertEquals(52, FloodKind.SETS.request(7).length());
        assertEquals(52 * 10, FloodKind.SETS.batch(0, 10).length);
    }

    private static FloodOptions options(List<FloodKind> kinds, long backBytes) {
        return new FloodOptions(kinds, 3000, 200 * MS, 200 * MS, 300 * MS, 0, Integer.MAX_VALUE, backBytes,
            Integer.MAX_VALUE);
    }
}
