package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.perf.server.LocalRedis;

/** Millrace as a process among others: in the background, with its pid file, its log, its signals and its limits. */
@Timeout(120)
class ProcessTest {
    private static final String TIME = "\\[[0-9-]{10} [0-9:]{8}\\.[0-9]{3}] ";

    @TempDir
    private Path folder;

    @Test
    void shouldReturnFromTheBackgroundWhenItServes() throws Exception {
        try (ProxyCommand proxy = new ProxyCommand(folder, "", List.of())) {
            assertEquals(0, proxy.run(proxy.serving("-d", "-p", "pid", "-o", "log")), () -> proxy.text("err"));
            assertTrue(proxy.answers(), "it does not serve, and said that it does");
            assertTrue(stats(proxy, "\n").startsWith("{\"service\":\"nutcracker\", "));
            assertEquals("", proxy.text("out") + proxy.text("err"));
            assertTrue(proxy.text("pid").matches("[0-9]+"), proxy.text("pid"));
            ProcessHandle process = proxy.processOf("pid");
            assertEquals(process.pid(), session(process), "it can be hung up with its terminal");
            for (int stream = 0; stream <= 2; stream++) {
                assertEquals("/dev/null", Files.readSymbolicLink(descriptor(process, stream)).toString());
            }
            ProxyCommand.signal(process, "TERM");
            ProxyCommand.gone(process);
            assertFalse(proxy.exists("pid"));
            assertTrue(proxy.text("log").matches("(?s)" + TIME + "[A-Za-z]+\\.java:[0-9]+ millrace .* started, .*"
                + "signal 15 \\(SIGTERM\\) received, exiting\\R" + TIME + "[^\n]* stopped\\R"), proxy.text("log"));
        }
    }

    @Test
    void shouldSayWhyItDoesNotServeInTheBackground() throws Exception {
        try (ProxyCommand proxy = new ProxyCommand(folder, "  hash: sha\n", List.of())) {
            assertEquals(1, proxy.run(proxy.serving("-d", "-p", "pid", "-o", "log")));
            assertTrue(proxy.text("err").contains("millrace.yml:5:9: test.hash:"), proxy.text("err"));
            assertTrue(proxy.text("log").contains("millrace.yml:5:9: test.hash:"), proxy.text("log"));
            assertFalse(proxy.exists("pid"));
        }
        try (ProxyCommand proxy = new ProxyCommand(folder, "", List.of());
            ServerSocket taken = new ServerSocket(proxy.port(), 1, InetAddress.getLoopbackAddress())) {
            assertEquals(1, proxy.run(proxy.serving("-d", "-p", "pid")));
            assertTrue(proxy.text("err").startsWith("millrace: pool test cannot listen on 127.0.0.1:"
                + taken.getLocalPort()), proxy.text("err"));
            assertFalse(proxy.exists("pid"));
        }
        try (ProxyCommand proxy = new ProxyCommand(folder, "", List.of())) {
            assertEquals(1, proxy.run(proxy.serving("-d", "-p", "none/pid")));
            assertTrue(proxy.text("err").startsWith("millrace: cannot write the pid file none/pid"), proxy.text("err"));
            assertFalse(proxy.answers(), "it serves, and said that it does not");
        }
    }

    @Test
    void shouldLeaveThePidFileOfALivingProcessAloneAndTakeOverThatOfADeadOne() throws Exception {
        try (ProxyCommand first = new ProxyCommand(Files.createDirectory(folder.resolve("1")), "", List.of());
            ProxyCommand second = new ProxyCommand(Files.createDirectory(folder.resolve("2")), "", List.of())) {
            Process living = first.serve(":", "-p", "../pid");
            Await.until("there is no pid file", () -> first.text("../pid").equals(Long.toString(living.pid())));
            assertEquals(1, second.run(second.serving("-p", "../pid")));
            assertEquals("millrace: process " + living.pid() + " is running, as the pid file ../pid says; stop it "
                + "first, take over from it with -r, or choose another file with -p\n", second.text("err"));
            assertEquals(Long.toString(living.pid()), first.text("../pid"));
            assertTrue(first.answers());
            living.destroyForcibly();
            ProxyCommand.gone(living.toHandle());
            assertTrue(first.exists("../pid"));
            assertEquals(0, second.run(second.serving("-d", "-p", "../pid")), () -> second.text("err"));
            ProcessHandle heir = second.processOf("../pid");
            Files.writeString(folder.resolve("pid"), "1");
            ProxyCommand.signal(heir, "INT");
            ProxyCommand.gone(heir);
            assertEquals("1", second.text("../pid"), "what another has written is another's");
        }
    }

    @Test
    void shouldDoWhatSignalsSay() throws Exception {
        try (ProxyCommand proxy = new ProxyCommand(folder, "", List.of())) {
            ProcessHandle process = proxy.serve(":", "-o", "log", "-v", "10").toHandle();
            assertEquals("", proxy.text("err"));
            after(proxy, process, "TTIN", "up log level to 11");
            after(proxy, process, "TTOU", "down log level to 10");
            after(proxy, process, "USR1", "signal 10 (SIGUSR1) received");
            after(proxy, process, "USR2", "signal 12 (SIGUSR2) received");
            Files.move(folder.resolve("log"), folder.resolve("log.1"));
            ProxyCommand.signal(process, "HUP");
            Await.until("there is no new log", () -> proxy.exists("log"));
            assertTrue(proxy.text("log.1").endsWith("signal 1 (SIGHUP) received, reopening log file\n"));
            after(proxy, process, "TTOU", "down log level to 9");
            assertFalse(proxy.text("log.1").contains("level to 9"));
            assertTrue(proxy.answers());
        }
    }

