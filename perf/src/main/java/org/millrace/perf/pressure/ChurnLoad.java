package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.Pacer;
import org.millrace.perf.load.Schedule;

/** A load at a fixed rate over connections that come and go, on a thread of its own. */
final class ChurnLoad implements Runnable {
    private static final long TICK_MS = 2;
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);
    /** What could not be sent for so long is given up and counted as an error. */
    private static final long GIVE_UP_NS = TimeUnit.SECONDS.toNanos(10);

    private final ChurnStats stats = new ChurnStats();
    private final SocketLoop loop = SocketLoop.selecting();
    private final ChurnConnection[] connections;
    private final double ratePerSecond;
    private volatile boolean stopped;
    private int turn;

    ChurnLoad(InetSocketAddress target, int count, double ratePerSecond) throws IOException {
        this.ratePerSecond = ratePerSecond;
        connections = new ChurnConnection[count];
        for (int i = 0; i < count; i++) {
            connections[i] = new ChurnConnection(target, stats, i + 1, loop);
        }
    }

    ChurnStats stats() {
        return stats;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        // One schedule for all: whichever connection is free takes what is due.
        Schedule schedule = new Schedule(System.nanoTime(), 1, 1e9 / ratePerSecond, 1);
        Pacer pacer = new Pacer(schedule, loop);
        Thread.ofPlatform().daemon().name("churn-pacer").start(pacer);
        try (loop) {
            turnUntilStopped(schedule);
            long endNs = System.nanoTime();
            for (ChurnConnection connection : connections) {
                while (!connection.isIdle() && System.nanoTime() - endNs < DRAIN_NS) {
                    loop.await(TICK_MS);
                }
                connection.end();
            }
        } catch (IOException e) {
            stats.error("the load failed: " + e.getMessage());
        } finally {
            pacer.stop();
        }
    }

    private void turnUntilStopped(Schedule schedule) throws IOException {
        long next = 0;
        long tickNs = System.nanoTime();
        while (!stopped) {
            long nowNs = System.nanoTime();
            while (schedule.dueNs(next) - nowNs <= 0 && send(schedule.dueNs(next))) {
                next++;
            }
            if (nowNs - schedule.dueNs(next) > GIVE_UP_NS) {
                stats.error("could not be sent for ten seconds");
                next++;
            }
            if (nowNs - tickNs >= 0) {
                tickNs = nowNs + TICK_MS * 1_000_000;
                for (ChurnConnection connection : connections) {
                    connection.tick(nowNs);
                }
            }
            loop.await(TICK_MS);
        }
    }

    private boolean send(long dueNs) {
        for (int i = 0; i < connections.length; i++) {
            turn = turn + 1 == connections.length ? 0 : turn + 1;
            if (connections[turn].send(dueNs)) {
                return true;
            }
        }
        return false;
    }
}
