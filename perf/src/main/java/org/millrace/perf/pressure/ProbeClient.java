package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.millrace.perf.client.SimpleClient;

/** A well-behaved client beside the attack: one GET every 50 ms; how long was the longest wait? A thread of its own. */
final class ProbeClient implements AutoCloseable {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int TIMEOUT_MS = 10_000;

    private final InetSocketAddress target;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long longestNs;
    private volatile long answers;
    private volatile String failure;

    ProbeClient(InetSocketAddress target) {
        this.target = target;
        thread = Thread.ofPlatform().daemon().name("probe").start(this::run);
    }

    private void run() {
        long beganNs = System.nanoTime();
        try (SimpleClient client = new SimpleClient(target, TIMEOUT_MS)) {
            while (!stopped) {
                beganNs = System.nanoTime();
                client.call("GET", "probe");
                longestNs = Math.max(longestNs, System.nanoTime() - beganNs);
                answers = answers + 1;
                LockSupport.parkNanos(PAUSE_NS);
            }
        } catch (IOException e) {
            longestNs = Math.max(longestNs, System.nanoTime() - beganNs);
            failure = String.valueOf(e.getMessage());
        }
    }

    double longestMs() {
        return longestNs / 1e6;
    }

    long answers() {
        return answers;
    }

    /** What went wrong, or null. */
    String failure() {
        return failure;
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
