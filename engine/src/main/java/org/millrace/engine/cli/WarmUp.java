package org.millrace.engine.cli;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Serves a little in front of a server of its own, then stops: what the JVM watches when it is asked for an archive of
 * the classes that a start needs ({@code -XX:AOTCacheOutput}). Everything is on free ports of 127.0.0.1.
 */
final class WarmUp {
    private static final int ROUNDS = 40;
    private static final int TIMEOUT_MS = 10_000;
    private static final String[] REQUESTS = {"PING", "SET key value", "GET key", "MGET a b c d", "DEL a b", "INFO",
        "HELLO 2", "CLIENT SETNAME warm", "FOO", "INCR n"};

    private WarmUp() {
    }

    /** Ends the process: 0 if all was answered. */
    static int run(PrintStream err) throws InterruptedException {
        try {
            InetAddress here = InetAddress.getByName("127.0.0.1");
            ServerSocket server = new ServerSocket(0, 8, here);
            int port;
            int statsPort;
            try (ServerSocket free = new ServerSocket(0, 1, here); ServerSocket other = new ServerSocket(0, 1, here)) {
                port = free.getLocalPort();
                statsPort = other.getLocalPort();
            }
            Path file = Files.createTempFile("millrace-warm-up", ".yml");
            String address = "127.0.0.1:" + server.getLocalPort();
            Files.writeString(file, "warm:\n  listen: 127.0.0.1:" + port + "\n  redis: true\n  timeout: " + TIMEOUT_MS
                + "\n  servers:\n    - " + address + ":1 one\n    - " + address + ":1 two\n");
            Thread.ofPlatform().daemon().name("warm-up-server").start(() -> accept(server));
            Thread.ofPlatform().daemon().name("warm-up-client").start(() -> end(use(port, statsPort, err), file));
            return ServeCommand.run(Options.parse("-c", file.toString(), "-a", "127.0.0.1", "-s",
                Integer.toString(statsPort)), UnaryOperator.identity(),
                new PrintStream(PrintStream.nullOutputStream()));
        } catch (IOException | UsageException e) {
            err.println("millrace: warm-up: " + e.getMessage());
            return Main.FAILED;
        }
    }

    /** A JVM that writes an archive when it ends does not come to what is to be deleted on exit. */
    private static void end(int code, Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // left to whoever clears the directory
        }
        System.exit(code);
    }

    /** A client that waits until the proxy serves, then uses it. */
    private static int use(int port, int statsPort, PrintStream err) {
        long deadlineNs = System.nanoTime() + TIMEOUT_MS * 1_000_000L;
        IOException last;
        do {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(TIMEOUT_MS);
                for (int i = 0; i < ROUNDS; i++) {
                    for (String request : REQUESTS) {
                        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
                        if (socket.getInputStream().read(new byte[8192]) < 0) {
                            throw new EOFException("no answer to " + request);
                        }
                    }
                }
                try (Socket stats = new Socket("127.0.0.1", statsPort)) {
                    stats.getInputStream().readAllBytes();
                }
                return Main.OK;
            } catch (IOException e) {
                last = e;
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - deadlineNs < 0);
        err.println("millrace: warm-up: " + last);
        return Main.FAILED;
    }

    private static void accept(ServerSocket server) {
        try (server) {
            while (true) {
                Socket socket = server.accept();
                Thread.ofPlatform().daemon().name("warm-up-link").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // with the process
            return;
        }
    }

    private static void serve(Socket socket) {
        try (socket; InputStream in = new BufferedInputStream(socket.getInputStream())) {
            while (true) {
                int words = Integer.parseInt(line(in).substring(1));
                String name = "";
                for (int i = 0; i < words; i++) {
                    byte[] word = in.readNBytes(Integer.parseInt(line(in).substring(1)));
                    name = i == 0 ? new String(word, StandardCharsets.US_ASCII) : name;
                    line(in);
                }
                String reply = switch (name.toUpperCase(Locale.ROOT)) {
                    case "GET" -> "$5\r\nvalue\r\n";
                    case "MGET" -> "*" + (words - 1) + "\r\n" + "$-1\r\n".repeat(words - 1);
                    case "SET" -> "+OK\r\n";
                    default -> ":1\r\n";
                };
                socket.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // the proxy has closed it
            return;
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            text.append((char) c);
        }
        text.setLength(text.length() - 1);
        return text.toString();
    }
}
