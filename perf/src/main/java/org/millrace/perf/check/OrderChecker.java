package org.millrace.perf.check;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Checks that a server or proxy answers every request with its own reply, in order. Library and command share it:
 *
 * <pre>
 *   CheckResult result = OrderChecker.run(new CheckConfig().target(address).requests(100_000).seed(7));
 * </pre>
 *
 * Each connection removes its own keys before and after; two checks with the same seed must not share servers at a
 * time.
 */
public final class OrderChecker {
    private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(1);

    private final CheckConfig config;
    private volatile boolean stopRequested;

    /** A checker for this configuration. */
    public OrderChecker(CheckConfig config) {
        this.config = config.validate();
    }

    /** Runs a check to its end without a word. */
    public static CheckResult run(CheckConfig config) throws IOException, InterruptedException {
        return new OrderChecker(config).run(CheckListener.NONE);
    }

    /** Ends a running check early: what is in flight is waited for. Any thread. */
    public void requestStop() {
        stopRequested = true;
    }

    /**
     * Runs to the end.
     *
     * @throws IOException if the target cannot be reached at the start
     */
    public CheckResult run(CheckListener listener) throws IOException, InterruptedException {
        List<CheckWorker> workers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < config.threads(); i++) {
                CheckWorker worker = new CheckWorker(config, i);
                workers.add(worker);
                worker.connect();
            }
            long startNs = System.nanoTime();
            for (CheckWorker worker : workers) {
                threads.add(Thread.ofPlatform().daemon().name("check-" + threads.size()).start(worker));
            }
            report(workers, threads, listener, startNs);
            return result(workers, System.nanoTime() - startNs);
        } finally {
            for (CheckWorker worker : workers) {
                worker.stop();
                if (threads.isEmpty()) {
                    worker.close();
                }
            }
        }
    }

    private void report(List<CheckWorker> workers, List<Thread> threads, CheckListener listener, long startNs)
        throws InterruptedException {
        long second = 1;
        for (Thread thread : threads) {
            while (!thread.join(Duration.ofMillis(20))) {
                long wrong = workers.stream().mapToLong(worker -> worker.stats().wrongCount()).sum();
                if (stopRequested || wrong >= config.maxWrong()) {
                    workers.forEach(CheckWorker::stop);
                }
                if (System.nanoTime() - startNs >= second * REPORT_NS) {
                    long answered = workers.stream().mapToLong(worker -> worker.stats().answeredCount()).sum();
                    listener.onProgress(second++, answered, wrong);
                }
            }
        }
    }

    private CheckResult result(List<CheckWorker> workers, long elapsedNs) {
        long sent = 0;
        long answered = 0;
        long wrong = 0;
        List<String> texts = new ArrayList<>();
        for (CheckWorker worker : workers) {
            sent += worker.stats().sentCount();
            answered += worker.stats().answeredCount();
            wrong += worker.stats().wrongCount();
            texts.addAll(worker.stats().texts());
        }
        return new CheckResult(config.requests(), sent, answered, wrong, elapsedNs, texts);
    }
}
