package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.perf.server.LocalRedis;

/** {@code millrace load} tells the truth about a server that stands still: no coordinated omission. */
@Timeout(60)
@Tag("alone")
@Tag("faults")
class OpenLoopHonestyTest {
    private static final int RATE = 2000;
    private static final int DURATION_S = 6;
    private static final long LIMIT_S = 40;

    @TempDir
    private Path folder;

    /**
     * With a rate R for T seconds there are R*T requests. While the server stands still for S seconds, R*S of them are
     * due, and the one that is due t after the beginning waits S-t: they wait all times from S down to 0 alike, and all
     * others next to nothing. The share of requests that wait longer than w is therefore R*(S-w) / (R*T), and the
     * percentile p, beyond which a share of 1-p lies, is where (S-w) / T = 1-p: w = S - (1-p)*T. With S = 1 s and T =
     * 6 s that is 994 ms for p99.9, 940 ms for p99 and 400 ms for p90. A closed loop of these ten connections would
     * have seen ten such requests among tens of thousands, and a p99.9 of less than a millisecond.
     */
    @Test
    void shouldCountAStopForAllRequestsThatWereDueInIt() throws Exception {
        Path json = folder.resolve("load.json");
        try (LocalRedis redis = LocalRedis.start()) {
            Process load = new ProcessBuilder(command(redis.port(), json)).redirectErrorStream(true)
                .redirectOutput(folder.resolve("load.log").toFile()).start();
            try {
                Await.until("a third of the run", () -> processed(redis) > RATE * DURATION_S / 3);
                long stoppedNs = System.nanoTime();
                Signal.send(redis.pid(), "STOP");
                assertFalse(load.waitFor(1, TimeUnit.SECONDS), () -> "the load ended before the stop did: " + log());
                Signal.send(redis.pid(), "CONT");
                double stopUs = (System.nanoTime() - stoppedNs) / 1e3;
                assertTrue(load.waitFor(LIMIT_S, TimeUnit.SECONDS), this::log);
                assertEquals(0, load.exitValue(), this::log);
                String told = Files.readString(json);
                assertEquals(RATE * DURATION_S, number(told, "requests"), RATE * DURATION_S * 0.01);
                for (String percentile : List.of("99.9", "99", "90")) {
                    double beyond = 1 - Double.parseDouble(percentile) / 100;
                    double expectedUs = stopUs - beyond * DURATION_S * 1e6;
                    assertEquals(expectedUs, number(told, "p" + percentile), 0.1 * expectedUs,
                        () -> "p" + percentile + " after a stop of " + stopUs + " us\n" + told);
                }
                assertTrue(number(told, "p50") < 0.1 * stopUs, told);
            } finally {
                load.destroyForcibly();
            }
        }
    }

    private static List<String> command(int port, Path json) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-exports",
            "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp",
            System.getProperty("java.class.path"), "org.millrace.perf.cli.PerfMain", "load", "--target",
            String.valueOf(port), "--connections", "10", "--rate", String.valueOf(RATE), "--duration", DURATION_S + "s",
            "--json", json.toString());
    }

    private static long processed(LocalRedis redis) {
        try {
            Matcher matcher = Pattern.compile("total_commands_processed:(\\d+)").matcher(redis.call("INFO", "stats"));
            return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first of that name: those of all commands come first. */
    private static double number(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + Pattern.quote(name) + "\": ([0-9.]+)").matcher(json);
        assertTrue(matcher.find(), json);
        return Double.parseDouble(matcher.group(1));
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("load.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
