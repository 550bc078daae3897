package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What the outside reads: the JSON of the stats port and INFO. */
class ReportsTest {
    private final Reloads reloads = new Reloads();

    private static final String SERVER = "{\"server_eof\":0, \"server_err\":0, \"server_timedout\":0, "
        + "\"server_connections\":%d, \"server_ejected_at\":0, \"requests\":%d, \"request_bytes\":%d, "
        + "\"responses\":%d, \"response_bytes\":%d, \"in_queue\":0, \"in_queue_bytes\":0, \"out_queue\":0, "
        + "\"out_queue_bytes\":0}";

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWriteTheStatsAsTwemproxyDoes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String get = request("GET", lane.keyOn(1));
            lane.send(client, get);
            lane.reply(1, "$5\r\nvalue\r\n");
            lane.after(2);
            String json = report(lane, true);
            String wanted = "\\{\"service\":\"nutcracker\", \"source\":\"[^\"]+\", \"version\":\"0.1.0\", "
                + "\"uptime\":[0-9]+, \"timestamp\":[0-9]{10,}, \"total_connections\":3, \"curr_connections\":3, ";
            String pool = "\"alpha\": {\"client_eof\":0, \"client_err\":0, \"client_connections\":1, "
                + "\"server_ejects\":0, \"forward_error\":0, \"fragments\":0, "
                + "\"127.0.0.1:7000\": " + SERVER.formatted(0, 0, 0, 0, 0) + ","
                + "\"127.0.0.1:7001\": " + SERVER.formatted(1, 1, get.length(), 1, 11) + "}";
            int at = json.indexOf(pool);
            assertTrue(at > 0, json);
            String head = json.substring(0, at);
            assertTrue(head.matches(wanted), head);
            String own = json.substring(at + pool.length());
            assertTrue(own.matches(",\"millrace\": \\{\"ready\":true, \"max_memory\":[0-9]{7,}, "
                + "\"memory_in_use\":[0-9]+, \"memory_reserved\":[0-9]+, \"log_lines_lost\":0, "
                + "\"lanes\":\\[\\{\"clients\":1, \"busy\":0.00, \"requests_per_second\":0, "
                + "\"moved_in\":0, \"moved_out\":0, \"moves_refused\":0, "
                + "\"moderated\":false, \"open\":true}], .*}}\n"), own);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCountTheFragmentsOfSplitRequests(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(3).start(mode)) {
            FakeConnection client = lane.connect();
            String first = lane.keyOn(0);
            lane.send(client, request("GET", first) + request("MGET", first, first));
            lane.reply(0, "$-1\r\n*2\r\n$-1\r\n$-1\r\n");
            lane.after(2);
            assertTrue(report(lane, true).contains("\"fragments\":0, "), "what goes to one server is not split");
            lane.send(client, request("MGET", first, lane.keyOn(2)));
            lane.reply(0, "*1\r\n$-1\r\n");
            lane.reply(2, "*1\r\n$-1\r\n");
            lane.send(client, request("DEL", lane.keyOn(2), lane.keyOn(1), first, first));
            for (int server = 0; server < 3; server++) {
                lane.reply(server, ":1\r\n");
            }
            lane.after(2);
            assertTrue(report(lane, true).contains("\"fragments\":5, "), report(lane, true));
        }
    }

    @Test
    void shouldSayInTheStatsThatALaneDoesNotTurn() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            assertTrue(report(lane, true).contains("\"millrace\": {\"ready\":true, "));
            assertTrue(report(lane, false).contains("\"millrace\": {\"ready\":false, "));
        }
    }

    @Test
    void shouldTellOfReloads() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            InfoReport info = new InfoReport(lane.config(), totals(lane), state(true));
            assertTrue(info.text("millrace").contains("\r\nreloads:0\r\nreload_failures:0\r\nlast_reload:none\r\n"
                + "last_reload_at:1970-01-01T00:00:00Z\r\n"), info.text("millrace"));
            assertTrue(report(lane, true).endsWith("\"reloads\":0, \"reload_failures\":0, \"last_reload\":\"none\", "
                + "\"last_reload_at\":0}}\n"), report(lane, true));
            reloads.succeeded(2);
            assertTrue(info.text("millrace").contains("\r\nreloads:1\r\nreload_failures:0\r\nlast_reload:ok\r\n"));
            reloads.succeeded(0);
            assertTrue(info.text("millrace").contains("\r\nlast_reload:ok, nothing has changed\r\n"));
            reloads.failed("a.yml: two errors\r\na.yml:1:1: this");
            assertTrue(info.text("millrace").contains("\r\nreloads:2\r\nreload_failures:1\r\n"
                + "last_reload:failed: a.yml: two errors\r\nlast_reload_at:2"), info.text("millrace"));
            assertTrue(report(lane, true).contains("\"reloads\":2, \"reload_failures\":1, \"last_reload\":\"failed\", "
                + "\"last_reload_at\":1"), report(lane, true));
            reloads.failed(null);
            assertTrue(info.text("millrace").contains("\r\nlast_reload:failed: null\r\n"));
        }
    }

    @Test
    void shouldWriteJsonThatParses() {
        try (LaneHarness lane = LaneSpec.lane().servers(3).start(LaneMode.FUSED)) {
            lane.send(lane.connect(), request("PING"));
            String json = report(lane, true);
            Map<?, ?> top = (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
            assertEquals(List.of("service", "source", "version", "uptime", "timestamp", "total_connections",
                "curr_connections", "alpha", "millrace"), new ArrayList<Object>(top.keySet()));
            Map<?, ?> pool = (Map<?, ?>) top.get("alpha");
            assertEquals(1, pool.get("client_connections"));
            assertEquals(9, pool.size());
        }
    }

    @Test
    void shouldKeepCountingConnectionsThatHaveEnded() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            lane.server(0).link().end(org.millrace.io.CloseCause.PEER_CLOSED);
            client.end(org.millrace.io.CloseCause.RESET);
            lane.settle();
            String json = report(lane, true);
            assertTrue(json.contains("\"total_connections\":3, \"curr_connections\":1, "), json);
        }
    }

    @Test
    void shouldHaveTheSectionsOfInfo() {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(LaneMode.FUSED)) {
            lane.send(lane.connect(), request("PING"));
            boolean[] ready = {true};
            InfoReport info = new InfoReport(lane.config(), totals(lane),
                new ProcessState("0.1.0", () -> ready[0], reloads, () -> 3, () -> 2));
            List<String> all = List.of("# Server", "# Clients", "# Memory", "# Stats", "# Millrace", "# Lanes",
                "# Pools", "# Servers", "# Latency");
            for (String wanted : List.of("", "all", "default", "memory all")) {
                assertEquals(all, sections(info.text(wanted)), wanted);
            }
            assertEquals("# Links", sections(info.text("everything")).getLast());
            assertEquals(List.of("# Clients", "# Stats"), sections(info.text("stats clients")));
            assertEquals("", info.text("nosuch"));
            String text = info.text("");
            for (String line : List.of("redis_version:7.2.0", "redis_mode:standalone", "millrace_version:0.1.0",
                "connected_clients:1", "total_commands_processed:1", "local_answers:1", "ready:1", "lanes:1",
                "lanes_open:1", "lane_0:clients=1,busy=0.00,requests_per_second=0,moved_in=0,"
                + "moved_out=0,moves_refused=0,moderated=0,open=1",
                "control_queue_full:3", "control_reports_held:2",
                    "client_half_ring_full:0", "server_half_late_replies:0",
                "pool_alpha_127.0.0.1:7001:requests=0,responses=0,connections=0,in_queue=0,in_queue_bytes=0,"
                    + "out_queue=0,out_queue_bytes=0")) {
                assertTrue(text.contains("\r\n" + line + "\r\n"), line + " is not in\n" + text);
            }
            for (String line : text.split("\r\n")) {
                assertFalse(line.contains("\n"), line);
                assertTrue(line.isEmpty() || line.startsWith("# ") || line.contains(":"), line);
            }
            ready[0] = false;
            assertTrue(info.text("millrace").contains("\r\nready:0\r\n"));
        }
    }

    /** A server without a name of its own has one with a colon. */
    @Test
    void shouldTellTheSameAsStatisticsOfMemcached() {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(LaneMode.FUSED)) {
            String stats = new InfoReport(lane.config(), totals(lane), state(true)).statistics();
            for (String line : List.of("STAT lanes 1", "STAT ready 1",
                "STAT pool_alpha_127.0.0.1:7001 requests=0,responses=0,connections=0,in_queue=0,in_queue_bytes=0,"
                    + "out_queue=0,out_queue_bytes=0")) {
                assertTrue(stats.contains("\r\n" + line + "\r\n"), line + " is not in\n" + stats);
            }
            assertTrue(stats.contains("\r\nSTAT server_alpha_127.0.0.1:7001 state=live,"), stats);
            assertTrue(stats.endsWith("\r\nEND\r\n"), stats);
            assertFalse(stats.contains("#"), stats);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldShowHowEachLinkIs(LaneMode mode) {
        LaneSpec spec = LaneSpec.lane().servers(2).pool("server_connections", 2).pool("server_max_queue", 2);
        try (LaneHarness lane = spec.start(mode)) {
            String get = request("GET", lane.keyOn(1));
            lane.send(lane.connect(), get.repeat(3));
            lane.after(2);
            String text = new InfoReport(lane.config(), totals(lane), state(true)).text("links");
            assertEquals("# Links\r\n"
                + link(7000, 0, "open=0,parked=0,parked_bytes=0,in_flight=0,in_flight_bytes=0")
                + link(7000, 1, "open=0,parked=0,parked_bytes=0,in_flight=0,in_flight_bytes=0")
                + link(7001, 0, "open=1,parked=1,parked_bytes=" + get.length() + ",in_flight=2,in_flight_bytes="
                    + 2 * get.length())
                + link(7001, 1, "open=0,parked=0,parked_bytes=0,in_flight=0,in_flight_bytes=0"), text);
            lane.reply(1, "+a\r\n+b\r\n+c\r\n");
        }
    }

    private static String link(int port, int index, String gauges) {
        return "link_alpha_127.0.0.1:" + port + "_lane0_" + index + ':' + gauges
            + ",in_flight_max=2,unsent_bytes=0,held=0,borrowed=0,guests=0\r\n";
    }

    private String report(LaneHarness lane, boolean ready) {
        EventLog log = new EventLog(new ByteArrayOutputStream());
        return new StatsReport(totals(lane), state(ready), log).json();
    }

    private ProcessState state(boolean ready) {
        return new ProcessState("0.1.0", () -> ready, reloads, () -> 0, () -> 0);
    }

    private static List<String> sections(String text) {
        return Arrays.stream(text.split("\r\n")).filter(line -> line.startsWith("#")).toList();
    }

    private static Totals totals(LaneHarness lane) {
        return new Totals(List.of(new LaneHandle(lane.lane(), lane.commands(), List.of(), List.of(lane.transport()))));
    }
}
