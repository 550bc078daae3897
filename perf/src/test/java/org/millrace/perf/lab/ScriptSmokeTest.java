package org.millrace.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts that measure run from end to end; figures of so short runs mean nothing and are not looked at. */
@Timeout(180)
class ScriptSmokeTest {
    private static final Path SCRIPTS = Path.of("bin").toAbsolutePath();
    private static final long LIMIT_S = 150;

    @TempDir
    private Path folder;

    @Test
    void shouldCompareEveryKindOfRowAndDrawIt() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark", "memcached", "nutcracker");
        Path json = folder.resolve("samples.json");
        Path page = folder.resolve("report.html");
        Path markdown = folder.resolve("report.md");
        String report = run("compare", "--smoke", "--only", "idle", "--only", "c2P4", "--only", "c2P1i30", "--only",
            "open50", "--only", "mget100", "--only", "mc:c50P16", "--proxy", "nutcracker", "--proxy", "millrace-nio",
            "--proxy", "direct", "--test", "get", "--json", json.toString(), "--html", page.toString(), "--markdown",
            markdown.toString());
        for (String row : List.of("| c2P4 | GET | **", "| c2P4 | GET | nutcracker |",
            "| c2P1i30 | GET | Millrace, nio |", "| open50 | MIXED | Millrace, nio |",
            "| mget100 | one Redis, directly", "| mc:c50P16 | GET | nutcracker (memcached) |", ": mget100, nio: ",
            ": idle, nio: ", ": open50 MIXED, nio: ", ": mc:c50P16 GET, nio: ")) {
            assertTrue(report.contains(row), row + " is not in\n" + report);
        }
        assertTrue(report.contains(Files.readString(markdown).strip()), report);
        assertTrue(Files.readString(json).contains("\"p99.9\""));
        String drawn = Files.readString(page);
        assertTrue(drawn.contains("prefers-color-scheme: dark"));
        assertEquals(3, drawn.split("<polyline", -1).length - 1, "curves of open50");
        // nothing of it is fetched from elsewhere; the name of SVG is no address
        assertFalse(drawn.replace("http://www.w3.org/2000/svg", "").matches("(?s).*(https?:|<script|<link|url\\().*"));
    }

    @Test
    void shouldListTheRowsOfTheComparison() throws Exception {
        assumePrograms("python3");
        String list = run("compare", "--list", "--only", "c50P1*");
        assertTrue(list.contains("c50P16d1024\n  CPU for a request to nutcracker's at most 0.35 (io_uring)"), list);
        assertFalse(list.contains("c500P1"), list);
    }

    @Test
    void shouldGoOnAfterARowThatCannotBeMeasured() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark", "nutcracker");
        Process process = start(List.of("compare", "--smoke", "--only", "c1P1i9999999", "--only", "c2P4", "--proxy",
            "nutcracker", "--test", "get"));
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), said);
        assertEquals(2, process.exitValue(), said);
        assertTrue(said.contains("not measured: c1P1i9999999: needs 10000200 open files"), said);
        assertTrue(said.contains("| c2P4 | GET | nutcracker |"), said);
    }

    @Test
    void shouldCompareAWideMget() throws Exception {
        assumePrograms("python3", "redis-server", "nutcracker");
        String report = run("mget-compare", "--keys", "100", "--rounds", "15", "--warm", "2");
        for (String row : List.of("| one Redis, directly |", "| millrace, 4 shards |", "| nutcracker, 4 shards |")) {
            assertTrue(report.contains(row), report);
        }
    }

    @Test
    void shouldCompareLanes() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark");
        String report = run("lanes-compare", "--lanes", "1", "--lanes", "auto", "--scenario", "c2P4", "--test", "get",
            "--rounds", "1", "--requests", "1000", "--warm", "100", "--idle-seconds", "0.1", "--transport", "nio");
        assertTrue(report.contains("| c2P4 | GET | auto |"), report);
    }

    @Test
    void shouldCompareOptionsOfTheJvm() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark");
        String report = run("jvm-compare", "--set", "heap-64m", "--scenario", "c2P4", "--test", "get", "--rounds", "1",
            "--requests", "1000", "--warm", "100", "--idle-seconds", "0.1", "--transport", "nio");
        assertTrue(report.contains("| c2P4 | GET | launcher |"), report);
        assertTrue(report.contains("| c2P4 | GET | heap-64m |"), report);
    }

    @Test
    void shouldTellWhatASettingCosts() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark");
        String report = run("setting-cost", "latency", "false", "true", "--scenario", "c2P4", "--rounds", "1",
            "--requests", "1000", "--warm", "100");
        assertTrue(report.contains("| c2P4 | GET | true |"), report);
    }

    @Test
    void shouldTellWhatSettingsCostTogether() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark");
        String report = run("setting-cost", "--set", "off", "latency=false", "hot_keys=false", "--set", "on",
            "latency=true", "admin={port}", "--scenario", "c2P4", "--rounds", "1", "--requests", "1000", "--warm",
            "20000");
        assertTrue(report.contains("| c2P4 | GET | on |"), report);
    }

    @Test
    void shouldDrawWhereTheTimeGoes() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark");
        Path folded = folder.resolve("folded.txt");
        String report = run("profile", "--scenario", "c2P4", "--seconds", "1", "--requests", "20000", "--warm", "100",
            "--transport", "nio", "--folded", folded.toString());
        assertTrue(report.matches("(?s).* [0-9.]+ % #+ +engine.lane.FusedTurn.run\\R.*"), report);
        assertTrue(Files.readString(folded).matches("(?s).*c2P4 get;millrace-lane-0;[^ ]+ [0-9]+\\R.*"));
    }

    @Test
    void shouldDrawAWideMgetAndACrowd() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark");
        String report = run("profile", "--scenario", "mget100", "--scenario", "c2P4i10", "--seconds", "1", "--requests",
            "20000", "--warm", "100", "--transport", "nio");
        assertTrue(report.contains("mget100, transport nio: "), report);
        assertTrue(report.contains("c2P4i10 GET, transport nio: "), report);
    }

    @Test
    void shouldTellWhatTheLoadCosts() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark");
        String report = run("load-cost", "--scenario", "c2P4", "--rounds", "1", "--requests", "1000", "--keys", "100",
            "--warm-seconds", "0", "--seconds", "3");
        assertTrue(report.contains("| c2P4 |"), report);
    }

    @Test
    void shouldTellWhatABareClientCosts() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark", "cc");
        String report = run("load-cost", "--scenario", "c2P4", "--rounds", "1", "--requests", "1000", "--keys", "100",
            "--warm-seconds", "0", "--seconds", "3", "--bare", "--bare-seconds", "0.2");
        assertTrue(report.matches("(?s).*bare client: CPU us.*\\| c2P4 \\|.*\\| 0\\.50 \\| [0-9.]+ \\| .*"), report);
    }

    @Test
    void shouldCaptureARunAndReplayIt() throws Exception {
        assumePrograms("python3", "redis-server");
        String report = run("capture-rehearsal", "--requests", "4000", "--warm", "2000", "--rounds", "1",
            "--connections", "4");
        assertTrue(report.contains("| on | ") && report.contains(" 0 dropped."), report);
        assertTrue(report.contains("  0 differ"), report);
    }

    @ParameterizedTest
    @CsvSource({"c50", "P1", "mc:", "c0P1", "c1P0", "c1P1@0", "c1P1@x", "pc:c1P1"})
    void shouldRefuseWhatIsNoScenario(String text) throws Exception {
        assumePrograms("python3");
        Process process = start(List.of("compare", "--only", text));
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
        assertTrue(said.contains("'" + text + "' is not a scenario such as"), said);
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = start(List.of(command));
        try {
            String said = new String(process.getInputStream().readAllBytes());
            assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), said);
            assertEquals(0, process.exitValue(), said);
            return said;
        } finally {
            process.destroy();
        }
    }

    private Process start(List<String> arguments) throws IOException {
        return start(folder, arguments);
    }

    /** Starts a script with a launcher of its own in {@code folder}, since no jar may be built yet. */
    static Process start(Path folder, List<String> arguments) throws IOException {
        Path launcher = Files.writeString(folder.resolve("millrace"), """
            #!/bin/sh
            case "$1" in
                load | capture | replay) main=org.millrace.perf.cli.PerfMain ;;
                *) main=org.millrace.engine.cli.Main ;;
            esac
            exec "%s" --add-exports java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \\
                --add-exports java.base/sun.nio.ch=ALL-UNNAMED --add-exports java.base/jdk.internal.ref=ALL-UNNAMED \\
                --add-opens java.base/java.lang.reflect=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \\
                -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m $MILLRACE_JAVA_OPTS -cp "%s" $main "$@"
            """.formatted(Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of("python3", SCRIPTS.resolve(arguments.getFirst()).toString()));
        command.addAll(arguments.subList(1, arguments.size()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MILLRACE_LAUNCHER", launcher.toString());
        return builder.start();
    }

    /** Skips the test where one of these programs is missing. */
    static void assumePrograms(String... names) {
        for (String name : names) {
            assumeTrue(Stream.of((System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin").split(":"))
                .anyMatch(each -> Files.isExecutable(Path.of(each, name))), name + " is missing");
        }
    }
}
