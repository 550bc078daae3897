package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** Runs Millrace's command line as a process of its own, in a folder of its own, and ends whatever is left of it. */
final class ProxyCommand implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Path folder;
    private final int port = FreePort.find();
    private final int statsPort = FreePort.find();
    private final List<ProcessHandle> started = new ArrayList<>();

    /**
     * Writes the configuration {@code millrace.yml} of one pool.
     *
     * @param directives of the pool, indented
     */
    ProxyCommand(Path folder, String directives, List<LocalRedis> servers) throws IOException {
        this.folder = folder;
        StringBuilder yaml = new StringBuilder("test:\n  listen: 127.0.0.1:").append(port)
            .append("\n  redis: true\n  timeout: 1000\n").append(directives).append("  servers:\n");
        servers.forEach(server -> yaml.append("    - 127.0.0.1:").append(server.port()).append(":1\n"));
        if (servers.isEmpty()) {
            yaml.append("    - 127.0.0.1:").append(FreePort.find()).append(":1\n");
        }
        Files.writeString(folder.resolve("millrace.yml"), yaml);
    }

    int port() {
        return port;
    }

    int statsPort() {
        return statsPort;
    }

    /** The arguments to serve the pool. */
    String[] serving(String... more) {
        return Stream.of(new String[] {"-c", "millrace.yml", "-a", "127.0.0.1", "-s", Integer.toString(statsPort)},
            more).flatMap(Stream::of).toArray(String[]::new);
    }

    /** Starts a process with these arguments; what it prints goes to {@code out} and {@code err}. */
    Process start(String... args) throws IOException {
        return startIn(":", args);
    }

    /** The same, after a shell has done something, such as {@code ulimit -n 64}. */
    Process startIn(String shell, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", shell + "; exec \"$@\"", "proxy",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED", "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.millrace.engine.cli.Main"));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile()).start();
        started.add(process.toHandle());
        return process;
    }

    /** Starts a process and waits until it serves. */
    Process serve(String shell, String... more) throws IOException {
        Process process = startIn(shell, serving(more));
        Await.until(() -> "it does not serve: " + text("err"), START, () -> answers() || !process.isAlive());
        assertTrue(process.isAlive(), () -> text("err"));
        return process;
    }

    /** Runs a command to its end; its exit code. */
    int run(String... args) throws IOException, InterruptedException {
        return exitCode(start(args));
    }

    static int exitCode(Process process) throws InterruptedException {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end");
        return process.exitValue();
    }

    /** The process that a pid file names, which is ended with the others. */
    ProcessHandle processOf(String pidFile) {
        ProcessHandle process = ProcessHandle.of(Long.parseLong(text(pidFile))).orElseThrow();
        started.add(process);
        return process;
    }

    boolean answers() {
        try (RawClient client = new RawClient(port)) {
            return client.call("PING").equals("+PONG\r\n");
        } catch (IOException e) {
            return false;
        }
    }

    /** A file of the folder, empty if there is none. */
    String text(String file) {
        try {
            return exists(file) ? Files.readString(folder.resolve(file)) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A log, once all is in it that is said at start. */
    String started(String log) {
        Await.until(() -> "not said to have started: " + text(log), START, () -> text(log).contains(" started, "));
        return text(log);
    }

    boolean exists(String file) {
        return Files.exists(folder.resolve(file));
    }

    static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
        assertTrue(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor() == 0);
    }

    /** Waits until a process is gone. */
    static void gone(ProcessHandle process) {
        Await.until("process " + process.pid() + " is still there", () -> !process.isAlive());
    }

    @Override
    public void close() {
        started.forEach(ProcessHandle::destroyForcibly);
        started.forEach(ProxyCommand::gone);
    }
}
