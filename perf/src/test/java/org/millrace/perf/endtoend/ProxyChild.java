package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** Millrace as a process of its own, with limits that the system sets it. */
final class ProxyChild implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final int port;
    private final int statsPort;
    private final List<RawClient> clients = new ArrayList<>();

    /**
     * Starts it and waits until it serves, unless it ends before.
     *
     * @param folder  for its files
     * @param shell   what the shell is to do first, such as {@code ulimit -n 64}
     * @param java    options of the JVM
     * @param stderr  where its log goes, or null for a file that {@link #log()} reads
     * @param limits  lines of the file under {@code millrace:}, indented
     */
    ProxyChild(Path folder, String shell, List<String> java, String stderr, String limits, List<LocalRedis> servers)
        throws IOException {
        this(folder, shell, java, stderr, "  timeout: 1000\n", limits, servers);
    }

    /**
     * Starts it with other directives of the pool.
     *
     * @param pool lines of the pool, indented, without listen, redis and servers
     */
    ProxyChild(Path folder, String shell, List<String> java, String stderr, String pool, String limits,
        List<LocalRedis> servers) throws IOException {
        port = FreePort.find();
        statsPort = FreePort.find();
        StringBuilder yaml = new StringBuilder("test:\n  listen: 127.0.0.1:").append(port)
            .append("\n  redis: true\n").append(pool).append("  servers:\n");
        servers.forEach(server -> yaml.append("    - 127.0.0.1:").append(server.port()).append(":1\n"));
        Path conf = Files.writeString(folder.resolve("child.yml"), yaml + "millrace:\n" + limits);
        log = folder.resolve("child.log");
        List<String> command = new ArrayList<>(List.of("bash", "-c", shell + "; exec \"$@\" 2> "
            + (stderr == null ? "'" + log + "'" : stderr), "child",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(java);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.millrace.engine.cli.Main", "-c",
            conf.toString(), "-a", "127.0.0.1", "-s", Integer.toString(statsPort)));
        process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        // it answers a little before it has started: until then it opens and closes files of its own
        Await.until(this::log, START,
            () -> !process.isAlive() || answers() && (stderr != null || log().contains(" started, ")));
    }

    private boolean answers() {
        try (RawClient client = new RawClient(port)) {
            return client.call("PING").equals("+PONG\r\n");
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** A client that is closed with the child. */
    RawClient client() throws IOException {
        RawClient client = new RawClient(port);
        clients.add(client);
        return client;
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What the stats port says. */
    String stats() {
        try (Socket socket = new Socket("127.0.0.1", statsPort)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code, once it has ended by itself. */
    int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end");
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
