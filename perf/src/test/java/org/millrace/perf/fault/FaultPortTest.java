package org.millrace.perf.fault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.perf.server.FakeServer;

/** Each fault does what it says and nothing else. The server numbers its replies: {@code +1}, {@code +2}, ... */
@Timeout(30)
@Tag("faults")
class FaultPortTest {
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LIMIT_MS = 10_000;

    private static FakeServer server;
    private FaultPort port;
    private Socket socket;

    @BeforeAll
    static void startServer() throws IOException {
        server = FakeServer.start((number, request) -> "+" + number + "\r\n");
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        port = FaultPort.before(server.address());
        connect();
        assertEquals("+1\r\n", ask(1));
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        port.close();
    }

    private void connect() throws IOException {
        socket = new Socket("127.0.0.1", port.port());
        socket.setSoTimeout(LIMIT_MS);
    }

    private void send(int requests) throws IOException {
        for (int i = 0; i < requests; i++) {
            socket.getOutputStream().write(PING);
        }
    }

    /** So many requests, and as many bytes as their replies have. */
    private String ask(int requests) throws IOException {
        send(requests);
        return text(socket.getInputStream().readNBytes(4 * requests));
    }

    private String untilEnd() throws IOException {
        return text(socket.getInputStream().readAllBytes());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldCutAReplyAndEndInGoodOrder() throws IOException {
        port.repliesOnce(WireFaults.cutReply(2, 2));
        send(5);
        assertEquals("+2\r\n+3\r\n+4", untilEnd());
        assertEquals(1, port.replyStrikes().get());
        connect();
        assertEquals("+1\r\n+2\r\n", ask(2));
    }

    @Test
    void shouldEndInGoodOrderAfterBytes() throws IOException {
        port.repliesOnce(WireFaults.closeAfter(5));
        send(3);
        assertEquals("+2\r\n+", untilEnd());
    }

    @Test
    void shouldEndOneDirection() throws IOException {
        port.repliesOnce(WireFaults.halfCloseAfter(4));
        send(3);
        assertEquals("+2\r\n", untilEnd());
        send(1);
        assertEquals(1, port.connections().size());
    }

    @Test
    void shouldReset() throws IOException {
        port.repliesOnce(WireFaults.resetAfter(4));
        assertThrows(SocketException.class, () -> {
            // the reset may come before all is sent
            send(3);
            untilEnd();
        });
        connect();
        assertEquals("+1\r\n", ask(1));
        port.reset();
        assertThrows(SocketException.class, this::untilEnd);
    }

    @Test
    void shouldLoseOneReplyAndSendOneTwice() throws IOException {
        port.repliesOnce(WireFaults.swallowReply(1));
        send(3);
        assertEquals("+2\r\n+4\r\n", text(socket.getInputStream().readNBytes(8)));
        port.repliesOnce(WireFaults.duplicateReply(0));
        send(2);
        assertEquals("+5\r\n+5\r\n+6\r\n", text(socket.getInputStream().readNBytes(12)));
    }

    @Test
    void shouldMakeTheSameGarbageFromTheSameSeed() throws IOException {
        port.repliesOnce(WireFaults.garbage(0, 1, 5));
        byte[] first = ask(1).getBytes(StandardCharsets.ISO_8859_1);
        port.repliesOnce(WireFaults.garbage(0, 1, 5));
        assertArrayEquals(first, ask(1).getBytes(StandardCharsets.ISO_8859_1));
        assertEquals('+', first[0]);
        for (int i = 1; i < first.length; i++) {
            assertTrue(first[i] < 0, "a byte above 0x7F");
        }
        assertEquals("+4\r\n", ask(1));
    }

    @Test
    void shouldPutAnotherReplyInPlace() throws IOException {
        port.repliesOnce(WireFaults.replaceReply(1, "-OOM\r\n".getBytes(StandardCharsets.US_ASCII)));
        send(3);
        assertEquals("+2\r\n-OOM\r\n+4\r\n", text(socket.getInputStream().readNBytes(14)));
    }

    @Test
    void shouldHoldBackUntilItGoesOn() throws IOException {
        for (WireFault fault : List.of(WireFaults.PAUSE, WireFaults.delay(60_000))) {
            port.replies(fault);
            send(1);
            socket.setSoTimeout(20);
            assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
            socket.setSoTimeout(LIMIT_MS);
            port.replies(WireFaults.NONE);
            assertEquals('+', socket.getInputStream().read());
            socket.getInputStream().readNBytes(3);
        }
        port.requests(WireFaults.DRIP);
        port.replies(WireFaults.DRIP);
        assertEquals("+4\r\n+5\r\n", ask(2));
    }

    @Test
    void shouldTakeInAndForwardNothing() throws IOException {
        port.requests(WireFaults.BLACK_HOLE);
        send(1);
        while (port.requestStrikes().get() == 0) {
            Thread.onSpinWait();
        }
        port.requests(WireFaults.NONE);
        // nothing behind a gap arrives, ever: the strikes tell that it was taken in
        long struck = port.requestStrikes().get();
        send(1);
        while (port.requestStrikes().get() == struck) {
            Thread.onSpinWait();
        }
        assertEquals(0, socket.getInputStream().available());
        socket.close();
        connect();
        assertEquals("+1\r\n", ask(1));
    }

    @Test
    void shouldRefuseHangUpAndListenAgain() throws IOException {
        port.refuse();
        assertThrows(ConnectException.class, this::connect);
        assertEquals("+2\r\n", ask(1));
        port.heal();
        port.hangUp();
        connect();
        assertEquals("", untilEnd());
        port.hangUpWithReset();
        connect();
        assertThrows(SocketException.class, this::untilEnd);
        port.heal();
        connect();
        assertEquals("+1\r\n", ask(1));
    }
}
