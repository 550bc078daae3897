package org.millrace.perf.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.client.SocketLoop;

/** One thread of a check with its share of the connections. */
final class CheckWorker implements Runnable {
    private static final long TICK_MS = 10;
    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final CheckConfig config;
    private final SocketLoop loop = SocketLoop.selecting();
    private final CheckStats stats = new CheckStats();
    private final List<CheckConnection> connections = new ArrayList<>();
    private volatile boolean stopped;

    CheckWorker(CheckConfig config, int number) throws IOException {
        this.config = config;
        for (int i = number; i < config.connections(); i += config.threads()) {
            long rest = config.requests() % config.connections();
            long share = config.requests() / config.connections() + (i < rest ? 1 : 0);
            connections.add(new CheckConnection(config, i, share, stats, loop));
        }
    }

    /** Opens all connections; the caller's thread owns the worker until it starts it. */
    void connect() throws IOException {
        connections.forEach(CheckConnection::connect);
        long deadlineNs = System.nanoTime() + CONNECT_TIMEOUT_NS;
        for (CheckConnection connection : connections) {
            while (!connection.isOpen()) {
                if (connection.closed() != null || System.nanoTime() > deadlineNs) {
                    throw new IOException("cannot connect to " + config.target().getHostString() + ':'
                        + config.target().getPort() + ": "
                        + (connection.closed() == null ? "no answer" : connection.closed()));
                }
                loop.await(TICK_MS);
            }
        }
    }

    @Override
    public void run() {
        try (loop) {
            long nextTickNs = System.nanoTime();
            boolean finished = false;
            while (!finished) {
                long nowNs = System.nanoTime();
                if (nowNs >= nextTickNs) {
                    finished = tick(nowNs);
                    nextTickNs = nowNs + TICK_MS * 1_000_000;
                }
                loop.await(TICK_MS);
            }
        } catch (IOException e) {
            stats.text("the checker itself failed: " + e);
        }
    }

    private boolean tick(long nowNs) {
        boolean finished = true;
        for (CheckConnection connection : connections) {
            if (stopped) {
                connection.stop();
            }
            connection.tick(nowNs);
            finished &= connection.isFinished();
        }
        return finished;
    }

    void stop() {
        stopped = true;
    }

    CheckStats stats() {
        return stats;
    }

    void close() throws IOException {
        loop.close();
    }
}
