package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stats port's thread goes on, whatever fails, and keeps the log short. */
@Timeout(60)
class StatsPortTest {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(new PrintStream(text, true, StandardCharsets.UTF_8));
    private final AtomicInteger calls = new AtomicInteger();

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
        try (StatsPort port = port(ServerSocketChannel::accept, this::failTwice)) {
            assertEquals("", read(port));
            assertEquals("", read(port));
            assertEquals("{}\n", read(port));
            assertEquals(1, lines("error: stats port"));
            assertEquals(1, log.errors());
        }
    }

    @Test
    void shouldNotWaitForeverForAReaderThatDoesNotRead() throws IOException {
        String large = "x".repeat(64 << 20);
        try (StatsPort port = port(ServerSocketChannel::accept, () -> calls.getAndIncrement() == 0 ? large : "{}\n");
            Socket lazy = new Socket("127.0.0.1", port.port())) {
            assertEquals("{}\n", read(port));
            assertTrue(lazy.isConnected());
            assertEquals(1, lines("stats port: a reader was lost: it does not read"));
        }
    }

    private StatsPort port(StatsPort.Door door, Supplier<String> report) throws IOException {
        return new StatsPort(StatsPort.bind("127.0.0.1", 0), door, report, log);
    }

    private SocketChannel failThrice(ServerSocketChannel listener) throws IOException {
        if (calls.getAndIncrement() < 3) {
            throw new SocketException("Too many open files");
        }
        return listener.accept();
    }

    private String failTwice() {
        if (calls.getAndIncrement() < 2) {
            throw new IllegalStateException("as the test wants it");
        }
        return "{}\n";
    }

    private static String read(StatsPort port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port.port())) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private long lines(String part) {
        return text.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(part)).count();
    }
}
