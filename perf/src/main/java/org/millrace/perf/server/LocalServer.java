package org.millrace.perf.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real server of keys and values on a port of 127.0.0.1, a process of its own that keeps everything in memory. Should
 * the JVM end without closing it, it is killed.
 */
public abstract class LocalServer implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final int READY_TIMEOUT_MS = 10_000;
    private static final int STOP_TIMEOUT_MS = 3_000;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ChildProcess child;
    private final int port;

    /** Starts its process; it may not be ready yet. */
    LocalServer(List<String> command, int port) throws IOException {
        this.port = port;
        child = ChildProcess.start(command, Path.of(System.getProperty("java.io.tmpdir")), Map.of());
    }

    /**
     * Starts a server on a given port.
     *
     * @param <S> what is started
     */
    @FunctionalInterface
    public interface Starter<S extends LocalServer> {
        /**
         * Returns when it is ready.
         *
         * @throws IOException if it does not answer in time; the message holds its last words
         */
        S startOn(int port) throws IOException;
    }

    /** Starts one on a free port. */
    static <S extends LocalServer> S startAnywhere(Starter<S> starter) throws IOException {
        IOException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return starter.startOn(FreePort.find());
            } catch (IOException e) {
                // Somebody else may have taken the port in between: once more with another one.
                last = e;
            }
        }
        throw last;
    }

    /** Starts {@code count} servers; all or none. */
    static <S extends LocalServer> List<S> startAll(int count, Starter<S> starter) throws IOException {
        List<S> servers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                servers.add(startAnywhere(starter));
            }
        } catch (IOException e) {
            closeAll(servers);
            throw e;
        }
        return servers;
    }

    /** Closes all of them. */
    public static void closeAll(Collection<? extends LocalServer> servers) {
        servers.forEach(LocalServer::close);
    }

    /** What to call it in messages. */
    abstract String name();

    /**
     * Whether it is this process that answers on the port, not another's.
     *
     * @throws IOException if nobody answers
     */
    abstract boolean answersItself() throws IOException;

    /** Waits until it answers; closes it if it does not. */
    final void awaitReady() throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_TIMEOUT_MS);
        IOException last = null;
        while (System.nanoTime() - deadlineNs < 0 && child.isAlive()) {
            try {
                if (answersItself()) {
                    return;
                }
                last = new IOException("another server answers on port " + port);
                break;
            } catch (IOException e) {
                last = e;
                LockSupport.parkNanos(LOOK_NS);
            }
        }
        close();
        throw new IOException(name() + " on port " + port + " did not start: "
            + (last == null ? "no answer" : last.getMessage()) + "\n" + child.lastLines(), last);
    }

    /** Where it listens. */
    public final int port() {
        return port;
    }

    /** Where it listens. */
    public final InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /** Process id, for those who stop and continue it by signal. */
    public final long pid() {
        return child.pid();
    }

    /** Kills it (SIGKILL), and returns when it is gone. */
    public final void kill() {
        child.kill(STOP_TIMEOUT_MS);
    }

    /** Asks it to end (SIGTERM), kills it if it does not, and returns when it is gone. */
    public final void end() {
        child.end(STOP_TIMEOUT_MS);
    }

    /** Ends it as its kind is ended best, and returns when it is gone. */
    @Override
    public abstract void close();
}