    /** What the launcher makes the archive of classes from. */
    @Test
    void shouldServeItsOwnRequestsAndEnd() throws Exception {
        try (ProxyCommand proxy = new ProxyCommand(folder, "", List.of())) {
            assertEquals(0, proxy.run("warm-up"), () -> proxy.text("err"));
            assertEquals("", proxy.text("out") + proxy.text("err"));
        }
    }

    /** A listener that is not closed resets whoever comes to it: also who stops at once must stop in good order. */
    @Test
    void shouldStopInGoodOrderHoweverEarly() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (ProxyCommand proxy = new ProxyCommand(folder, "", List.of())) {
                Process process = proxy.serve(":");
                process.destroy();
                assertEquals(0, ProxyCommand.exitCode(process), () -> proxy.text("err"));
                assertTrue(proxy.text("err").endsWith(" stopped\n"), proxy.text("err"));
                assertFalse(proxy.text("err").contains("Exception"), proxy.text("err"));
            }
        }
    }

    private static void after(ProxyCommand proxy, ProcessHandle process, String signal, String line) throws Exception {
        ProxyCommand.signal(process, signal);
        Await.until(signal + " is not logged", () -> proxy.text("log").contains(line));
    }

    @Test
    void shouldAnswerHttpAndWhoSendsNothingOnItsStatsPort() throws Exception {
        try (ProxyCommand proxy = new ProxyCommand(folder, "", List.of());
            HttpClient http = HttpClient.newHttpClient()) {
            proxy.serve(":", "-i", "1", "-m", "512");
            HttpResponse<String> response = http.send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + proxy.statsPort() + "/stats")).build(),
                HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            assertEquals(same(stats(proxy, "")), same(response.body()));
            assertTrue(response.body().contains("\"test\": {\"client_eof\":"), response.body());
            for (String option : List.of("-i (--stats-interval)", "-m (--mbuf-size)")) {
                Await.until(option, () -> proxy.text("err").contains("option " + option + " has no effect"));
            }
            assertFalse(proxy.text("err").contains("can read the stats port"), proxy.text("err"));
        }
    }

    /** Without what differs from one moment to the next: numbers, and what was measured. */
    private static String same(String json) {
        return json.replaceAll("\"latency\":.*\"reloads\"", "\"reloads\"").replaceAll("\":[0-9.]+", "\":0");
    }

    @Test
    void shouldWarnOfAStatsPortThatIsOpenToAll() throws Exception {
        try (ProxyCommand proxy = new ProxyCommand(folder, "", List.of())) {
            proxy.serve(":", "-a", "0.0.0.0");
            String warning = "warning: everybody who reaches this machine can read the stats port " + proxy.statsPort();
            assertEquals(2, proxy.started("err").split(Pattern.quote(warning), -1).length);
        }
    }

    /** The number that the warning asks for is one at which every client and every link is served. */
    @Test
    void shouldAskForAsManyDescriptorsAsItNeeds() throws Exception {
        int clients = 60;
        List<LocalRedis> servers = LocalRedis.startAll(2);
        String directives = "  client_connections: " + clients + "\n  server_connections: 10\n  preconnect: true\n";
        try (ProxyCommand proxy = new ProxyCommand(folder, directives, servers)) {
            Process process = proxy.serve("ulimit -n 150", "-o", "low");
            Matcher asked = Pattern.compile("allows 150 open files: .* beside links \\(20\\); for 60 clients "
                + "\\(client_connections\\) raise it to ([0-9]+) \\(ulimit -n").matcher(proxy.started("low"));
            assertTrue(asked.find(), proxy.text("low"));
            process.destroy();
            ProxyCommand.gone(process.toHandle());
            ProcessHandle enough = proxy.serve("ulimit -n " + asked.group(1), "-o", "enough").toHandle();
            assertFalse(proxy.started("enough").contains("open files"), proxy.text("enough"));
            List<AutoCloseable> open = new ArrayList<>();
            try {
                for (int i = 0; i < 64; i++) {
                    Socket reader = new Socket("127.0.0.1", proxy.statsPort());
                    open.add(reader);
                    reader.getOutputStream().write('G');
                }
                for (int i = 0; i < clients; i++) {
                    RawClient client = new RawClient(proxy.port());
                    open.add(client);
                    client.expect("+OK\r\n", "SET", "k" + i, "v");
                    client.expect("$1\r\nv\r\n", "GET", "k" + i);
                }
            } finally {
                for (AutoCloseable each : open) {
                    each.close();
                }
            }
            assertFalse(proxy.text("enough").contains("cannot accept"), proxy.text("enough"));
            assertTrue(enough.isAlive());
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    private static String stats(ProxyCommand proxy, String sent) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", proxy.statsPort())) {
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path descriptor(ProcessHandle process, int number) {
        return Path.of("/proc", Long.toString(process.pid()), "fd", Integer.toString(number));
    }

    /** The session that a process belongs to: the fourth word behind its name. */
    private static long session(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
    }
}
