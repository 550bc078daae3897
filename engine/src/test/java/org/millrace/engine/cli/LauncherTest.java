package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/millrace} in a tree of its own, with a java that says what it is asked for: when it makes the archive. */
@Timeout(60)
class LauncherTest {
    private static final String MAKING = "millrace: making the archive";
    /** Begins to make an archive, and ends when it is told to; fails if it is to; else prints its arguments. */
    private static final String JAVA = """
        #!/bin/bash
        for word in "$@"; do
            if [[ "$word" == -XX:AOTCacheOutput=* ]]; then
                [[ -z "${FAKE_FIFO:-}" ]] || { touch "$FAKE_FIFO.begun"; read -r _ <"$FAKE_FIFO"; }
                [[ -z "${FAKE_FAILS:-}" ]] || { echo "no archive today"; exit 1; }
                echo archive >"${word#*=}"
                exit 0
            fi
        done
        echo "$@"
        """;

    @TempDir
    private Path folder;
    private Path jar;
    private Path archive;

    @BeforeEach
    void makeTree() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve("bin/millrace"))) {
            root = root.getParent();
        }
        assertNotNull(root, "bin/millrace is not above " + Path.of("").toAbsolutePath());
        script(folder.resolve("bin/millrace"), Files.readString(root.resolve("bin/millrace")));
        script(folder.resolve("jdk/bin/java"), JAVA);
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        jar = folder.resolve("engine/target/millrace.jar");
        archive = folder.resolve("engine/target/millrace.aot");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "jar");
        age(jar, 100);
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private static void age(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    private Process start(Map<String, String> environment, String... command) throws IOException {
        List<String> words = Stream.of(Stream.of(folder.resolve("bin/millrace").toString()), Stream.of(command),
            Stream.of("-c", "x.yml")).flatMap(each -> each).toList();
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        builder.environment().put("MILLRACE_JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String said(Process process) throws IOException, InterruptedException {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        assertTrue(text.endsWith("-c x.yml\n"), text);
        return text;
    }

    private String run(Map<String, String> environment) throws IOException, InterruptedException {
        return said(start(environment));
    }

    private boolean isUsedIn(String text) {
        return text.contains("-XX:AOTCache=" + archive);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(jar.getParent())) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldStartACaptureWithTheJarAndTheOptionsOfItsWriter() throws Exception {
        Path perf = folder.resolve("perf/target/millrace-perf.jar");
        Files.createDirectories(perf.getParent());
        Files.writeString(perf, "jar");
        String capture = said(start(Map.of(), "capture"));
        assertTrue(capture.contains("-jar " + perf + " capture -c x.yml"), capture);
        List<String> options = List.of("--add-opens java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-exports java.base/sun.nio.ch=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
        options.forEach(option -> assertTrue(capture.contains(option), capture));
        String server = run(Map.of());
        options.forEach(option -> assertFalse(server.contains(option), server));
        assertTrue(server.contains("-jar " + jar + " -c x.yml"), server);
    }

    @Test
    void shouldMakeTheArchiveOnceForEachJar() throws Exception {
        String first = run(Map.of());
        assertTrue(first.startsWith(MAKING) && isUsedIn(first), first);
        String second = run(Map.of());
        assertTrue(!second.contains("millrace: ") && isUsedIn(second), second);
        age(archive, 200);
        String third = run(Map.of());
        assertTrue(third.startsWith(MAKING) && isUsedIn(third), third);
        assertEquals(List.of("millrace.aot", "millrace.jar"), files());
    }

    @Test
    void shouldNotTryAgainWhatHasFailedForThisJar() throws Exception {
        String first = run(Map.of("FAKE_FAILS", "1"));
        assertTrue(first.contains("no archive today") && first.contains("starts take a little longer"), first);
        assertFalse(isUsedIn(first), first);
        String second = run(Map.of());
        assertFalse(second.contains("millrace: ") || isUsedIn(second), second);
        age(archive, 200);
        assertTrue(isUsedIn(run(Map.of())), "a new jar may have one");
        assertEquals(List.of("millrace.aot", "millrace.jar"), files());
    }

    @Test
    void shouldSayWhereNothingIsToBeWrittenThatTheArchiveIsOld() throws Exception {
        Map<String, String> installed = Map.of("MILLRACE_JAR", jar.toString(), "MILLRACE_BUILD", "never");
        assertFalse(run(installed).contains("millrace: "), "nobody has made one");
        Files.writeString(archive, "archive");
        assertTrue(isUsedIn(run(installed)));
        age(archive, 200);
        String old = run(installed);
        assertTrue(old.startsWith("millrace: " + archive + " is older than its jar") && !isUsedIn(old), old);
        assertEquals("archive", Files.readString(archive));
    }

    @Test
    void shouldLetOneOfSeveralStartsMakeItAndTheOthersStartWithout() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        Process first = start(Map.of("FAKE_FIFO", fifo.toString()));
        while (!Files.exists(folder.resolve("fifo.begun"))) {
            Thread.onSpinWait();
        }
        String second = run(Map.of());
        assertFalse(second.contains("millrace: ") || isUsedIn(second), second);
        Files.writeString(fifo, "go\n");
        String text = said(first);
        assertTrue(text.startsWith(MAKING) && isUsedIn(text), text);
    }
}
