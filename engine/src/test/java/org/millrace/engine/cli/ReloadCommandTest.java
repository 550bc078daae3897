package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace diff} and {@code millrace reload}, as far as they need no process. */
class ReloadCommandTest {
    private static final String GOOD = """
        alpha:
          listen: 127.0.0.1:22121
          redis: true
          timeout: 400
          servers:
            - 127.0.0.1:7000:1
            - 127.0.0.1:7001:1
        """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Process other;

    @TempDir
    private Path folder;

    private int run(String... args) throws InterruptedException {
        out.reset();
        err.reset();
        return Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldPrintWhatAReloadWouldDo() throws Exception {
        String before = file("old.yml", GOOD);
        assertEquals(Main.OK, run("diff", "-c", file("new.yml", GOOD + "    - 127.0.0.1:7002:1\n"), "--from", before));
        assertTrue(text(out).startsWith("pool alpha: server 127.0.0.1:7002 is new, at 127.0.0.1:7002, weight 1"),
            text(out));
        assertTrue(text(out).contains(" % of keys move to another server"), text(out));
        assertEquals(Main.OK, run("diff", "--conf-file", before, "-f", before));
        assertEquals("nothing changes" + System.lineSeparator(), text(out));
        assertEquals("", text(err));
    }

    @Test
    void shouldSayWhatIsWrong() throws Exception {
        String good = file("old.yml", GOOD);
        String bad = file("bad.yml", GOOD.replace("timeout: 400", "timeout: soon"));
        assertEquals(Main.FAILED, run("diff", "-c", bad, "--from", good));
        assertTrue(text(err).contains("bad.yml:4:12: alpha.timeout:"), text(err));
        assertEquals(Main.FAILED, run("diff", "--from", good));
        assertTrue(text(err).contains("which file is the new one?") && text(err).contains("usage: "), text(err));
        assertEquals(Main.FAILED, run("diff", "-c"));
        assertTrue(text(err).contains("option -c requires a value"), text(err));
        assertEquals(Main.FAILED, run("reload", "now"));
        assertTrue(text(err).contains("unknown option or word: now"), text(err));
        assertEquals(Main.FAILED, run("reload"));
        assertTrue(text(err).contains("which process?"), text(err));
        assertEquals(Main.FAILED, run("reload", "-p", folder.resolve("none").toString()));
        assertTrue(text(err).contains("cannot read the pid file"), text(err));
        assertEquals(Main.FAILED, run("reload", "-p", file("pid", "12x")));
        assertTrue(text(err).contains("is not a pid file"), text(err));
        assertEquals(Main.FAILED, run("reload", "-p", file("pid", "999999999")));
        assertTrue(text(err).contains("does not run"), text(err));
        assertEquals(Main.FAILED, run("reload", "-p", file("pid", "1"), "-c", bad));
        assertTrue(text(err).contains("bad.yml:4:12: alpha.timeout:"), text(err));
    }

    @Test
    void shouldWaitNoLongerThanItIsTold() throws Exception {
        String silent = pidOfAnother();
        for (String bad : new String[] {"0", "x", "-1", "100000", "99999"}) {
            assertEquals(Main.FAILED, run("reload", "-p", silent, "--timeout", bad));
            assertTrue(text(err).contains("--timeout takes seconds, 1 to 86400, not '" + bad + '\''), text(err));
        }
        // what a process has said before it was asked, or another process has said, is no answer
        Path result = ReloadResult.beside(Path.of(silent));
        new ReloadResult(other.pid(), Instant.now().minusSeconds(1), true, List.of("old")).write(result);
        assertEquals(Main.FAILED, run("reload", "-p", silent, "-t", "1"));
        assertTrue(text(err).contains("has not said within 1 s what came of it"), text(err));
        new ReloadResult(other.pid() + 1, Instant.now().plusSeconds(100), true, List.of("another's")).write(result);
        assertEquals(Main.FAILED, run("reload", "-p", silent, "-t", "1"));
        assertTrue(text(err).contains("has not said within 1 s what came of it"), text(err));
        Files.writeString(result, "nonsense");
        assertEquals(Main.FAILED, run("reload", "-p", silent, "-t", "1"));
    }

    @Test
    void shouldPassOnWhatTheProcessSays() throws Exception {
        String silent = pidOfAnother();
        Path result = ReloadResult.beside(Path.of(silent));
        new ReloadResult(other.pid(), Instant.now().plusSeconds(100), true, List.of("a is new", "b is gone"))
            .write(result);
        assertEquals(Main.OK, run("reload", "-p", silent));
        assertEquals(List.of("millrace: process " + other.pid() + " has reloaded", "a is new", "b is gone"),
            text(out).lines().toList());
        new ReloadResult(other.pid(), Instant.now().plusSeconds(100), true, List.of()).write(result);
        assertEquals(Main.OK, run("reload", "-p", silent));
        assertEquals(List.of("millrace: process " + other.pid() + " has reloaded: nothing has changed"),
            text(out).lines().toList());
        new ReloadResult(other.pid(), Instant.now().plusSeconds(100), false, List.of("two\nlines")).write(result);
        assertEquals(Main.FAILED, run("reload", "-p", silent));
        assertEquals(List.of("millrace: reload: process " + other.pid() + " has not reloaded, nothing has changed:",
            "two", "lines"), text(err).lines().toList());
        assertEquals("", text(out));
    }

    @Test
    void shouldNotWaitForAProcessThatIsGone() throws Exception {
        String silent = pidOfAnother("trap 'exit 3' USR1; while :; do sleep 0.01; done");
        assertEquals(Main.FAILED, run("reload", "-p", silent, "--timeout", "60"));
        assertTrue(text(err).contains("has ended before it said what came of it"), text(err));
    }

    private String pidOfAnother() throws IOException {
        return pidOfAnother("trap '' USR1; while :; do sleep 0.01; done");
    }

    /** The pid file of a process that takes the signal and says nothing. */
    private String pidOfAnother(String script) throws IOException {
        other = new ProcessBuilder("bash", "-c", script.replace("; while", "; echo ready; while")).start();
        assertEquals("ready", other.inputReader().readLine());
        return file("pid", Long.toString(other.pid()));
    }

    @AfterEach
    void endOther() {
        if (other != null) {
            other.destroyForcibly();
        }
    }

    @Test
    void shouldExplainItself() throws Exception {
        assertEquals(Main.OK, run("diff", "--help"));
        assertTrue(text(out).startsWith("usage: millrace diff"));
        assertEquals(Main.OK, run("reload", "-h"));
        assertTrue(text(out).startsWith("usage: millrace reload"));
    }
}
