package org.millrace.perf.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real memcached on a free port of 127.0.0.1. It is ready when {@link #start} returns and gone when {@link #close}
 * returns; should the JVM end without closing it, it is killed.
 */
public final class LocalMemcached implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final int READY_TIMEOUT_MS = 10_000;
    private static final int STOP_TIMEOUT_MS = 3_000;
    private static final int CALL_TIMEOUT_MS = 10_000;

    private final Process process;
    private final int port;

    private LocalMemcached(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** True if memcached is on the {@code PATH}. */
    public static boolean isInstalled() {
        return Programs.find("memcached") != null;
    }

    /**
     * Starts a server with items of up to 8 MiB.
     *
     * @throws IOException if it does not answer in time
     */
    public static LocalMemcached start() throws IOException {
        IOException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return startOn(FreePort.find());
            } catch (IOException e) {
                // somebody else may have taken the port in between
                last = e;
            }
        }
        throw last;
    }

    /** Starts a server on this port, where one was before that has ended. */
    public static LocalMemcached startOn(int port) throws IOException {
        List<String> command = new ArrayList<>(List.of("memcached", "-l", "127.0.0.1", "-p", Integer.toString(port),
            "-U", "0", "-t", "1", "-m", "128", "-I", "8m"));
        if (System.getProperty("user.name").equals("root")) {
            // it does not run as root
            command.addAll(List.of("-u", "nobody"));
        }
        Process process = new ProcessBuilder(ChildWatchdog.ownSession(command)).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        ChildWatchdog.watch(process.pid());
        LocalMemcached server = new LocalMemcached(process, port);
        try {
            server.awaitReady();
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Starts {@code count} servers; all or none. */
    public static List<LocalMemcached> startAll(int count) throws IOException {
        List<LocalMemcached> servers = new ArrayList<>();
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
    public static void closeAll(Collection<LocalMemcached> servers) {
        servers.forEach(LocalMemcached::close);
    }

    private void awaitReady() throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_TIMEOUT_MS);
        IOException last = new IOException("memcached on port " + port + " has ended at once");
        while (System.nanoTime() - deadlineNs < 0 && process.isAlive()) {
            try {
                // the port may be another's: only the server that we started knows its own process id
                if (call("stats").contains("STAT pid " + process.pid() + "\r\n")) {
                    return;
                }
                throw new IOException("another server answers on port " + port);
            } catch (IOException e) {
                last = e;
                pause();
            }
        }
        throw last;
    }

    private void pause() throws IOException {
        try {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a server was starting", e);
        }
    }

    /** Sends lines, then quit, and returns all that is answered. */
    public String call(String lines) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address(), CALL_TIMEOUT_MS);
            socket.setSoTimeout(CALL_TIMEOUT_MS);
            socket.getOutputStream().write((lines + "\r\nquit\r\n").getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
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

    /** Kills it (SIGKILL), and returns when it is gone. */
    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ChildWatchdog.forget(process.pid());
    }
}
