package org.millrace.codec.resp.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.millrace.codec.ServerPort;

/** The installed Redis server on a free port of this machine, ended with {@link #close()}. */
final class RedisServer implements AutoCloseable {
    private final Process process;
    private final Path folder;
    private final int port;

    private RedisServer(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Starts a server; the test is skipped where none is installed. */
    static RedisServer start() throws IOException {
        final Path folder = Files.createTempDirectory("millrace-redis");
        final int port = ServerPort.find();
        final ProcessBuilder builder = new ProcessBuilder("redis-server", "--port", Integer.toString(port),
            "--save", "", "--bind", "127.0.0.1", "--dir", folder.toString());
        builder.redirectErrorStream(true).redirectOutput(new File(folder.toFile(), "log"));
        Process process = null;
        try {
            process = builder.start();
        } catch (IOException e) {
            Assumptions.abort("no redis-server is installed: " + e.getMessage());
        }
        return new RedisServer(process, folder, port);
    }

    /** A client once the server answers. */
    RespClient connect() throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                final RespClient client = new RespClient(port);
                if ("PONG".equals(client.call("PING"))) {
                    return client;
                }
                client.close();
            } catch (IOException e) {
                if (System.nanoTime() > deadlineNs || !process.isAlive()) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.deleteIfExists(folder.resolve("log"));
            Files.deleteIfExists(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // A leftover in the folder for temporary files harms nobody.
            folder.toFile().deleteOnExit();
        }
    }
}
