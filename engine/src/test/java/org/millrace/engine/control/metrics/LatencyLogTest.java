package org.millrace.engine.control.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.conf.HistogramsConfig;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.latency.SeriesKind;

/** The log of histograms can be read by HdrHistogram's own reader, has a limit, and outlives a disk that fails. */
class LatencyLogTest {
    private static final SeriesKey KEY = new SeriesKey(SeriesKind.SERVER, "alpha", "a b,c", null);
    private static final long MS = 1_000_000;

    @TempDir
    private Path folder;
    private final LatencyTotals totals = new LatencyTotals(true);
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(told);
    private long nowMs = 1_700_000_000_000L;

    private LatencyLog open(Path file, long maxBytes) {
        return new LatencyLog(new HistogramsConfig(true, file.toString(), 1000, maxBytes, 0, 0), totals, log,
            () -> nowMs);
    }

    private void interval(LatencyLog to, long valueMs, int count) {
        for (int i = 0; i < count; i++) {
            totals.add(KEY, valueMs * MS);
        }
        nowMs += 10_000;
        to.write();
    }

    private static List<Histogram> read(Path file) throws IOException {
        List<Histogram> read = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            while (reader.hasNext()) {
                read.add((Histogram) reader.nextIntervalHistogram());
            }
        }
        return read;
    }

    @Test
    void shouldBeReadBack() throws IOException {
        Path file = folder.resolve("latency.hlog");
        LatencyLog out = open(file, 1 << 20);
        interval(out, 3, 5);
        interval(out, 3, 0);
        interval(out, 70, 2);
        List<Histogram> read = read(file);
        assertEquals(2, read.size(), "an interval without values has no line");
        assertEquals("server_alpha_a_b_c_server", read.get(0).getTag());
        assertEquals(5, read.get(0).getTotalCount());
        assertEquals(3 * MS, read.get(0).getMaxValue(), 0.01 * 3 * MS);
        assertEquals(1_700_000_000_000L, read.get(0).getStartTimeStamp());
        assertEquals(1_700_000_010_000L, read.get(0).getEndTimeStamp());
        assertEquals(2, read.get(1).getTotalCount());
        assertEquals(70 * MS, read.get(1).getMaxValue(), 0.01 * 70 * MS);
        assertEquals(1_700_000_020_000L, read.get(1).getStartTimeStamp());
        assertEquals(0, out.errors());
    }

    @Test
    void shouldKeepOneFileBesideTheOneItWritesAndNeitherGrowsFurther() throws IOException {
        Path file = folder.resolve("latency.hlog");
        Files.writeString(file, "of an earlier process");
        LatencyLog out = open(file, 2_000);
        interval(out, 1, 1);
        assertEquals("of an earlier process", Files.readString(Path.of(file + ".1")));
        for (int i = 0; i < 100; i++) {
            interval(out, 1 + i, 3);
            assertTrue(!Files.exists(file) || Files.size(file) < 2_500, "it has " + Files.size(file) + " bytes");
        }
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
        List<Histogram> last = read(Path.of(file + ".1"));
        assertFalse(last.isEmpty());
        assertEquals(3, last.getLast().getTotalCount());
    }

    @Test
    void shouldCountWhatCannotBeWrittenTellItOnceAndGoOn() throws IOException {
        Path file = folder.resolve("missing").resolve("latency.hlog");
        LatencyLog out = open(file, 1 << 20);
        interval(out, 3, 1);
        interval(out, 3, 1);
        assertEquals(2, out.errors());
        String text = told.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.lines().filter(line -> line.contains("cannot be written")).count(), text);
        Files.createDirectory(file.getParent());
        interval(out, 3, 1);
        assertEquals(2, out.errors());
        assertEquals(3, read(file).getFirst().getTotalCount(), "what could not be written is not lost");
    }
}
