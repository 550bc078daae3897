package org.millrace.engine.control.metrics;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.millrace.conf.HistogramsConfig;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.latency.SeriesKey;

/**
 * Writes all histograms of each interval to a file in the format of HdrHistogram's interval logs; the tag of a line is
 * the name that INFO gives to what it is about. Times are nanoseconds, the column of the greatest is milliseconds. A
 * thread of its own: a slow disk holds up nobody.
 */
public final class LatencyLog {
    private static final double NS_PER_MS = 1_000_000;
    private static final double MS_PER_S = 1_000;

    private final HistogramsConfig config;
    private final Path file;
    private final LatencyTotals totals;
    private final EventLog log;
    private final LongSupplier wallClockMs;
    private final AtomicLong errors = new AtomicLong();
    private final Thread thread;
    private volatile boolean running = true;
    private PrintStream out;
    private HistogramLogWriter writer;
    private long openedMs;
    private long beganMs;
    private boolean told;

    /**
     * Begins when {@link #start} is called.
     *
     * @param wallClockMs milliseconds since 1970
     */
    public LatencyLog(HistogramsConfig config, LatencyTotals totals, EventLog log, LongSupplier wallClockMs) {
        this.config = config;
        this.totals = totals;
        this.log = log;
        this.wallClockMs = wallClockMs;
        file = Path.of(config.latencyLog());
        beganMs = wallClockMs.getAsLong();
        thread = Thread.ofPlatform().name("millrace-latency-log").daemon().unstarted(this::run);
    }

    /** Begins to write. */
    public void start() {
        thread.start();
    }

    private void run() {
        long intervalNs = config.latencyLogIntervalMs() * 1_000_000L;
        long dueNs = System.nanoTime() + intervalNs;
        while (running) {
            long waitNs = dueNs - System.nanoTime();
            if (waitNs > 0) {
                LockSupport.parkNanos(waitNs);
            } else {
                dueNs += intervalNs;
                write();
            }
        }
        write();
        end();
    }

    /** Writes what has come since the last time. The thread's, or a test's. */
    void write() {
        long nowMs = wallClockMs.getAsLong();
        try {
            if (out == null) {
                open(nowMs);
            }
            totals.takeUnlogged((key, values) -> line(key, values, nowMs));
            out.flush();
            if (out.checkError()) {
                throw new IOException("not all could be written");
            }
            told = false;
            if (Files.size(file) >= config.latencyLogMaxBytes()) {
                end();
            }
        } catch (IOException e) {
            errors.incrementAndGet();
            end();
            if (!told) {
                told = true;
                log.warn("latency_log " + file + " cannot be written: " + e + "; the next interval is tried again");
            }
        }
        beganMs = nowMs;
    }

    /** The file that is there becomes the one before. */
    private void open(long nowMs) throws IOException {
        if (Files.exists(file)) {
            Files.move(file, Path.of(file + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
        openedMs = beganMs;
        writer = new HistogramLogWriter(out);
        writer.outputComment("[millrace; times are nanoseconds; tags are the names of INFO latency]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(openedMs);
        writer.setBaseTime(openedMs);
        writer.outputLegend();
    }

    private void line(SeriesKey key, Histogram values, long nowMs) {
        values.setTag(tag(key));
        writer.outputIntervalHistogram((beganMs - openedMs) / MS_PER_S, (nowMs - openedMs) / MS_PER_S, values,
            key.kind().isTime() ? NS_PER_MS : 1);
    }

    /** A tag ends at a comma, and holds no blanks. */
    private static String tag(SeriesKey key) {
        return LatencyLines.name(key).replaceAll("[\\s,]", "_");
    }

    private void end() {
        if (out != null) {
            out.close();
            out = null;
        }
    }

    /** Intervals that could not be written. Any thread. */
    public long errors() {
        return errors.get();
    }

    /** Writes what there is, and ends. */
    public void stop() throws InterruptedException {
        running = false;
        LockSupport.unpark(thread);
        thread.join();
    }
}
