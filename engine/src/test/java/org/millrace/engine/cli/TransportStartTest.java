package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that cannot have io_uring, here because its JVM was not given native access. */
class TransportStartTest {
    private static final String WHY =
        "io_uring cannot be used: the JVM was started without --enable-native-access=ALL-UNNAMED";
    private static final int DEADLINE_S = 60;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "io_uring"})
    @Timeout(DEADLINE_S * 2)
    void shouldServeByNioAndSayWhyInOneLine(String transport) throws Exception {
        Process process = start(transport);
        try (BufferedReader lines = process.errorReader()) {
            List<String> seen = readUntil(" started, ", lines);
            assertEquals(1, seen.stream().filter(line -> line.contains(WHY + "; the transport is nio")).count(),
                seen::toString);
            assertEquals(1, seen.stream().filter(line -> line.contains("io_uring")).count(), seen::toString);
            assertTrue(seen.getLast().endsWith("transport nio"), seen::toString);
        } finally {
            process.destroy();
            assertTrue(process.waitFor(DEADLINE_S, TimeUnit.SECONDS));
        }
    }

    private static List<String> readUntil(String text, BufferedReader lines) throws IOException {
        List<String> seen = new ArrayList<>();
        String line = lines.readLine();
        while (line != null) {
            seen.add(line);
            if (line.contains(text)) {
                return seen;
            }
            line = lines.readLine();
        }
        throw new AssertionError("ended: " + seen);
    }

    private Process start(String transport) throws IOException {
        Path file = Files.writeString(folder.resolve("test.yml"), "millrace:\n  transport: " + transport
            + "\nalpha:\n  listen: " + folder.resolve("socket")
            + "\n  redis: true\n  timeout: 400\n  servers:\n    - 127.0.0.1:6379:1\n");
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
            "-XX:+UseSerialGC", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp", System.getProperty("java.class.path"), Main.class.getName(), "-c", file.toString(), "-s", "0")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }
}
