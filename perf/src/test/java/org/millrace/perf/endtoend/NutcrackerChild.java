package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.ProxyPrograms;

/** The real nutcracker, the program that ours stands in for. A test that needs it is aborted where there is none. */
final class NutcrackerChild implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(10);

    private final Process process;

    /**
     * Starts it and waits until it listens.
     *
     * @param port of one of its pools
     */
    NutcrackerChild(Path folder, String yaml, int port) throws IOException {
        Path program = ProxyPrograms.findNutcracker();
        if (program == null) {
            Assumptions.abort("no nutcracker is installed");
        }
        Files.writeString(folder.resolve("nutcracker.yml"), yaml);
        Path log = folder.resolve("nutcracker.log");
        process = new ProcessBuilder(program.toString(), "-c", "nutcracker.yml", "-a", "127.0.0.1", "-s",
            Integer.toString(FreePort.find()), "-o", log.toString()).directory(folder.toFile())
            .redirectErrorStream(true).redirectOutput(folder.resolve("nutcracker.out").toFile()).start();
        Await.until(() -> "nutcracker does not listen: " + read(log), START,
            () -> !process.isAlive() || isListening(port));
        assertTrue(process.isAlive(), () -> read(log));
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
