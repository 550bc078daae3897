package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.Millrace;

/** The command line as a whole, without a process of its own. */
class MainTest {
    private static final String GOOD = """
        alpha:
          listen: 127.0.0.1:22121
          redis: true
          timeout: 400
          servers:
            - 127.0.0.1:6379:1
        """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void shouldFindAGoodFileGood() throws Exception {
        Path file = file(GOOD);
        assertEquals(Main.OK, run("-t", "-c", file.toString()));
        assertEquals("millrace: configuration file '" + file + "' syntax is ok\n", text(err));
        assertEquals("", text(out));
    }

    @Test
    void shouldTellWhatMaySurprise() throws Exception {
        Path file = file(GOOD.replace("  timeout: 400\n", ""));
        assertEquals(Main.OK, run("--test-conf", "--conf-file=" + file));
        assertTrue(text(err).contains("alpha.timeout: there is no timeout"), text(err));
    }

    @Test
    void shouldTellEveryErrorOfABadFile() throws Exception {
        Path file = file(GOOD.replace("timeout: 400", "timeout: soon\n  hash: sha").replace(":6379:1", ":6379"));
        assertEquals(Main.FAILED, run("-t", "-c", file.toString()));
        String errors = text(err);
        assertTrue(errors.contains(file + ":4:12: alpha.timeout:"), errors);
        assertTrue(errors.contains(file + ":5:9: alpha.hash:"), errors);
        assertTrue(errors.contains("alpha.servers[0]"), errors);
        assertTrue(errors.endsWith("syntax is invalid\n"), errors);
    }

    @Test
    void shouldTakeAMemcachedPool() throws Exception {
        Path file = file(GOOD + GOOD.replace("alpha", "cache").replace("22121", "22122")
            .replace("redis: true", "redis: false"));
        assertEquals(Main.OK, run("-t", "-c", file.toString()));
        assertTrue(text(err).endsWith("syntax is ok\n"), text(err));
    }

    @Test
    void shouldTellThatAFileIsNotThere() throws Exception {
        assertEquals(Main.FAILED, run("-t", "-c", folder.resolve("none.yml").toString()));
        assertTrue(text(err).contains("there is no such file"), text(err));
    }

    @Test
    void shouldTellThatAnAddressIsInUse() throws Exception {
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1,
            java.net.InetAddress.getLoopbackAddress())) {
            Path file = file(GOOD.replace("22121", String.valueOf(taken.getLocalPort())));
            Path pid = folder.resolve("pid");
            assertEquals(Main.FAILED, run("-c", file.toString(), "-s", "0", "-p", pid.toString()));
            assertFalse(Files.exists(pid), "there is a pid file of what does not serve");
            assertTrue(text(err).contains("pool alpha cannot listen on 127.0.0.1:" + taken.getLocalPort()), text(err));
        }
    }

    @Test
    void shouldPrintHelpAndVersion() throws Exception {
        assertEquals(Main.OK, run("--help"));
        assertEquals(Usage.TEXT, text(out));
        out.reset();
        assertEquals(Main.OK, run("-V"));
        assertEquals("This is nutcracker-0.5.0\nserved by millrace-" + Millrace.VERSION + ", Java "
            + Runtime.version().feature() + "\n\n", text(out));
        assertEquals("", text(err));
    }

    @Test
    void shouldDescribeTheStats() throws Exception {
        assertEquals(Main.OK, run("-D"));
        String text = text(out);
        assertTrue(text.startsWith("This is nutcracker-0.5.0\n"), text);
        assertTrue(text.contains("\n\npool stats:\n  client_eof          \"# eof on client connections\"\n"), text);
        assertTrue(text.contains("\"# fragments created from a multi-vector request\"\n\nserver stats:\n"
            + "  server_eof          \"# eof on server connections\"\n"), text);
        assertTrue(text.endsWith("\n  out_queue_bytes     \"current request bytes in outgoing queue\"\n"), text);
        assertEquals(25, text.lines().count());
    }

    @Test
    void shouldNotUnderstandAnUnknownOption() throws Exception {
        assertEquals(Main.FAILED, run("--frobnicate"));
        assertEquals("millrace: invalid option -- 'frobnicate'\nTry 'millrace --help'.\n", text(err));
        err.reset();
        assertEquals(Main.FAILED, run("frobnicate", "-t"));
        assertTrue(text(err).startsWith("millrace: unknown command 'frobnicate'"), text(err));
    }

    @Test
    void shouldTellWhatItIgnores() throws Exception {
        assertEquals(Main.OK, run("-V", "frobnicate"));
        assertEquals("millrace: warning: 'frobnicate' is ignored\n", text(err));
    }

    @Test
    void shouldTellThatThereCanBeNoLog() throws Exception {
        assertEquals(Main.FAILED, run("-c", file(GOOD).toString(), "-o", folder.resolve("no/log").toString()));
        assertTrue(text(err).contains(folder.resolve("no/log").toString()), text(err));
    }

    @Test
    void shouldTellItsLogToo() throws Exception {
        Path log = folder.resolve("log");
        assertEquals(Main.FAILED, run("-c", file("x").toString(), "-o", log.toString()));
        String reason = text(err).lines().findFirst().orElseThrow();
        assertTrue(reason.startsWith("millrace: "), reason);
        assertTrue(Files.readString(log).contains(reason.substring("millrace: ".length())), Files.readString(log));
    }

    @Test
    void shouldLeaveThePidFileOfALivingProcessAlone() throws Exception {
        Path pid = Files.writeString(folder.resolve("pid"), Long.toString(ProcessHandle.current().parent()
            .orElseThrow().pid()));
        String before = Files.readString(pid);
        assertEquals(Main.FAILED, run("-c", file(GOOD).toString(), "-s", "0", "-p", pid.toString()));
        assertTrue(text(err).startsWith("millrace: process " + before + " is running, as the pid file " + pid),
            text(err));
        assertEquals(before, Files.readString(pid));
    }

    @Test
    void shouldNameEveryOptionInTheHelp() {
        for (String option : new String[] {"-c, --conf-file", "-t, --test-conf", "-s, --stats-port", "-a, --stats-addr",
            "-V, --version", "-h, --help", "-d, --daemonize", "-D, --describe-stats", "-v, --verbose", "-o, --output",
            "-i, --stats-interval", "-p, --pid-file", "-m, --mbuf-size", "--hex"}) {
            assertTrue(Usage.TEXT.contains(option), option);
        }
    }

    private int run(String... args) throws InterruptedException {
        return Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("millrace.yml"), yaml);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
