package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stats port serves old scripts and HTTP, lets nobody wait for another, and goes on whatever fails. */
@Timeout(60)
class StatsPortTest {
    /** Longer than the test may take: who waits so long has been waited for. */
    private static final long LONG_NS = 3_600_000_000_000L;
    private static final String JSON = "{\"service\":\"nutcracker\", \"größe\":1}\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 38\r\n"
        + "Connection: close\r\nCache-Control: no-store\r\n\r\n";

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(new PrintStream(text, true, StandardCharsets.UTF_8));
    private final AtomicInteger calls = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void shouldGiveTheBareJsonToWhoSendsNothingAfterAShortWait() throws IOException {
        try (StatsPort port = port(ServerSocketChannel::accept, () -> JSON)) {
            long startNs = System.nanoTime();
            assertEquals(JSON, read(port));
            assertTrue(System.nanoTime() - startNs >= StatsPort.SILENT_NS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "stats\n", "stats", "STATS\r\n", "GET /\r\n", "GET / HTTP/2.0\r\n\r\n", "*1\r\n",
        "GET  / HTTP/1.1\r\n", "ABCDEFGHIJKLMNOPQ"})
    void shouldGiveTheBareJsonToWhoSendsWhatIsNoHttp(String sent) throws IOException {
        try (StatsPort port = waiting(() -> JSON)) {
            assertEquals(JSON, ask(port, sent));
        }
    }

    @Test
    void shouldGiveTheBareJsonToWhoEndsItsSideAtOnce() throws IOException {
        try (StatsPort port = waiting(() -> JSON); Socket socket = connect(port)) {
            socket.shutdownOutput();
            assertEquals(JSON, rest(socket));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: here\r\n\r\n", "GET /stats HTTP/1.0\r\n\r\n",
        "GET /stats?pretty=1 HTTP/1.1\r\nHost: here\r\nAccept: */*\r\n\r\n", "GET / HTTP/1.1\nHost: here\n\n"})
    void shouldAnswerHttp(String request) throws IOException {
        try (StatsPort port = waiting(() -> JSON)) {
            assertEquals(OK + JSON, ask(port, request));
        }
    }

    @Test
    void shouldAnswerHeadWithoutABody() throws IOException {
        try (StatsPort port = waiting(() -> JSON)) {
            assertEquals(OK, ask(port, "HEAD / HTTP/1.1\r\n\r\n"));
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, /, 405 Method Not Allowed", "OPTIONS, *, 405 Method Not Allowed", "GET, /metric, 404 Not Found",
        "GET, /stats/, 404 Not Found", "HEAD, /favicon.ico, 404 Not Found"})
    void shouldRefuseWhatIsNotThere(String method, String path, String status) throws IOException {
        try (StatsPort port = waiting(() -> JSON)) {
            String answer = ask(port, method + " " + path + " HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"
                + "x".repeat(100_000));
            assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
            assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
            assertEquals(status.startsWith("405"), answer.contains("\r\nAllow: GET, HEAD\r\n"), answer);
            assertEquals(method.equals("HEAD"), answer.endsWith("\r\n\r\n"), answer);
        }
    }

    @Test
    void shouldTakeARequestByteByByte() throws IOException {
        try (StatsPort port = waiting(() -> JSON); Socket socket = connect(port)) {
            socket.setTcpNoDelay(true);
            for (byte each : "GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(each);
            }
            assertEquals(OK + JSON, rest(socket));
        }
    }

    @Test
    void shouldRefuseAHeadThatIsTooLong() throws IOException {
        try (StatsPort port = waiting(() -> JSON)) {
            String line = "GET / HTTP/1.1\r\nX: ";
            String fits = line + "x".repeat(StatsReader.HEAD_MAX - line.length() - 4) + "\r\n\r\n";
            assertEquals(OK + JSON, ask(port, fits));
            String answer = ask(port, fits.replace("X: ", "X: y"));
            assertTrue(answer.startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"), answer);
            answer = ask(port, "GET /" + "x".repeat(StatsReader.HEAD_MAX));
            assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
        }
    }

    @Test
    void shouldNotWaitLongForTheRestOfARequest() throws IOException {
        try (StatsPort port = waiting(() -> JSON); Socket begun = connect(port); Socket perhaps = connect(port)) {
            begun.getOutputStream().write("GET / HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
            perhaps.getOutputStream().write("STATS".getBytes(StandardCharsets.US_ASCII));
            assertTrue(rest(begun).startsWith("HTTP/1.1 408 "));
            assertEquals(JSON, rest(perhaps));
        }
    }

    @Test
    void shouldBeUnderstoodByAnHttpClient() throws Exception {
        try (StatsPort port = waiting(() -> JSON); HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port.port() + "/stats");
            HttpResponse<String> response = client.send(HttpRequest.newBuilder(uri).build(),
                HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
            assertEquals(JSON, response.body());
        }
    }

    @Test
    void shouldLetNobodyWaitForASilentReader() throws IOException {
        try (StatsPort port = waiting(() -> JSON); Socket silent = connect(port)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(OK + JSON, ask(port, "GET / HTTP/1.1\r\n\r\n"));
            }
            assertEquals(0, silent.getInputStream().available());
            silent.getOutputStream().write('\n');
            assertEquals(JSON, rest(silent));
        }
    }

    @Test
    void shouldServeNoMoreReadersAtATimeThanItMay() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try (StatsPort port = waiting(() -> JSON)) {
            for (int i = 0; i < StatsPort.READERS_MAX; i++) {
                silent.add(connect(port));
            }
            try (Socket next = connect(port)) {
                next.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                silent.getLast().getOutputStream().write('\n');
                assertEquals(JSON, rest(silent.getLast()));
                // had it been let in it would have been served by now
                assertEquals(0, next.getInputStream().available());
                silent.getLast().close();
                assertEquals(OK + JSON, rest(next));
            }
        } finally {
            for (Socket each : silent) {
                each.close();
            }
        }
    }

    @Test
    void shouldShowTheValuesOfTheMomentOfTheAnswer() throws IOException {
        try (StatsPort port = waiting(() -> "{" + calls.get() + "}"); Socket early = connect(port)) {
            assertEquals("{0}", ask(port, "\n"));
            calls.set(7);
            early.getOutputStream().write('\n');
            assertEquals("{7}", rest(early));
        }
    }

    @Test
    void shouldListenOnAUnixSocketToo() throws IOException {
        Path path = folder.resolve("stats");
        for (int i = 0; i < 2; i++) {
            try (ServerSocketChannel listener = StatsPort.bind(path.toString(), 0, false);
                StatsPort port = new StatsPort(listener, ServerSocketChannel::accept, () -> JSON, log, LONG_NS);
                SocketChannel reader = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                assertEquals(0, port.port());
                assertFalse(port.isOpenToAll());
                reader.shutdownOutput();
                InputStream in = Channels.newInputStream(reader);
                assertEquals(JSON, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            assertFalse(Files.exists(path));
            leaveAStaleSocket(path);
        }
    }

    private static void leaveAStaleSocket(Path path) throws IOException {
        try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            gone.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void shouldKnowWhetherItIsOpenToAll() throws IOException {
        for (String address : List.of("0.0.0.0", "127.0.0.1")) {
            try (ServerSocketChannel listener = StatsPort.bind(address, 0, false);
                StatsPort port = new StatsPort(listener, ServerSocketChannel::accept, () -> JSON, log, LONG_NS)) {
                assertEquals(address.equals("0.0.0.0"), port.isOpenToAll());
            }
        }
    }

    @Test
    void shouldRestAfterAFailedAcceptAndTellItsCauseOnce() throws IOException {
        long startNs = System.nanoTime();
        try (StatsPort port = port(this::failThrice, () -> "{}\n")) {
            assertEquals("{}\n", read(port));
            assertTrue(System.nanoTime() - startNs >= 3 * StatsPort.PAUSE_NS);
            assertEquals(1, lines("stats port: cannot accept: Too many open files"));
        }
    }

    @Test
    void shouldSurviveAReportThatFails() throws IOException {
        try (StatsPort port = port(ServerSocketChannel::accept, this::failAtFirst)) {
            assertEquals("", read(port));
            assertEquals("", read(port));
            assertTrue(ask(port, "GET / HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 500 Internal Server Error\r\n"));
            assertEquals("{}\n", read(port));
            assertEquals(2, lines("error: stats port"), "one for each stack");
            assertEquals(3, log.errors());
        }
    }

    @Test
    void shouldNotWaitForeverForAReaderThatDoesNotRead() throws IOException {
        // more than both sockets hold; much more would take its time to be written down, and others wait for that
        String large = "x".repeat(16 << 20);
        try (StatsPort port = port(ServerSocketChannel::accept, () -> calls.getAndIncrement() == 0 ? large : "{}\n");
            Socket lazy = connect(port)) {
            lazy.getOutputStream().write('\n');
            await(() -> calls.get() == 1);
            assertEquals("{}\n", read(port));
            assertEquals(0, lines("a reader was lost"), "others are served meanwhile");
            await(() -> lines("stats port: a reader was lost: it does not read") == 1);
            assertEquals("{}\n", read(port));
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not within 30 s");
            LockSupport.parkNanos(500_000);
        }
    }

    private StatsPort port(StatsPort.Door door, StatsPages report) throws IOException {
        return new StatsPort(StatsPort.bind("127.0.0.1", 0, false), door, report, log, StatsPort.SILENT_NS);
    }

    /** A port that waits for a first byte as long as it takes. */
    private StatsPort waiting(StatsPages report) throws IOException {
        return new StatsPort(StatsPort.bind("127.0.0.1", 0, false), ServerSocketChannel::accept, report, log, LONG_NS);
    }

    private SocketChannel failThrice(ServerSocketChannel listener) throws IOException {
        if (calls.getAndIncrement() < 3) {
            throw new SocketException("Too many open files");
        }
        return listener.accept();
    }

    private String failAtFirst() {
        if (calls.getAndIncrement() < 3) {
            throw new IllegalStateException("as the test wants it");
        }
        return "{}\n";
    }

    private static Socket connect(StatsPort port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", port.port()));
        return socket;
    }

    private static String read(StatsPort port) throws IOException {
        try (Socket socket = connect(port)) {
            return rest(socket);
        }
    }

    private static String ask(StatsPort port, String sent) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
            return rest(socket);
        }
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private long lines(String part) {
        return text.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(part)).count();
    }
}
