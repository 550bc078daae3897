package org.millrace.perf.load;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.client.SocketLoop;

/** One thread of a run with its share of the connections. */
final class LoadWorker implements Runnable {
    private static final long TICK_MS = 10;
    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final LoadConfig config;
    private final int number;
    private final SocketLoop loop;
    private final WorkerStats stats;
    private final Workload workload;
    private final LoadConnection[] connections;

    private RunTimes times;
    private Schedule schedule;
    private long nextDue;
    private long nextTickNs;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile IOException failure;

    /**
     * A worker that does nothing yet.
     *
     * @param transport the one that was chosen
     */
    LoadWorker(LoadConfig config, LoadTransport transport, int number) throws IOException {
        this.config = config;
        this.number = number;
        workload = new Workload(config);
        stats = new WorkerStats(config.protocol(), config.mix().commands());
        int from = share(config.connections(), number);
        connections = new LoadConnection[share(config.connections(), number + 1) - from];
        loop = transport.loop(connections.length);
        for (int i = 0; i < connections.length; i++) {
            int global = from + i;
            long quota = config.requests() == 0 ? Long.MAX_VALUE
                : part(config.requests(), global + 1) - part(config.requests(), global);
            long seed = Mixer.mix(config.seed() * 1_000_003 + global);
            connections[i] = new LoadConnection(config, i, seed, part(config.keys(), global), quota, workload, stats,
                loop);
        }
    }

    /**
     * Returns when all connections stand.
     *
     * @throws IOException if one cannot be made; the worker has ended then
     */
    void awaitConnected() throws IOException, InterruptedException {
        connected.await();
        if (failure != null) {
            throw failure;
        }
    }

    /** Opens all connections, on the worker's own thread: io_uring knows no other. */
    private void connect() throws IOException {
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
        begun.countDown();
    }

    /** It will not begin: ends it if it has not. */
    void abandon() {
        begun.countDown();
    }

    @Override
    public void run() {
        Pacer pacer = null;
        try (loop) {
            connect();
            connected.countDown();
            begun.await();
            if (times == null) {
                return;
            }
            if (schedule != null && !config.isSpinning() && !loop.isExact()) {
                pacer = new Pacer(schedule, loop);
                Thread.ofPlatform().daemon().name("load-pacer-" + number).start(pacer);
            }
            turnUntilFinished();
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = new IOException("interrupted", e);
        } finally {
            connected.countDown();
            if (pacer != null) {
                pacer.stop();
            }
        }
    }

    private void turnUntilFinished() throws IOException {
        nextTickNs = times.startNs();
        boolean isFinished;
        do {
            isFinished = turn();
        } while (!isFinished);
        long nowNs = System.nanoTime();
        for (LoadConnection connection : connections) {
            connection.countUnsent(nowNs);
        }
        stats.settle();
    }

    /** A method of its own: what is inside a loop that does not end is compiled late. */
    private boolean turn() throws IOException {
        long nowNs = System.nanoTime();
        if (schedule != null) {
            sendDue(nowNs);
        }
        if (nowNs >= nextTickNs) {
            if (tick(nowNs)) {
                return true;
            }
            nextTickNs = nowNs + TICK_MS * 1_000_000;
        }
        if (config.isSpinning()) {
            loop.poll();
        } else {
            loop.awaitNs(waitNs(nowNs));
        }
        return false;
    }

    /** Until the next tick, or until the next request is due where the loop can wait for that itself. */
    private long waitNs(long nowNs) {
        long tickNs = nextTickNs - nowNs;
        return schedule == null || !loop.isExact() ? tickNs : Math.min(tickNs, schedule.dueNs(nextDue) - nowNs);
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
        stats.settle();
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

    private int share(int total, int worker) {
        return (int) ((long) total * worker / config.threads());
    }

    private long part(long total, int connection) {
        return Math.multiplyHigh(total, connection) == 0 ? total * connection / config.connections()
            : (long) ((double) total * connection / config.connections());
    }
}
