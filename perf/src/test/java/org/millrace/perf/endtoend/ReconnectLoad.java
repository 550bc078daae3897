package org.millrace.perf.endtoend;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that connect, write and read a key of their own, and leave, again and again; each failure is kept. */
final class ReconnectLoad implements AutoCloseable {
    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong connections = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean running = true;

    ReconnectLoad(int port, int clients) {
        this.port = port;
        for (int i = 0; i < clients; i++) {
            String key = "client-" + i;
            threads.add(Thread.ofPlatform().daemon().name(key).start(() -> run(key)));
        }
    }

    private void run(String key) {
        for (long round = 0; running; round++) {
            String stage = "connect";
            String value = Long.toString(round);
            try (RawClient client = new RawClient(port)) {
                stage = "SET";
                client.expect("+OK\r\n", "SET", key, value);
                stage = "GET";
                client.expect("$" + value.length() + "\r\n" + value + "\r\n", "GET", key);
                // a reset leaves no port in TIME_WAIT, of which there are not enough for such a load
                client.reset();
                connections.incrementAndGet();
            } catch (IOException | AssertionError e) {
                failures.add(stage + " of round " + round + ": " + e);
            }
        }
    }

    /** Clients that came and went so far, all of whose requests were answered. */
    long connections() {
        return connections.get();
    }

    /** What went wrong so far. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        running = false;
        for (Thread thread : threads) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
