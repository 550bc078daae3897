package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What is shipped for Prometheus and Grafana, with the real Prometheus and a proxy that serves. */
@Timeout(180)
class MonitoringTest {
    private static final Path SHIPPED = Path.of("..", "conf", "monitoring").toAbsolutePath().normalize();
    private static final Path ALERTS = SHIPPED.resolve("alerts.yml");
    private static final Path TESTS = Path.of("src", "test", "resources", "monitoring", "alerts-test.yml");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void shouldRaiseEachAlertWhenItIsDueAndOnlyThen() throws Exception {
        Files.copy(ALERTS, folder.resolve("alerts.yml"));
        Files.copy(TESTS, folder.resolve("alerts-test.yml"));
        run("promtool", "test", "rules", "alerts-test.yml");
    }

    @Test
    void shouldShipAConfigurationThatPrometheusTakes() throws Exception {
        run("promtool", "check", "config", SHIPPED.resolve("prometheus.yml").toString());
    }

    @Test
    void shouldFillEveryPanelOfTheDashboardAndRaiseNoAlert() throws Exception {
        List<LocalRedis> servers = LocalRedis.startAll(2);
        try (ProxyCommand proxy = new ProxyCommand(folder, "", servers)) {
            Process serving = proxy.serve(":");
            try (Prometheus prometheus = new Prometheus(folder, proxy.statsPort());
                RawClient client = new RawClient(proxy.port())) {
                // a panel shows collections of the heap, which a proxy may have none of for hours
                run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(serving.pid()),
                    "GC.run");
                for (String query : queries()) {
                    Await.until(() -> "no data for " + query, LIMIT, () -> {
                        traffic(client);
                        return !prometheus.query(query).isEmpty();
                    });
                }
                Await.until(() -> "not all alerts were looked at: " + prometheus.alerts(), LIMIT,
                    () -> prometheus.alerts().stream().allMatch(alert -> "ok".equals(alert.get("health"))));
                assertEquals(List.of(), prometheus.alerts().stream()
                    .filter(alert -> !"inactive".equals(alert.get("state"))).toList());
            }
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    private static void traffic(RawClient client) {
        try {
            for (int i = 0; i < 20; i++) {
                client.expect("+OK\r\n", "SET", "key" + i, "value");
                client.expect("$5\r\nvalue\r\n", "GET", "key" + i);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that the dashboard asks for, with its variables as they are when nothing is chosen. */
    private static Set<String> queries() throws IOException {
        Set<String> queries = new LinkedHashSet<>();
        Map<?, ?> dashboard = (Map<?, ?>) read(Files.readString(SHIPPED.resolve("grafana-dashboard.json")));
        for (Object panel : (List<?>) dashboard.get("panels")) {
            if (((Map<?, ?>) panel).get("targets") instanceof List<?> targets) {
                targets.forEach(target -> queries.add(((String) ((Map<?, ?>) target).get("expr"))
                    .replace("$__rate_interval", "10s").replaceAll("\\$(instance|pool|server)", ".*")));
            }
        }
        assertTrue(queries.size() > 20 && queries.stream().noneMatch(query -> query.contains("$")), queries::toString);
        return queries;
    }

    private static Object read(String json) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
    }

    /** Runs a program to its good end. */
    private void run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort(command[0] + " is not installed: " + e.getMessage());
            return;
        }
        try (BufferedReader lines = process.inputReader()) {
            List<String> said = lines.lines().toList();
            assertEquals(0, process.waitFor(), () -> String.join("\n", said));
        }
    }

    /** A Prometheus that reads the proxy's metrics four times a second. */
    private static final class Prometheus implements AutoCloseable {
        private final HttpClient http = HttpClient.newHttpClient();
        private final int port = FreePort.find();
        private final Path log;
        private final Process process;

        Prometheus(Path folder, int target) throws IOException {
            Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                global:
                  scrape_interval: 250ms
                  scrape_timeout: 250ms
                  evaluation_interval: 1s
                scrape_configs:
                  - job_name: millrace
                    static_configs:
                      - targets: ["127.0.0.1:%d"]
                rule_files:
                  - %s
                """.formatted(target, ALERTS));
            log = folder.resolve("prometheus.log");
            Process started = null;
            try {
                started = new ProcessBuilder("prometheus", "--config.file=" + config, "--storage.tsdb.path="
                    + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port).redirectErrorStream(true)
                    .redirectOutput(log.toFile()).start();
            } catch (IOException e) {
                Assumptions.abort("prometheus is not installed: " + e.getMessage());
            }
            process = started;
            Await.until(this::log, LIMIT, () -> !process.isAlive() || isReady());
            assertTrue(process.isAlive(), this::log);
        }

        private boolean isReady() {
            try {
                return get("/-/ready").statusCode() == 200;
            } catch (UncheckedIOException e) {
                return false;
            }
        }

        private HttpResponse<String> get(String path) {
            try {
                return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private Map<?, ?> data(String path) {
            HttpResponse<String> response = get(path);
            assertEquals(200, response.statusCode(), response::body);
            return (Map<?, ?>) ((Map<?, ?>) read(response.body())).get("data");
        }

        /** The series that a query gives now. */
        List<?> query(String query) {
            return (List<?>) data("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .get("result");
        }

        List<Map<?, ?>> alerts() {
            List<Map<?, ?>> rules = new ArrayList<>();
            for (Object group : (List<?>) data("/api/v1/rules").get("groups")) {
                ((List<?>) ((Map<?, ?>) group).get("rules")).forEach(rule -> rules.add((Map<?, ?>) rule));
            }
            return rules;
        }

        private String log() {
            try {
                return Files.exists(log) ? Files.readString(log) : "";
            } catch (IOException e) {
                return e.toString();
            }
        }

        @Override
        public void close() {
            process.destroy();
            Await.until("Prometheus does not end", () -> !process.isAlive());
            http.close();
        }
    }
}
