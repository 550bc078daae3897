package org.millrace.perf.load;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.client.SocketLoop;

/** One thread of a run with its share of the connections. */
final class LoadWorker implements Runnable {
    private static final long TICK_MS = 10;
    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final LoadConfig config;
    private final int number;
    private final SocketLoop loop = new SocketLoop();
    private final WorkerStats stats;
    private final Workload workload;
    private final LoadConnection[] connections;

    private RunTimes times;
    private Schedule schedule;
    private long nextDue;
    private volatile IOException failure;

    LoadWorker(LoadConfig config, int number) throws IOException {
        this.config = config;
        this.number = number;
        workload = new Workload(config);
        stats = new WorkerStats(config.protocol().commands().size());
        int from = share(config.connections(), number);
        connections = new LoadConnection[share(config.connections(), number + 1) - from];
        for (int i = 0; i < connections.length; i++) {
            int global = from + i;
            long quota = config.requests() == 0 ? Long.MAX_VALUE
                : part(config.requests(), global + 1) - part(config.requests(), global);
            long seed = Mixer.mix(config.seed() * 1_000_003 + global);
            connections[i] = new LoadConnection(config, i, seed, part(config.keys(), global), quota, workload, stats,
                loop);
        }
    }

    /** Opens all connections; the caller's thread owns the worker until it starts it. */
    void connect() throws IOException {
        for (LoadConnection connection : connections) {
            connection.connect();
        }
        long deadlineNs = System.nanoTime() + CONNECT_TIMEOUT_NS;
        for (LoadConnection connection : connections) {
            while (!connection.isOpen()) {
                if (connection.connectFailure() != null || System.nanoTime() > deadlineNs) {
                    String why = connection.connectFailure() == null ? "no answer" : connection.connectFailure();
                    throw new IOException("cannot connect to " + config.target().getHostString() + ':'
                        + config.target().getPort() + ": " + why);
                }
                loop.await(TICK_MS);
            }
        }
    }

    void begin(RunTimes runTimes) {
        times = runTimes;
        if (config.ratePerSecond() > 0) {
            double intervalNs = config.connections() * 1e9 / config.ratePerSecond();
            schedule = new Schedule(runTimes.startNs(), connections.length, intervalNs, config.seed() + number,
                config.rampNs());
        }
        int from = share(config.connections(), number);
        for (int i = 0; i < connections.length; i++) {
            long joinNs = (long) ((double) config.rampNs() * (from + i) / config.connections());
            connections[i].begin(runTimes, schedule, runTimes.startNs() + joinNs);
        }
    }

    @Override
    public void run() {
        Pacer pacer = null;
        if (schedule != null && !config.isSpinning()) {
            pacer = new Pacer(schedule, loop);
            Thread.ofPlatform().daemon().name("load-pacer-" + number).start(pacer);
        }
        try (loop) {
            turnUntilFinished();
        } catch (IOException e) {
            failure = e;
        } finally {
            if (pacer != null) {
                pacer.stop();
            }
        }
    }

    private void turnUntilFinished() throws IOException {
        long nextTickNs = times.startNs();
        while (true) {
            long nowNs = System.nanoTime();
            if (schedule != null) {
                sendDue(nowNs);
            }
            if (nowNs >= nextTickNs) {
                if (tick(nowNs)) {
                    break;
                }
                nextTickNs = nowNs + TICK_MS * 1_000_000;
            }
            if (config.isSpinning()) {
                loop.poll();
            } else {
                loop.await(TICK_MS);
            }
        }
        long nowNs = System.nanoTime();
        for (LoadConnection connection : connections) {
            connection.countUnsent(nowNs);
        }
    }

    private void sendDue(long nowNs) {
        // A connection that is behind sends all that is due at once, so one visit for each is enough.
        for (int visits = 0; schedule.dueNs(nextDue) <= nowNs; nextDue++) {
            if (visits++ < connections.length) {
                connections[schedule.connectionOf(nextDue)].pump(nowNs);
            }
        }
    }

    private boolean tick(long nowNs) {
        boolean finished = true;
        for (LoadConnection connection : connections) {
            connection.tick(nowNs);
            finished &= connection.isFinished();
        }
        return finished;
    }

    WorkerStats stats() {
        return stats;
    }

    /** Requests that left, warm-up included; when it has ended. */
    long sent() {
        long sum = -stats.unsentCount();
        for (LoadConnection connection : connections) {
            sum += connection.sent();
        }
        return sum;
    }

    long hits() {
        return workload.hits();
    }

    long misses() {
        return workload.misses();
    }

    IOException failure() {
        return failure;
    }

    void close() throws IOException {
        loop.close();
    }

    private int share(int total, int worker) {
        return (int) ((long) total * worker / config.threads());
    }

    private long part(long total, int connection) {
        return Math.multiplyHigh(total, connection) == 0 ? total * connection / config.connections()
            : (long) ((double) total * connection / config.connections());
    }
}
