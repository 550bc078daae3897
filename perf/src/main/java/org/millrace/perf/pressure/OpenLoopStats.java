package org.millrace.perf.pressure;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;

/** What an open loop counts, on its thread; read it when the loop has ended. Latencies are microseconds. */
final class OpenLoopStats {
    private static final long HIGHEST_US = 600_000_000L;
    private static final int MAX_TEXTS = 5;

    private final Histogram fromIntendedUs = new Histogram(HIGHEST_US, 3);
    private final Histogram fromWrittenUs = new Histogram(HIGHEST_US, 3);
    private final Histogram refusedUs = new Histogram(HIGHEST_US, 3);
    private final Set<String> texts = new TreeSet<>();
    private long good;
    private long timedOut;
    private long overloaded;
    private long otherErrors;
    private long lost;
    private long unsent;

    void good(long nowNs, long intendedNs, long writtenNs) {
        good++;
        record(fromIntendedUs, nowNs - intendedNs);
        record(fromWrittenUs, nowNs - writtenNs);
    }

    void error(byte[] b, int from, int to, long nowNs, long intendedNs, long writtenNs) {
        String text = new String(b, from, to - from, StandardCharsets.ISO_8859_1).trim();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("overloaded")) {
            overloaded++;
            record(refusedUs, nowNs - writtenNs);
        } else if (lower.contains("timed out") || lower.contains("timeout")) {
            timedOut++;
        } else {
            otherErrors++;
        }
        text(text);
        record(fromIntendedUs, nowNs - intendedNs);
    }

    void lost(String why) {
        lost++;
        text(why);
    }

    /** Never sent; it has waited since it was due, and the percentiles are to show it. */
    void unsent(long nowNs, long intendedNs, boolean recorded) {
        unsent++;
        if (recorded) {
            record(fromIntendedUs, nowNs - intendedNs);
        }
    }

    private void text(String text) {
        if (texts.size() < MAX_TEXTS) {
            texts.add(text);
        }
    }

    private static void record(Histogram histogram, long latencyNs) {
        histogram.recordValue(Math.clamp((latencyNs + 999) / 1000, 0, HIGHEST_US));
    }

    /** All that was answered, errors too, from the moment when it was due. */
    Histogram fromIntendedUs() {
        return fromIntendedUs;
    }

    /** Good answers, from the moment when the system took the request. */
    Histogram fromWrittenUs() {
        return fromWrittenUs;
    }

    /** Refused as overloaded, from the moment when the system took the request. */
    Histogram refusedUs() {
        return refusedUs;
    }

    long good() {
        return good;
    }

    long timedOut() {
        return timedOut;
    }

    long overloaded() {
        return overloaded;
    }

    long otherErrors() {
        return otherErrors;
    }

    /** Requests whose connection went away. */
    long lost() {
        return lost;
    }

    long unsent() {
        return unsent;
    }

    long failed() {
        return timedOut + overloaded + otherErrors + lost;
    }

    /** The first few different errors. */
    Set<String> texts() {
        return texts;
    }

    double ms(double percentile) {
        return fromIntendedUs.getValueAtPercentile(percentile) / 1000.0;
    }
}
