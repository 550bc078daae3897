package org.millrace.engine.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The picture that the console draws of two samples. */
class ScreenTest {
    private static final long S = 1_000_000_000;

    private final Screen screen = new Screen(200);

    private static Sample sample(long atNs, long uptime, long requests, boolean isReady, String ejected) {
        return new Sample(atNs, JsonReader.read("""
            {"service":"nutcracker", "source":"db-7", "version":"0.1.0", "uptime":%d,
             "alpha": {"client_connections":1200,
             "server_ejects":3, "forward_error":%d, "client_eof":0, "client_err":0,
             "10.0.0.1:6379:1": {"requests":%d, "responses":%d, "request_bytes":%d,
              "response_bytes":0,
              "server_connections":2, "in_queue":1, "out_queue":7,
              "server_eof":0, "server_err":0, "server_timedout":%d},
             "10.0.0.2:6379:1": {"requests":0}},
             "millrace": {"ready":%s, "max_memory":1073741824, "memory_in_use":268435456, "memory_reserved":1048576,
              "lanes":[{"clients":1200, "busy":0.5, "requests_per_second":999, "moderated":true, "open":true},
                       {"clients":0, "busy":0, "requests_per_second":0, "moderated":false, "open":false}],
              "latency":{"recorded":true, "histograms_refused":0,
               "pool_alpha_request":{"count":9, "p50_us":80, "p90_us":150, "p99_us":1210, "p99.9_us":2000,
                "p99.99_us":3000, "max_us":1234567},
               "pool_alpha_request_read":{"count":9, "p99_us":5},
               "pool_alpha_server":{"count":9, "p99_us":1190},
               "pool_alpha_order_wait":{"count":9, "p99_us":0},
               "pool_alpha_client_write":{"count":0, "p99_us":7}},
              "ejected":[%s]}}
            """.formatted(uptime, requests / 10, requests, requests, requests * 1000, requests / 100,
            isReady, ejected)));
    }

    @Test
    void shouldDrawRatesBetweenTwoSamples() {
        List<String> lines = screen.lines(sample(0, 10, 0, true, ""), sample(2 * S, 90_061, 4000, true, ""));
        assertEquals(List.of(
            "Millrace 0.1.0 on db-7, up 1 d 01:01:01, ready",
            "memory   [#####...............]  25 %  256 of 1,024 MiB, 1 set aside",
            "lane 0   [##########..........]  50 %  1,200 clients, 999 requests/s, gathers",
            "lane 1   [....................]   0 %  rests",
            "",
            "pool alpha: 1,200 clients, 2,000 requests/s to servers  \u2588",
            "  200 errors/s, 0 clients gone/s, 3 ejections",
            "  latency in ms: p50 0.08  p90 0.15  p99 1.21  p99.9 2.00  p99.99 3.00  max 1,234.57",
            "  99 % wait at most: at the server 1.19, for earlier replies 0.00",
            "  server                   requests/s  replies/s     MB/s     back  links in queue out queue faults/s",
            "  10.0.0.1:6379:1               2,000      2,000      2.0      0.0      2        1         7     20.0",
            "  10.0.0.2:6379:1                   0          0      0.0      0.0      0        0         0      0.0"),
            lines);
    }

    @Test
    void shouldSayWhatIsWrong() {
        List<String> lines = screen.lines(sample(0, 10, 0, true, ""), sample(S, 11, 0, false,
            "\"alpha/10.0.0.2:6379:1\""));
        assertTrue(lines.getFirst().endsWith("NOT READY"), lines.getFirst());
        assertTrue(lines.getLast().endsWith("EJECTED"), lines.getLast());
        assertFalse(lines.get(lines.size() - 2).contains("EJECTED"), lines.toString());
    }

    @Test
    void shouldCountAProcessThatBeganAnewFromZero() {
        List<String> lines = screen.lines(sample(0, 1000, 50_000, true, ""), sample(S, 1, 100, true, ""));
        assertTrue(lines.get(5).contains(" 100 requests/s"), lines.get(5));
    }

    @Test
    void shouldDrawTheLastRatesAsBars() {
        for (int i = 0; i < 100; i++) {
            screen.lines(sample(i * S, 10 + i, i * 1000, true, ""), sample((i + 1) * S, 11 + i, i * 1000 + i * 10, true,
                ""));
        }
        String line = screen.lines(sample(0, 1, 0, true, ""), sample(S, 2, 495, true, "")).get(5);
        String bars = line.substring(line.indexOf("servers") + 9);
        assertEquals(History.LENGTH, bars.length());
        // of 710 to 990 and now 495
        assertEquals('\u2588', bars.charAt(History.LENGTH - 2));
        assertEquals('\u2584', bars.charAt(History.LENGTH - 1));
    }

    @Test
    void shouldCutLinesAtTheWidth() {
        for (String line : new Screen(40).lines(sample(0, 10, 0, true, ""), sample(S, 11, 5, true, ""))) {
            assertTrue(line.length() <= 40, line);
        }
    }

    @Test
    void shouldDrawWhatTwemproxyTells() {
        Sample twemproxy = new Sample(0, JsonReader.read("{\"service\":\"nutcracker\", \"source\":\"a\", "
            + "\"version\":\"0.5.0\", \"uptime\":1, \"beta\": {\"client_connections\":1}}"));
        assertEquals("pool beta: 1 clients, 0 requests/s to servers   ", screen.lines(twemproxy, twemproxy).get(2));
    }

    @Test
    void shouldRefuseOtherJson() {
        assertThrows(IllegalArgumentException.class, () -> new Sample(0, JsonReader.read("{\"a\":1}")));
        assertThrows(IllegalArgumentException.class, () -> new Sample(0, JsonReader.read("[]")));
    }
}
