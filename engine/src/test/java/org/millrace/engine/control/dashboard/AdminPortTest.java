package org.millrace.engine.control.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.AdminConfig;
import org.millrace.engine.control.AdminCounters;
import org.millrace.engine.control.EventLog;

/** The admin port, asked over real sockets. */
@Timeout(60)
class AdminPortTest {
    private static final long LIMIT_NS = 20_000_000_000L;
    private static final String TOKEN = "s3cret-täken";

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(logged);
    private final AdminCounters counters = new AdminCounters();
    private final History history = new History();
    private final List<Socket> sockets = new ArrayList<>();
    private int port;
    private AdminPort admin;

    @BeforeEach
    void start() throws IOException {
        admin = start(null);
    }

    private AdminPort start(String token) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return new AdminPort(config(token), history, counters, log, false);
    }

    private AdminConfig config(String token) {
        return new AdminConfig(AddressConfig.tcp("127.0.0.1", port), token);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
        admin.close();
        log.flush();
        assertFalse(logged.toString(StandardCharsets.UTF_8).contains("s3cret"), "the log tells the token");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    /** A request on a connection of its own, and the whole answer. */
    private String ask(String first, String... headers) throws IOException {
        try (Socket socket = connect()) {
            send(socket, first, headers);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void send(Socket socket, String first, String... headers) throws IOException {
        String lines = headers.length == 0 ? "Host: localhost\r\n" : String.join("\r\n", headers) + "\r\n";
        socket.getOutputStream().write((first + " HTTP/1.1\r\n" + lines + "Connection: close\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static int code(String answer) {
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, what);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void add(int number, int bytes) {
        history.add(new Sample(number, ("{\"s\":" + number + ",\"x\":\"" + "x".repeat(bytes) + "\"}")
            .getBytes(StandardCharsets.UTF_8)), "{\"state\":1}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldServeAPageThatNeedsNothingFromElsewhere() throws IOException {
        String page = ask("GET /");
        assertEquals(200, code(page));
        assertTrue(page.contains("Content-security-policy: default-src 'none'; script-src 'self'"), page);
        assertFalse(page.contains("unsafe"), page);
        assertFalse(Pattern.compile("<script(?![^>]*src=)|\\sstyle=|\\son\\w+=|https?://").matcher(page).find(), page);
        List<String> parts = Pattern.compile("(?:src|href)=\"([^#\"]+)\"").matcher(page).results()
            .map(each -> each.group(1)).toList();
        assertTrue(parts.size() >= 6, parts.toString());
        for (String each : parts) {
            assertEquals(200, code(ask("GET /" + each)), each);
        }
        for (String each : List.of("card", "charts", "data", "format", "heat", "save", "tables")) {
            String script = ask("GET /" + each + ".js");
            assertEquals(200, code(script), each);
            assertFalse(Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(")
                .matcher(script).find(), each);
        }
        assertEquals(404, code(ask("GET /../engine/cli/Main.class")));
        assertEquals(404, code(ask("GET /package-info.class")));
        String tag = Pattern.compile("(?i)etag: (\\S+)").matcher(page).results().findFirst().orElseThrow().group(1);
        assertEquals(304, code(ask("GET /", "Host: localhost", "If-None-Match: " + tag)));
    }

    @Test
    void shouldAnswerToNamesOfThisMachineOnly() throws IOException {
        for (String host : List.of("localhost", "localhost:9", "127.0.0.1:22290", "127.9.9.9", "[::1]:1")) {
            assertEquals(200, code(ask("GET /history", "Host: " + host)), host);
        }
        assertEquals(0, counters.refused());
        for (String host : List.of("millrace.example", "127.0.0.1.example:22290", "localhost.example", "")) {
            String answer = ask("GET /history", "Host: " + host);
            assertEquals(403, code(answer), host);
            assertFalse(answer.endsWith("[]"), host);
        }
        assertEquals(403, code(ask("GET /history", "X-Nothing: 1")));
        assertEquals(5, counters.refused());
    }

    @Test
    void shouldAskForTheToken() throws IOException {
        admin.close();
        History after = new History();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        admin = new AdminPort(config(TOKEN), after, counters, log, false);
        String refused = ask("GET /");
        assertEquals(401, code(refused));
        assertTrue(refused.contains("Www-authenticate: Basic realm=\"millrace\""), refused);
        String utf8 = new String(TOKEN.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (String wrong : List.of("Bearer ", "Bearer s3cret", "Bearer " + utf8 + "x", "Basic x",
            "Basic " + base64("a:b"), "Digest x")) {
            assertEquals(401, code(ask("GET /history", "Host: localhost", "Authorization: " + wrong)), wrong);
        }
        assertEquals(7, counters.refused());
        assertEquals(200, code(ask("GET /history", "Host: localhost", "Authorization: Basic "
            + base64("anybody:" + TOKEN))));
        assertFalse(new AdminConfig(null, TOKEN).toString().contains(TOKEN));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldTakeTheTokenOfPrograms() throws IOException {
        AdminGuard guard = new AdminGuard(InetAddress.getLoopbackAddress(), "abc");
        assertTrue(guard.isAllowed("Bearer abc"));
        assertTrue(guard.isAllowed("bearer  abc "));
        assertFalse(guard.isAllowed("Bearer abcd"));
        assertFalse(guard.isAllowed(null));
        AdminGuard open = new AdminGuard(InetAddress.getByName("0.0.0.0"), null);
        assertTrue(open.isAllowed(null) && open.isHost("proxy7.example:22290"), "others know it by names of their own");
    }

    @Test
    void shouldChangeNothing() throws IOException {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
            assertEquals(405, code(ask(method + " /history")), method);
        }
        String head = ask("HEAD /");
        assertEquals(200, code(head));
        assertTrue(head.endsWith("\r\n\r\n"), head);
    }

    @Test
    void shouldTellWhatWasAndWhatComes() throws IOException {
        add(1, 0);
        add(2, 0);
        assertTrue(ask("GET /history").endsWith("\r\n\r\n[{\"s\":1,\"x\":\"\"},{\"s\":2,\"x\":\"\"}]"));
        byte[] packed = ask("GET /history", "Host: localhost", "Accept-Encoding: gzip")
            .getBytes(StandardCharsets.ISO_8859_1);
        int body = new String(packed, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        assertTrue(new String(new GZIPInputStream(new ByteArrayInputStream(packed, body, packed.length - body))
            .readAllBytes(), StandardCharsets.UTF_8).startsWith("[{\"s\":1"));
        Socket fresh = connect();
        send(fresh, "GET /events?after=0");
        readUntil(fresh, "event: sample\nid: 2\ndata: {\"s\":2,\"x\":\"\"}\n\nevent: state\ndata: {\"state\":1}\n\n");
        Socket again = connect();
        send(again, "GET /events?after=0", "Host: localhost", "Last-Event-ID: 1");
        assertFalse(readUntil(again, "id: 2\n").contains("id: 1\n"), "it had that one");
        Socket other = connect();
        send(other, "GET /events?after=77");
        assertFalse(readUntil(other, "id: 2\n").contains("id: 1\n"), "a number of another process");
        add(3, 0);
        readUntil(fresh, "id: 3\n");
        readUntil(again, "id: 3\n");
        assertEquals(3, counters.subscribers());
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            assertTrue(next >= 0, "the stream has ended: " + text);
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void shouldTurnAwayWhoIsAboveSubscribersMax() throws IOException {
        add(1, 0);
        List<Socket> subscribers = new ArrayList<>();
        for (int i = 0; i < AdminHandler.SUBSCRIBERS_MAX; i++) {
            Socket socket = connect();
            send(socket, "GET /events");
            readUntil(socket, "id: 1\n");
            subscribers.add(socket);
        }
        assertEquals(503, code(ask("GET /events")));
        assertEquals(1, counters.turnedAway());
        assertEquals(200, code(ask("GET /")), "whoever wants no stream is served");
        // many more than there may be connections: those who have left leave nothing behind
        for (int i = 2; i < AdminPort.CONNECTIONS_MAX + 10; i++) {
            Socket leaving = subscribers.removeFirst();
            leaving.setSoLinger(true, 0);
            leaving.close();
            int number = i;
            await("a place is free", () -> {
                add(number, 0);
                return counters.subscribers() < AdminHandler.SUBSCRIBERS_MAX;
            });
            Socket socket = connect();
            send(socket, "GET /events");
            readUntil(socket, "id: ");
            subscribers.add(socket);
        }
        assertEquals(0, counters.dropped());
    }

    @Test
    void shouldCloseASubscriberThatTakesNothing() throws IOException {
        Socket socket = connect();
        send(socket, "GET /events?after=0");
        await("it is there", () -> counters.subscribers() == 1);
        int[] number = {0};
        await("nothing was taken, and it is still there", () -> {
            number[0]++;
            add(number[0], 1 << 20);
            admin.look(System.nanoTime() + AdminPort.SLOW_NS);
            return counters.dropped() == 1;
        });
        await("its place is free", () -> counters.subscribers() == 0);
        assertEquals(200, code(ask("GET /")));
    }

    @Test
    void shouldTakeConnectionsMax() throws IOException {
        for (int i = 0; i < AdminPort.CONNECTIONS_MAX; i++) {
            connect();
        }
        assertThrows(IOException.class, () -> {
            assertEquals("", ask("GET /"));
            throw new IOException("closed in good order");
        });
        for (Socket each : sockets) {
            each.close();
        }
        await("there is room again", () -> {
            try {
                return ask("GET /").startsWith("HTTP/1.1 200");
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void shouldNameAnAddressThatIsTakenOrWaitForTheProcessThatLeaves() throws IOException {
        IOException taken = assertThrows(IOException.class, () ->
            new AdminPort(config(null), new History(), counters, log, false));
        assertTrue(taken.getMessage().contains("127.0.0.1:" + port) && taken.getMessage().contains("millrace.admin"),
            taken.getMessage());
        try (AdminPort next = new AdminPort(config(TOKEN), new History(), counters, log, true)) {
            next.look(0);
            assertEquals(200, code(ask("GET /history")), "the first one answers");
            admin.close();
            await("it is taken over", () -> {
                next.look(0);
                try {
                    return code(ask("GET /history")) == 401;
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void shouldSayWhereItIsAndWhoCanReadIt() throws IOException {
        assertEquals("http://127.0.0.1:" + port + "/", admin.url());
        assertFalse(admin.isOpenToOthers());
    }
}
