package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** What a proxy says of latency is what its clients see, and it is put where it arises. */
@Timeout(60)
class LatencyTest {
    private static final int REQUESTS = 40;
    private static final int LARGE = 500_000;
    /** More than the system takes for a client that does not read. */
    private static final int PAUSED_REPLIES = 30;
    private static final int PAUSE_MS = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Each is shown so much too great at most. */
    private static final double ERROR = 0.01;
    /** What lies between a client and the proxy, and between the proxy and a server, on a busy machine. */
    private static final long SLACK_US = 8_000;
    /** So many of a hundred may have been held up for longer between a client and the proxy. */
    private static final double HELD_UP = 5;

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
                info[0] = LatencyInfo.of(client);
                return info[0].contains("latency_pool_test_request_string:count=" + (REQUESTS + 1) + ",")
                    && info[0].contains("latency_server_test_s1_server:count=" + (REQUESTS + 1) + ",");
            });
            for (String percentile : new String[] {"50", "90", "99"}) {
                double rank = Double.parseDouble(percentile);
                long seen = seenUs.getValueAtPercentile(rank);
                long surely = seenUs.getValueAtPercentile(rank - HELD_UP);
                long request = LatencyInfo.us(info[0], "pool_test_request_string", percentile);
                long server = LatencyInfo.us(info[0], "server_test_s1_server", percentile);
                // the way of each request through the proxy lies within what its client sees
                assertTrue(request <= seen * (1 + ERROR) + 10, request + " us of " + seen + ", p" + percentile);
                assertTrue(request >= surely * (1 - ERROR) - SLACK_US,
                    request + " us of " + surely + ", p" + percentile);
                assertEquals(request, server, request * 2 * ERROR + SLACK_US, "the delay is the server's");
            }
            for (String stage : new String[] {"link_wait", "order_wait", "client_write"}) {
                assertTrue(LatencyInfo.us(info[0], "pool_test_" + stage, "90") < SLACK_US, stage + " in " + info[0]);
            }
        }
    }

    /** Its replies are there, and it takes them after a pause that is known: the requests were not slow, it was. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldPutTheSlownessOfAPausedClientAtClientWrite(LaneKind kind) throws IOException {
        try (ProxyKit kit = ProxyKit.with(kind).servers(2).limit("client_max_output", "64mb")
            .limit("client_max_expected", "64mb").start()) {
            RawClient reader = kit.client();
            RawClient other = kit.client();
            String key = kit.keyOn(0, "large", 0);
            other.expect("+OK\r\n", "SET", key, "v".repeat(LARGE));
            reader.send(Resp.text(Resp.request("GET", key)).repeat(PAUSED_REPLIES)
                .getBytes(StandardCharsets.US_ASCII));
            Await.until(() -> "replies", LIMIT, () -> kit.lane().server().state().entriesInUse() == 0
                && kit.lane().client().state().exchanges().inUse() == 0
                && requests(kit) == PAUSED_REPLIES + 1);
            kit.direct(1).expect("+OK\r\n", "CLIENT", "PAUSE", Integer.toString(PAUSE_MS));
            other.expect("$-1\r\n", "GET", kit.keyOn(1, "absent", 0));
            reader.replies(PAUSED_REPLIES);
            String[] info = {""};
            // the greatest: asking again and again adds many that are small
            Await.until(() -> info[0], LIMIT, () -> {
                info[0] = LatencyInfo.of(other);
                return info[0].contains("latency_pool_test_client_write:")
                    && LatencyInfo.mostUs(info[0], "pool_test_client_write") >= PAUSE_MS * 1_000 * (1 - ERROR);
            });
            assertTrue(LatencyInfo.mostUs(info[0], "server_test_s1_server") < PAUSE_MS * 500,
                "not the server's: " + info[0]);
            assertTrue(LatencyInfo.mostUs(info[0], "pool_test_order_wait") < PAUSE_MS * 500,
                "nor the order's: " + info[0]);
            kit.assertQuiet();
        }
    }

    private static long requests(ProxyKit kit) {
        return kit.lane().client().state().counters().get(ClientHalfCounter.REQUESTS);
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
                assertTrue(get(http, millrace, "/stats", "*/*").body().contains("\"slow_log\":["));
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
