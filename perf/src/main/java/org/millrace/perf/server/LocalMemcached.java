package org.millrace.perf.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.perf.client.MemcachedCall;

/** A real memcached. It is ready when {@link #start} returns and gone when {@link #close} returns. */
public final class LocalMemcached extends LocalServer {
    private static final int CALL_TIMEOUT_MS = 10_000;

    private LocalMemcached(List<String> command, int port) throws IOException {
        super(command, port);
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
        return startAnywhere(LocalMemcached::startOn);
    }

    /** Starts a server on this port, where one was before that has ended. */
    public static LocalMemcached startOn(int port) throws IOException {
        List<String> command = new ArrayList<>(List.of("memcached", "-l", "127.0.0.1", "-p", Integer.toString(port),
            "-U", "0", "-t", "1", "-m", "128", "-I", "8m"));
        if (System.getProperty("user.name").equals("root")) {
            // it does not run as root
            command.addAll(List.of("-u", "nobody"));
        }
        LocalMemcached server = new LocalMemcached(command, port);
        server.awaitReady();
        return server;
    }

    /** Starts {@code count} servers; all or none. */
    public static List<LocalMemcached> startAll(int count) throws IOException {
        return startAll(count, LocalMemcached::startOn);
    }

    @Override
    String name() {
        return "memcached";
    }

    @Override
    boolean answersItself() throws IOException {
        return call("stats").contains("STAT pid " + pid() + "\r\n");
    }

    /** Sends lines, then quit, and returns all that is answered. */
    public String call(String lines) throws IOException {
        return MemcachedCall.call(address(), lines, CALL_TIMEOUT_MS);
    }

    /** Kills it: it has nothing to keep, and takes up to a second to end by itself. */
    @Override
    public void close() {
        kill();
    }
}
