package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.perf.client.SimpleClient;
import org.millrace.perf.server.ProxyYaml;

/** The overload offers more than the server's rate, and the server keeps to its rate. */
@Timeout(60)
class OverloadTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldMeasureBelowAndAboveTheServersRate() throws Exception {
        Overload overload = new Overload(new OverloadOptions(500, new double[] {3, 0.5}, 10, 4, 100 * MS, 500 * MS,
            5000, 0, 0.2), Quiet.stream());
        overload.run(InProcessProxy::start, new ProxyYaml());
        String report = overload.report();
        assertTrue(report.contains("| 0.5 x | 250 "), report);
        assertTrue(report.contains("| 3.0 x | 1,500 "), report);
        assertTrue(overload.isKept(), report);
        assertEquals(List.of("timeout"), List.copyOf(overload.drawings().keySet()));
        assertTrue(overload.json().toString().contains("\"part\": \"timeout\""), overload.json().toString());
    }

    @Test
    void shouldAnswerAsARedisServerDoesButNoFasterThanTheRate() throws Exception {
        try (RateLimitedServer server = new RateLimitedServer(1000);
            SimpleClient client = new SimpleClient(new InetSocketAddress("127.0.0.1", server.port()), 5000)) {
            assertEquals("PONG", client.call("PING"));
            assertEquals("OK", client.call("SET", "k", "v"));
            assertEquals(20, client.call("GET", "k").length());
            long beganNs = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                client.out().array(2).bulk("GET").bulk("k");
            }
            client.flush();
            for (int i = 0; i < 200; i++) {
                assertTrue(client.read().isBulk());
            }
            long tookMs = (System.nanoTime() - beganNs) / MS;
            assertTrue(tookMs >= 180, "200 answers at 1000/s within " + tookMs + " ms");
            assertEquals(203, server.answered());
        }
    }
}
