package org.millrace.perf.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.client.SimpleClient;

/**
 * A real Redis server on a free port of 127.0.0.1 that keeps everything in memory. It is ready when {@link #start}
 * returns and gone when {@link #close} returns; should the JVM end without closing it, it is killed.
 */
public final class LocalRedis implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final int READY_TIMEOUT_MS = 10_000;
    private static final int STOP_TIMEOUT_MS = 3_000;
    private static final int CALL_TIMEOUT_MS = 10_000;
    private static final int LOG_LINES = 20;
    private static final int LAST_WORDS_MS = 500;

    private final Process process;
    private final int port;
    private final Deque<String> log = new ArrayDeque<>();
    private Thread logReader;

    private LocalRedis(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts the server that {@link RedisExecutable#find} finds, with more of its arguments if there are any. */
    public static LocalRedis start(String... extraArguments) throws IOException {
        return start(RedisExecutable.find(), extraArguments);
    }

    /**
     * Starts this server.
     *
     * @throws IOException if it does not answer PING in time; the message holds its last words
     */
    public static LocalRedis start(Path executable, String... extraArguments) throws IOException {
        IOException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = FreePort.find();
            LocalRedis redis = launch(executable, port, extraArguments);
            try {
                redis.awaitReady();
                return redis;
            } catch (IOException e) {
                // Somebody else may have taken the port in between: once more with another one.
                redis.close();
                last = e;
            }
        }
        throw last;
    }

    /** Starts a server on this port, where one was before that has ended. */
    public static LocalRedis startOn(int port, String... extraArguments) throws IOException {
        LocalRedis redis = launch(RedisExecutable.find(), port, extraArguments);
        try {
            redis.awaitReady();
            return redis;
        } catch (IOException e) {
            redis.close();
            throw e;
        }
    }

    /** Starts {@code count} servers; all or none. */
    public static List<LocalRedis> startAll(int count) throws IOException {
        List<LocalRedis> servers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                servers.add(start());
            }
        } catch (IOException e) {
            closeAll(servers);
            throw e;
        }
        return servers;
    }

    /** Stops all of them. */
    public static void closeAll(Collection<LocalRedis> servers) {
        servers.forEach(LocalRedis::close);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /** Process id, for tests that stop and continue it by signal. */
    public long pid() {
        return process.pid();
    }

    /** Sends one command and returns the reply's first element as text. */
    public String call(String... arguments) throws IOException {
        try (SimpleClient client = new SimpleClient(address(), CALL_TIMEOUT_MS)) {
            return client.call(arguments);
        }
    }

    /** Kills it (SIGKILL), and returns when it is gone. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ChildWatchdog.forget(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        ChildWatchdog.forget(process.pid());
    }

    private static LocalRedis launch(Path executable, int port, String... extraArguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(executable.toString(), "--port", String.valueOf(port),
            "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(List.of(extraArguments));
        Process process = new ProcessBuilder(ChildWatchdog.ownSession(command))
            .directory(Path.of(System.getProperty("java.io.tmpdir")).toFile())
            .redirectErrorStream(true)
            .start();
        ChildWatchdog.watch(process.pid());
        LocalRedis redis = new LocalRedis(process, port);
        redis.logReader = Thread.ofPlatform().daemon().name("redis-log-" + port).start(redis::drainLog);
        return redis;
    }

    private void awaitReady() throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_TIMEOUT_MS);
        IOException last = null;
        while (System.nanoTime() < deadlineNs && process.isAlive()) {
            try {
                // The port may be another's: only the server that we started knows its own process id.
                String info = call("INFO", "server");
                if (info.contains("process_id:" + process.pid() + "\r")) {
                    return;
                }
                last = new IOException("another server answers on port " + port);
                break;
            } catch (IOException e) {
                last = e;
                pause();
            }
        }
        throw new IOException("redis-server on port " + port + " did not start: "
            + (last == null ? "no answer" : last.getMessage()) + "\n" + lastLog(), last);
    }

    private void awaitLastWords() throws IOException {
        try {
            logReader.join(LAST_WORDS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a server was starting", e);
        }
    }

    private void pause() throws IOException {
        try {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a server was starting", e);
        }
    }

    private void drainLog() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (log) {
                    if (log.size() == LOG_LINES) {
                        log.removeFirst();
                    }
                    log.addLast(line);
                }
            }
        } catch (IOException e) {
            // The process is gone and its output with it.
        }
    }

    private String lastLog() throws IOException {
        if (!process.isAlive()) {
            awaitLastWords();
        }
        synchronized (log) {
            return String.join("\n", log);
        }
    }
}
