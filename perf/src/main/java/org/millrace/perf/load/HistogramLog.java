package org.millrace.perf.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes each interval of a run to a histogram log, which HdrHistogram's own tools read: values are microseconds, the
 * column of the greatest is milliseconds. Used by one thread.
 */
public final class HistogramLog implements LoadListener, AutoCloseable {
    private static final double US_PER_MS = 1000;
    private static final double MS_PER_S = 1000;

    private final Path file;
    private final long startMs;
    private final PrintStream out;
    private final HistogramLogWriter writer;

    /**
     * Begins a new file.
     *
     * @param nowMs time of the wall clock, which the log's seconds count from
     * @throws IOException if it cannot be written
     */
    public HistogramLog(Path file, LoadConfig config, long nowMs) throws IOException {
        this.file = file;
        startMs = nowMs;
        out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
        writer = new HistogramLogWriter(out);
        writer.outputComment("[millrace load: " + config + "; values are microseconds]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(nowMs);
        writer.setBaseTime(nowMs);
        writer.outputLegend();
    }

    @Override
    public void onInterval(long second, long requests, double seconds, long failures, Histogram latencyUs) {
        if (latencyUs.getTotalCount() > 0) {
            writer.outputIntervalHistogram((latencyUs.getStartTimeStamp() - startMs) / MS_PER_S,
                (latencyUs.getEndTimeStamp() - startMs) / MS_PER_S, latencyUs, US_PER_MS);
        }
    }

    /** @throws IOException if something of it was not written */
    @Override
    public void close() throws IOException {
        out.close();
        if (out.checkError()) {
            throw new IOException("cannot write all of " + file);
        }
    }
}
