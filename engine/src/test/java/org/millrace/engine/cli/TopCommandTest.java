package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code millrace top} against a port that says what a stats port says. */
@Timeout(30)
class TopCommandTest {
    private static final String STATS = "{\"service\":\"nutcracker\", \"source\":\"db-7\", \"version\":\"0.1.0\", "
        + "\"uptime\":61, \"alpha\": {\"client_connections\":5, \"s1\": {\"requests\":%d}}}\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return TopCommand.run(List.of(args), new PrintStream(out), new PrintStream(err));
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldPrintOnePictureAfterAnotherWhereThereIsNoTerminal() throws Exception {
        try (ServerSocket port = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread stats = Thread.ofPlatform().daemon().start(() -> serve(port, 3));
            assertEquals(Main.OK, run("-s", Integer.toString(port.getLocalPort()), "-d", "0.1", "-n", "2"), error());
            stats.join();
        }
        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(2, text.split("pool alpha: 5 clients", -1).length - 1, text);
        assertTrue(text.startsWith("Millrace 0.1.0 on db-7, up 00:01:01"), text);
        assertEquals(-1, text.indexOf('\u001b'), text);
    }

    private static void serve(ServerSocket port, int times) {
        try {
            for (int i = 0; i < times; i++) {
                try (Socket reader = port.accept()) {
                    reader.getOutputStream().write(STATS.formatted(i * 100).getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldSayWhereItLookedForNobody() throws Exception {
        int free;
        try (ServerSocket port = new ServerSocket(0)) {
            free = port.getLocalPort();
        }
        assertEquals(Main.FAILED, run("--stats-port", Integer.toString(free)));
        assertTrue(error().contains("nothing to be read at 127.0.0.1:" + free), error());
        assertTrue(error().contains("-s and -a"), error());
    }

    @Test
    void shouldSayIfSomethingElseIsThere() throws Exception {
        try (ServerSocket port = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                try (Socket reader = port.accept()) {
                    reader.getOutputStream().write("-ERR no\r\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertEquals(Main.FAILED, run("-s", Integer.toString(port.getLocalPort())));
        }
        assertTrue(error().contains("is not JSON at character 0"), error());
    }

    @ParameterizedTest
    @CsvSource({"-s,0,1 to 65535", "-s,x,1 to 65535", "-d,0,0.1 to 3600", "-d,5000,0.1 to 3600", "-n,0,from 1 on",
        "-q,1,unknown option"})
    void shouldNameTheBadOption(String option, String value, String allowed) {
        assertEquals(Main.FAILED, run(option, value));
        assertTrue(error().contains(allowed) && error().contains(TopCommand.USAGE), error());
    }

    @Test
    void shouldTeach() {
        assertEquals(Main.OK, run("--help"));
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains(TopCommand.USAGE) && text.contains("--delay SECONDS"), text);
    }
}
