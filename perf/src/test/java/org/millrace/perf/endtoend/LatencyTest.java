package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** What a proxy says of latency is what its clients see, and it is put where it arises. */
@Timeout(60)
class LatencyTest {
    private static final int REQUESTS = 40;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Each is shown so much too great at most. */
    private static final double ERROR = 0.01;
    /** What lies between a client and the proxy, and between the proxy and a server, on a busy machine. */
    private static final long SLACK_US = 8_000;

    @TempDir
    private Path folder;

    /** A server that pauses for 5 to 44 ms before each answer. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAgreeWithTheClientsView(LaneKind kind) throws IOException {
        try (ProxyKit kit = ProxyKit.with(kind).servers(1).start()) {
            RawClient client = kit.client();
            RawClient direct = kit.direct(0);
            client.expect("$-1\r\n", "GET", "k");
            Histogram seenUs = new Histogram(3);
            seenUs.recordValue(1);
            for (int i = 0; i < REQUESTS; i++) {
                direct.expect("+OK\r\n", "CLIENT", "PAUSE", Integer.toString(5 + i));
                long beganNs = System.nanoTime();
                client.expect("$-1\r\n", "GET", "k");
                seenUs.recordValue((System.nanoTime() - beganNs) / 1000);
            }
            String[] info = {""};
            Await.until(() -> info[0], LIMIT, () -> {
                info[0] = info(client);
                return info[0].contains("latency_pool_test_request_string:count=" + (REQUESTS + 1) + ",")
                    && info[0].contains("latency_server_test_s1_server:count=" + (REQUESTS + 1) + ",");
            });
            for (String percentile : new String[] {"50", "90", "99"}) {
                long seen = seenUs.getValueAtPercentile(Double.parseDouble(percentile));
                long request = us(info[0], "pool_test_request_string", percentile);
                long server = us(info[0], "server_test_s1_server", percentile);
                // the way of each request through the proxy lies within what its client sees
                assertTrue(request <= seen * (1 + ERROR) + 10, request + " us of " + seen + ", p" + percentile);
                assertTrue(request >= seen * (1 - ERROR) - SLACK_US, request + " us of " + seen + ", p" + percentile);
                assertEquals(request, server, request * 2 * ERROR + SLACK_US, "the delay is the server's");
            }
            for (String stage : new String[] {"link_wait", "order_wait", "client_write"}) {
                assertTrue(us(info[0], "pool_test_" + stage, "90") < SLACK_US, stage + " in " + info[0]);
            }
        }
    }

    private static String info(RawClient client) {
        try {
            return client.call("INFO", "latency");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long us(String info, String what, String percentile) {
        Matcher found = Pattern.compile("\r\nlatency_" + what + ":[^\r]*,p" + percentile + "_us=(\\d+),").matcher(info);
        assertTrue(found.find(), what + " is not in " + info);
        return Long.parseLong(found.group(1));
    }

    @Test
    void shouldServeMetricsAndHealthAndWriteItsLogToTheEnd() throws Exception {
        Path file = folder.resolve("latency.hlog");
        int port = FreePort.find();
        try (LocalRedis server = LocalRedis.startAll(1).getFirst(); HttpClient http = HttpClient.newHttpClient()) {
            Millrace millrace = Millrace.start(ConfigReader.read("test.yml", "millrace:\n  latency_log: " + file
                + "\n  latency_log_interval: 3600000\ntest:\n  listen: 127.0.0.1:" + port
                + "\n  redis: true\n  servers:\n    - 127.0.0.1:" + server.port() + ":1 s1\n"),
                new StartOptions("127.0.0.1", -1));
            try (millrace; RawClient client = new RawClient(port)) {
                client.expect("$-1\r\n", "GET", "k");
                assertEquals("ok\n", get(http, millrace, "/healthz", "*/*").body());
                Await.until(() -> "not ready", LIMIT,
                    () -> get(http, millrace, "/readyz", "*/*").statusCode() == 200);
                Await.until(() -> "no request is shown", LIMIT, () -> get(http, millrace, "/metrics", "*/*").body()
                    .contains("millrace_request_duration_seconds_count{pool=\"test\",family=\"string\"} 1\n"));
                HttpResponse<String> open = get(http, millrace, "/metrics", "application/openmetrics-text");
                assertTrue(open.headers().firstValue("Content-Type").orElseThrow()
                    .startsWith("application/openmetrics-text; version=1.0.0"));
                assertTrue(open.body().endsWith("# EOF\n"));
                assertTrue(get(http, millrace, "/stats", "*/*").body().contains("\"pool_test_request\": {\"count\":1"));
                assertTrue(!Files.exists(file), "its first interval has not ended");
            }
        }
        assertTrue(Files.readString(file).contains("\nTag=pool_test_request_string,0.000,"), Files.readString(file));
    }

    private static HttpResponse<String> get(HttpClient http, Millrace millrace, String path, String accept) {
        URI uri = URI.create("http://127.0.0.1:" + millrace.statsPort() + path);
        try {
            return http.send(HttpRequest.newBuilder(uri).header("Accept", accept).build(),
                HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
