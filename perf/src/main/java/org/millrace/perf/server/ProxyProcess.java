package org.millrace.perf.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.millrace.perf.client.MemcachedCall;
import org.millrace.perf.client.SimpleClient;

/** A proxy in a process of its own, with a folder that is removed with it. */
final class ProxyProcess implements RunningProxy {
    private static final long READY_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int CALL_TIMEOUT_MS = 2_000;

    private final String name;
    private final ChildProcess child;
    private final Path folder;
    private final InetSocketAddress address;
    private final Path gcLog;

    private ProxyProcess(String name, ChildProcess child, Path folder, int port, Path gcLog) {
        this.name = name;
        this.child = child;
        this.folder = folder;
        this.address = new InetSocketAddress("127.0.0.1", port);
        this.gcLog = gcLog;
    }

    static Path folder() throws IOException {
        return Files.createTempDirectory("millrace-pressure-");
    }

    /**
     * Starts it.
     *
     * @param redis whether what listens on {@code port} speaks RESP; memcached's text otherwise
     */
    static ProxyProcess start(String name, List<String> command, Path folder, Map<String, String> environment, int port,
        boolean redis, Path gcLog) throws IOException {
        ProxyProcess proxy = new ProxyProcess(name, ChildProcess.start(command, folder, environment), folder, port,
            gcLog);
        try {
            proxy.awaitReady(redis);
            return proxy;
        } catch (IOException e) {
            proxy.close();
            throw e;
        }
    }

    private void awaitReady(boolean redis) throws IOException {
        long deadlineNs = System.nanoTime() + READY_NS;
        while (System.nanoTime() < deadlineNs && child.isAlive()) {
            try {
                if (redis ? answersPing() : answersVersion()) {
                    return;
                }
            } catch (IOException e) {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
        String state = child.isAlive() ? " does not answer" : " has ended";
        throw new IOException(name + state + "; its last lines:\n" + child.lastLines());
    }

    private boolean answersPing() throws IOException {
        try (SimpleClient client = new SimpleClient(address, CALL_TIMEOUT_MS)) {
            return "PONG".equals(client.call("PING"));
        }
    }

    private boolean answersVersion() throws IOException {
        return MemcachedCall.call(address, "version", CALL_TIMEOUT_MS).startsWith("VERSION ");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public boolean isAlive() {
        return child.isAlive();
    }

    @Override
    public boolean isJava() {
        return gcLog != null;
    }

    @Override
    public Path gcLog() {
        return gcLog;
    }

    @Override
    public String lastLines() {
        return child.lastLines();
    }

    @Override
    public void close() throws IOException {
        child.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
