package org.millrace.engine.control.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.millrace.engine.kit.Resp.request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.ProcessState;
import org.millrace.engine.control.Reloads;
import org.millrace.engine.control.StatsPages;
import org.millrace.engine.control.Totals;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.latency.HistogramRoom;

/** What lanes record is added up, shown in the form of Prometheus, and forgotten with its pool. */
@Timeout(60)
class MetricsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final LatencyTotals latency = new LatencyTotals(false);

    private static List<LaneHandle> handles(LaneHarness lane) {
        return List.of(new LaneHandle(lane.lane(), lane.commands(), List.of(), List.of(lane.transport())));
    }

    private MetricsReport report(LaneHarness lane) {
        return new MetricsReport(new Totals(handles(lane)),
            new ProcessState("0.1.0", () -> true, new Reloads(), () -> 0, () -> 0),
            new EventLog(new ByteArrayOutputStream()), latency, new HistogramRoom(1000),
            new MetricsReport.Latenesses() {
                @Override
                public long stalls(int each) {
                    return 3;
                }

                @Override
                public long logErrors() {
                    return 0;
                }
            }, "nio");
    }

    /** A request that takes 40 ms, and one of another family that takes none. */
    private void serve(LaneHarness lane) {
        FakeConnection client = lane.connect();
        lane.send(client, request("GET", "k"));
        lane.after(40);
        lane.reply(0, "$-1\r\n");
        lane.send(client, request("PING"));
        client.take();
    }

    private void merge(LaneHarness lane) {
        LatencyMerge merge = new LatencyMerge(handles(lane), latency);
        merge.look(1, lane.lane().snapshot());
        lane.settle();
        merge.look(2, lane.lane().snapshot());
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldShowWhatLanesHaveRecorded(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            serve(lane);
            merge(lane);
            String text = report(lane).text(false);
            for (String line : List.of(
                "millrace_build_info{version=\"0.1.0\",transport=\"nio\",java=\"" + Runtime.version() + "\"} 1",
                "millrace_request_duration_seconds_bucket{pool=\"alpha\",family=\"string\",le=\"0.025\"} 0",
                "millrace_request_duration_seconds_bucket{pool=\"alpha\",family=\"string\",le=\"0.05\"} 1",
                "millrace_request_duration_seconds_bucket{pool=\"alpha\",family=\"string\",le=\"+Inf\"} 1",
                "millrace_request_duration_seconds_bucket{pool=\"alpha\",family=\"connection\",le=\"0.00005\"} 1",
                "millrace_request_duration_seconds_count{pool=\"alpha\",family=\"string\"} 1",
                "millrace_stage_duration_seconds_bucket{pool=\"alpha\",stage=\"server\",le=\"0.025\"} 0",
                "millrace_stage_duration_seconds_count{pool=\"alpha\",stage=\"order_wait\"} 2",
                "millrace_server_duration_seconds_count{pool=\"alpha\",server=\"127.0.0.1:7000\"} 1",
                "millrace_server_requests_total{pool=\"alpha\",server=\"127.0.0.1:7000\"} 1",
                "millrace_client_half_requests_total 2", "millrace_client_half_clients 1",
                "millrace_pool_client_connections{pool=\"alpha\"} 1", "millrace_lane_stalls_total{lane=\"0\"} 3",
                "millrace_turn_requests_count{lane=\"0\"} 2")) {
                assertTrue(text.contains('\n' + line + '\n'), line + " is not in\n" + text);
            }
            assertEquals(0.040, value(text, "millrace_request_duration_percentile_seconds{pool=\"alpha\","
                + "percentile=\"99\"}"), 0.0005);
            assertEquals(0.040, value(text, "millrace_request_duration_seconds_sum{pool=\"alpha\",family=\"string\"}"),
                0.0005);
            String info = new LatencyLines(latency, new HistogramRoom(1), true).info();
            assertTrue(info.startsWith("latency_recorded:1\r\nlatency_histograms_refused:0\r\n"), info);
            assertTrue(info.contains("\r\nlatency_pool_alpha_request_string:count=1,p50_us="), info);
            assertTrue(info.contains("\r\nlatency_server_alpha_127.0.0.1:7000_server:count=1,p50_us="), info);
        }
    }

    private static double value(String text, String sample) {
        Matcher found = Pattern.compile('\n' + Pattern.quote(sample) + " (\\S+)\n").matcher(text);
        assertTrue(found.find(), sample + " is not in\n" + text);
        return Double.parseDouble(found.group(1));
    }

    /** promtool refuses what Prometheus would not take, and tells of names that are not by its conventions. */
    @Test
    void shouldPassPromtool() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/promtool")), "promtool is missing (package prometheus)");
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(LaneMode.FUSED)) {
            serve(lane);
            merge(lane);
            Process promtool = new ProcessBuilder("/usr/bin/promtool", "check", "metrics").redirectErrorStream(true)
                .start();
            promtool.getOutputStream().write(report(lane).text(false).getBytes(StandardCharsets.UTF_8));
            promtool.getOutputStream().close();
            String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, promtool.waitFor(), said);
            assertEquals("", said);
        }
    }

    @Test
    void shouldWriteTheFormOfOpenMetrics() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            serve(lane);
            merge(lane);
            String text = report(lane).text(true);
            assertTrue(text.endsWith("\n# EOF\n"), text);
            assertTrue(text.contains("\n# TYPE millrace_reloads counter\nmillrace_reloads_total 0\n"), text);
            assertTrue(text.contains("# TYPE millrace_build info\nmillrace_build_info{"), text);
            assertTrue(text.contains("\n# UNIT millrace_request_duration_seconds seconds\n"), text);
            assertTrue(text.contains(",le=\"1.0\"} "), text);
            assertFalse(text.contains("\n# TYPE millrace_reloads_total"), text);
        }
    }

    @Test
    void shouldExplainEveryMetricInTheManual() throws IOException {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            Path root = Path.of("").toAbsolutePath();
            while (!Files.exists(root.resolve("docs/METRICS.md"))) {
                root = root.getParent();
            }
            String manual = Files.readString(root.resolve("docs/METRICS.md"));
            List<String> missing = new ArrayList<>();
            Matcher names = Pattern.compile("(?m)^# TYPE (\\S+) ").matcher(report(lane).text(false));
            while (names.find()) {
                if (!manual.contains('`' + names.group(1) + '`')) {
                    missing.add(names.group(1));
                }
            }
            assertEquals(List.of(), missing);
        }
    }

    @Test
    void shouldForgetPoolsThatAreGoneOnceTheirValuesAreOld() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            serve(lane);
            merge(lane);
            int rows = latency.rows().size();
            latency.look(0, key -> false);
            latency.look(29 * SECOND_NS, key -> false);
            assertEquals(rows, latency.rows().size());
            assertEquals(1, count(true));
            latency.look(31 * SECOND_NS, key -> true);
            assertEquals(1, count(true), "values are old after a minute at most");
            latency.look(62 * SECOND_NS, key -> true);
            assertEquals(0, count(true));
            assertEquals(1, count(false), "since the start");
            latency.look(93 * SECOND_NS, key -> false);
            assertEquals(0, latency.rows().size());
        }
    }

    private long count(boolean recent) {
        LatencyRow row = latency.rows().stream().filter(each -> "string".equals(each.key().detail())).findFirst()
            .orElseThrow();
        return recent ? row.recentCount() : row.count();
    }

    @Test
    void shouldTellWhetherTheProcessIsWell() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            boolean[] state = {true, true, false};
            Pages pages = new Pages(() -> "{}", report(lane),
                new Readiness(() -> state[0], () -> state[1], () -> state[2]));
            assertEquals("ok\n", pages.page("/healthz", "").text());
            assertEquals(new StatsPages.Page("200 OK", "text/plain; charset=utf-8", "ok\n"),
                pages.page("/readyz", ""));
            state[2] = true;
            assertEquals("503 Service Unavailable", pages.page("/readyz", "").status());
            assertEquals("it is stopping\n", pages.page("/readyz", "").text());
            assertEquals("200 OK", pages.page("/healthz", "").status(), "who stops is alive");
            state[0] = false;
            state[1] = false;
            assertEquals("503 Service Unavailable", pages.page("/healthz", "").status());
            assertEquals(3, pages.page("/readyz", "").text().lines().count());
            assertEquals("text/plain; version=0.0.4; charset=utf-8", pages.page("/metrics", "*/*").type());
            assertTrue(pages.page("/metrics", "application/openmetrics-text;version=1.0.0,*/*;q=0.1").type()
                .startsWith("application/openmetrics-text; version=1.0.0"));
            assertNull(pages.page("/other", ""));
        }
    }
}
