package org.millrace.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    void shouldCompareInBothProtocolsAndAtARate() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark", "memcached", "nutcracker");
        Path json = folder.resolve("samples.json");
        String report = run("compare", "--scenario", "mc:c2P4", "--scenario", "c2P1@500", "--scenario", "c2P4",
            "--proxy", "nutcracker", "--proxy", "millrace-nio", "--test", "get", "--rounds", "1", "--requests", "1000",
            "--warm", "0", "--fill", "1000", "--load-warm", "0.1", "--open-seconds", "0.5", "--idle-seconds", "0.1",
            "--json", json.toString());
        for (String row : List.of("| mc:c2P4 | GET | Millrace, nio (memcached) |", "| mc:c2P4 | GET | nutcracker (memc",
            "| c2P1@500 | GET | Millrace, nio |", "| c2P4 | GET | nutcracker |")) {
            assertTrue(report.contains(row), report);
        }
        assertTrue(Files.readString(json).contains("\"p99.9\""));
    }

    @Test
    void shouldTellWhatTheLoadCosts() throws Exception {
        assumePrograms("python3", "redis-server", "redis-benchmark");
        String report = run("load-cost", "--scenario", "c2P4", "--rounds", "1", "--requests", "1000", "--keys", "100",
            "--warm-seconds", "0", "--seconds", "3");
        assertTrue(report.contains("| c2P4 |"), report);
    }

    @ParameterizedTest
    @CsvSource({"c50", "P1", "mc:", "c0P1", "c1P0", "c1P1@0", "c1P1@x", "pc:c1P1"})
    void shouldRefuseWhatIsNoScenario(String text) throws Exception {
        assumePrograms("python3");
        Process process = start(List.of("compare", "--scenario", text));
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
        Path launcher = Files.writeString(folder.resolve("millrace"), """
            #!/bin/sh
            case "$1" in
                load) main=org.millrace.perf.cli.PerfMain ;;
                *) main=org.millrace.engine.cli.Main ;;
            esac
            exec "%s" --add-exports java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \\
                -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -cp "%s" $main "$@"
            """.formatted(Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of("python3", SCRIPTS.resolve(arguments.getFirst()).toString()));
        command.addAll(arguments.subList(1, arguments.size()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MILLRACE_LAUNCHER", launcher.toString());
        return builder.start();
    }

    private static void assumePrograms(String... names) {
        for (String name : names) {
            assumeTrue(Stream.of((System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin").split(":"))
                .anyMatch(each -> Files.isExecutable(Path.of(each, name))), name + " is missing");
        }
    }
}
