package org.millrace.perf.pressure;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.Pacer;
import org.millrace.perf.load.Schedule;

/** Sends at a fixed rate whatever the answers do, on the thread that calls {@link #run}. Ends in bounded time. */
final class OpenLoop {
    private static final long TICK_MS = 5;
    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);

    private final OpenLoopOptions options;
    private final OpenLoopConnection[] connections;
    private final OpenLoopStats stats = new OpenLoopStats();
    private final SocketLoop loop = SocketLoop.selecting();

    OpenLoop(OpenLoopOptions options, RequestSource source) throws IOException {
        this.options = options;
        connections = new OpenLoopConnection[options.connections()];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new OpenLoopConnection(options, source, stats, i, loop);
        }
    }

    /**
     * Connects, runs, closes.
     *
     * @throws IOException if the target cannot be reached at the start
     */
    OpenLoopStats run() throws IOException {
        try (loop) {
            connect();
            long startNs = System.nanoTime();
            long measureFromNs = startNs + options.warmupNs();
            long endNs = measureFromNs + options.durationNs();
            Schedule schedule = new Schedule(startNs, connections.length,
                connections.length * 1e9 / options.ratePerSecond(), options.seed());
            for (OpenLoopConnection connection : connections) {
                connection.begin(schedule, measureFromNs, endNs);
            }
            Pacer pacer = new Pacer(schedule, loop);
            Thread.ofPlatform().daemon().name("open-loop-pacer").start(pacer);
            try {
                turnUntil(schedule, startNs, endNs);
            } finally {
                pacer.stop();
            }
            drain(endNs);
            long nowNs = System.nanoTime();
            for (OpenLoopConnection connection : connections) {
                connection.countUnsent(nowNs);
            }
        }
        return stats;
    }

    private void connect() throws IOException {
        long deadlineNs = System.nanoTime() + CONNECT_NS;
        for (OpenLoopConnection connection : connections) {
            connection.connect();
            while (!connection.isOpen()) {
                if (connection.failure() != null || System.nanoTime() > deadlineNs) {
                    throw new IOException("cannot connect to " + options.target() + ": "
                        + (connection.failure() == null ? "no answer" : connection.failure()));
                }
                loop.await(TICK_MS);
            }
        }
    }

    private void turnUntil(Schedule schedule, long startNs, long endNs) throws IOException {
        long next = 0;
        long tickNs = startNs;
        for (long nowNs = startNs; nowNs - endNs < 0; nowNs = System.nanoTime()) {
            for (int visits = 0; schedule.dueNs(next) - nowNs <= 0; next++) {
                // A connection that is behind sends all that is due at once, so one visit for each is enough.
                if (visits++ < connections.length) {
                    connections[schedule.connectionOf(next)].pump(nowNs);
                }
            }
            if (nowNs - tickNs >= 0) {
                tickNs = nowNs + TICK_MS * 1_000_000;
                for (OpenLoopConnection connection : connections) {
                    connection.tick(nowNs);
                }
            }
            loop.await(TICK_MS);
        }
    }

    private void drain(long endNs) throws IOException {
        if (options.byArrival()) {
            return;
        }
        for (OpenLoopConnection connection : connections) {
            while (!connection.isIdle() && System.nanoTime() - endNs < DRAIN_NS) {
                loop.await(TICK_MS);
            }
        }
    }
}
