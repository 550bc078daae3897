package org.millrace.perf.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that this JVM started, with the last lines that it printed; gone after {@link #close}, or with the JVM. */
final class ChildProcess implements AutoCloseable {
    private static final int LINES = 40;
    private static final int STOP_TIMEOUT_MS = 8_000;
    private static final int LAST_WORDS_MS = 500;

    private final Process process;
    private final Deque<String> lines = new ArrayDeque<>();
    private Thread reader;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param environment what to set; a value of null removes
     */
    static ChildProcess start(List<String> command, Path folder, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(ChildWatchdog.ownSession(command))
            .directory(folder.toFile()).redirectErrorStream(true);
        environment.forEach((name, value) -> {
            if (value == null) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        ChildWatchdog.watch(process.pid());
        ChildProcess child = new ChildProcess(process);
        child.reader = Thread.ofPlatform().daemon().name("output-" + process.pid()).start(child::drain);
        return child;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The last lines of what it printed; all of its last words if it has ended. */
    String lastLines() {
        if (!isAlive()) {
            try {
                reader.join(LAST_WORDS_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** Kills it (SIGKILL), and returns when it is gone. */
    void kill(int timeoutMs) {
        try {
            process.destroyForcibly().waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ChildWatchdog.forget(process.pid());
    }

    /** Asks it to end (SIGTERM), kills it if it has not in {@code timeoutMs}, and returns when it is gone. */
    void end(int timeoutMs) {
        process.destroy();
        try {
            process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill(timeoutMs);
    }

    @Override
    public void close() {
        end(STOP_TIMEOUT_MS);
    }

    private void drain() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lines) {
                    if (lines.size() == LINES) {
                        lines.removeFirst();
                    }
                    lines.addLast(line);
                }
            }
        } catch (IOException e) {
            // The process is gone and its output with it.
        }
    }
}
