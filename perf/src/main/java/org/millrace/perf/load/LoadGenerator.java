package org.millrace.perf.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Runs one load: connects, starts the workers, reports once a second and adds up. {@link #run} is called once;
 * {@link #requestStop} may come from any thread. Every wait has a limit: a run ends at the latest one timeout and a
 * second after its last request was due.
 */
public final class LoadGenerator {
    private static final long REPORT_MS = 1000;
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LoadConfig config;
    private final Map<LoadCommand, Histogram> totals = new LinkedHashMap<>();
    private final Histogram interval = WorkerStats.histogram();
    private final Histogram warmUp = WorkerStats.histogram();
    private final Histogram part = WorkerStats.histogram();
    private final CpuMeter cpu = new CpuMeter();
    private RunTimes times;
    private LoadGenerator filler;
    private long measured;
    private boolean stopRequested;

    /** A generator for this validated configuration. */
    public LoadGenerator(LoadConfig config) {
        this.config = config.validate();
        for (LoadCommand command : config.mix().commands()) {
            totals.put(command, WorkerStats.histogram());
        }
    }

    /** Ends the run early: nothing more is sent, what is in flight is waited for. */
    public synchronized void requestStop() {
        stopRequested = true;
        if (times != null) {
            times.stop();
        }
        if (filler != null) {
            filler.requestStop();
        }
    }

    /**
     * Runs to the end.
     *
     * @throws IOException if the target cannot be reached at the start, or not be filled
     */
    public LoadResult run(LoadListener listener) throws IOException, InterruptedException {
        if (config.isFilling()) {
            fill(listener);
        }
        List<LoadWorker> workers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        LoadTransport transport = config.transport().choose(config.threads());
        try {
            for (int i = 0; i < config.threads(); i++) {
                LoadWorker worker = new LoadWorker(config, transport, i);
                workers.add(worker);
                threads.add(Thread.ofPlatform().daemon().name("load-" + i).start(worker));
            }
            for (LoadWorker worker : workers) {
                worker.awaitConnected();
            }
            beginAll(workers);
            report(workers, threads, listener);
        } finally {
            requestStop();
            workers.forEach(LoadWorker::abandon);
            awaitEnd(threads, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(REPORT_MS));
        }
        return result(workers);
    }

    private void fill(LoadListener listener) throws IOException, InterruptedException {
        listener.onFilling(config.keys());
        LoadGenerator generator = new LoadGenerator(config.filling());
        synchronized (this) {
            if (stopRequested) {
                return;
            }
            filler = generator;
        }
        LoadResult result = generator.run(LoadListener.NONE);
        if (!result.isClean()) {
            throw new IOException("cannot fill: " + result.failed() + " of " + config.keys()
                + " writes failed: " + result.texts());
        }
    }

    private synchronized void beginAll(List<LoadWorker> workers) {
        times = new RunTimes(System.nanoTime(), config);
        if (stopRequested) {
            times.stop();
        }
        for (LoadWorker worker : workers) {
            worker.begin(times);
        }
    }

    private void report(List<LoadWorker> workers, List<Thread> threads, LoadListener listener)
        throws InterruptedException {
        long lastNs = times.startNs();
        for (long second = 1; ; second++) {
            long untilNs = times.startNs() + TimeUnit.MILLISECONDS.toNanos(second * REPORT_MS);
            boolean ended = awaitEnd(threads, untilNs);
            long nowNs = System.nanoTime();
            collect(workers);
            double seconds = (nowNs - lastNs) / 1e9;
            if (nowNs - times.measureFromNs() <= SHORT_NS && interval.getTotalCount() == 0) {
                listener.onWarmUp(second, warmUp.getTotalCount(), seconds, failed(workers), warmUp);
            } else {
                measured += interval.getTotalCount();
                if (!ended) {
                    cpu.mark(measured);
                }
                listener.onInterval(second, interval.getTotalCount(), seconds, failed(workers), interval);
            }
            lastNs = nowNs;
            if (ended) {
                return;
            }
        }
    }

    private static boolean awaitEnd(List<Thread> threads, long untilNs) throws InterruptedException {
        for (Thread thread : threads) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(untilNs - System.nanoTime());
            thread.join(Math.max(1, leftMs));
            if (thread.isAlive()) {
                return false;
            }
        }
        return true;
    }

    private void collect(List<LoadWorker> workers) {
        interval.reset();
        warmUp.reset();
        for (LoadWorker worker : workers) {
            worker.stats().warmUp(part);
            if (part.getTotalCount() > 0) {
                warmUp.add(part);
            }
            for (Map.Entry<LoadCommand, Histogram> total : totals.entrySet()) {
                worker.stats().interval(total.getKey(), part);
                if (part.getTotalCount() > 0) {
                    interval.add(part);
                    total.getValue().add(part);
                }
            }
        }
    }

    private static long failed(List<LoadWorker> workers) {
        long sum = 0;
        for (LoadWorker worker : workers) {
            for (FailureKind kind : FailureKind.values()) {
                sum += worker.stats().failures(kind);
            }
        }
        return sum;
    }

    private LoadResult result(List<LoadWorker> workers) throws IOException {
        Histogram all = WorkerStats.histogram();
        totals.values().forEach(all::add);
        Map<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
        Map<LoadCommand, Long> byCommand = new LinkedHashMap<>();
        List<String> texts = new ArrayList<>();
        long unsent = 0;
        long sent = 0;
        long hits = 0;
        long misses = 0;
        long lastNs = times.measureFromNs();
        for (LoadWorker worker : workers) {
            if (worker.failure() != null) {
                throw worker.failure();
            }
            WorkerStats stats = worker.stats();
            for (FailureKind kind : FailureKind.values()) {
                failures.merge(kind, stats.failures(kind), Long::sum);
            }
            for (LoadCommand command : config.protocol().commands()) {
                byCommand.merge(command, stats.failures(command), Long::sum);
            }
            texts.addAll(stats.texts());
            unsent += stats.unsentCount();
            sent += worker.sent();
            hits += worker.hits();
            misses += worker.misses();
            lastNs = Math.max(lastNs, stats.lastReplyNs());
        }
        Map<LoadCommand, Histogram> latencies = new LinkedHashMap<>(totals);
        latencies.values().removeIf(each -> each.getTotalCount() == 0);
        return new LoadResult(all, latencies, failures, byCommand, sent, unsent, hits, misses,
            lastNs - times.measureFromNs(), cpu.usPerRequest(), texts);
    }
}
