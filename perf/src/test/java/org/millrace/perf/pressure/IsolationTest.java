package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.perf.server.ProxyYaml;

/** The isolation runs its pairs and draws; ratios of so short runs say nothing and are not looked at. */
@Timeout(60)
class IsolationTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldMeasureWithAndWithoutAHungServer() throws Exception {
        Isolation isolation = run("hung-server", 200);
        String report = isolation.report();
        assertTrue(isolation.isKept(), report);
        assertTrue(report.contains("0 replies wrong or out of place"), report);
        assertTrue(report.contains("failed requests: 0"), report);
        assertTrue(isolation.json().toString().startsWith("{\"kept\": true"), isolation.json().toString());
    }

    @Test
    void shouldMeasureWithAndWithoutAMuteClient() throws Exception {
        Isolation isolation = run("mute-client", 10_000);
        assertTrue(isolation.isKept(), isolation.report());
        Map<String, String> drawings = isolation.drawings();
        assertEquals(List.of("mute-client"), List.copyOf(drawings.keySet()));
        drawings.values().forEach(each -> assertTrue(each.contains("with the fault"), each));
    }

    private static Isolation run(String fault, int timeoutMs) throws Exception {
        Isolation isolation = new Isolation(new IsolationOptions(List.of(fault), 1, 300 * MS, 50 * MS, 400, 4, 50,
            timeoutMs, 1e9), Quiet.stream());
        isolation.run(InProcessProxy::start, new ProxyYaml(), false);
        return isolation;
    }
}
