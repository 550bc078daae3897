package org.millrace.perf.pressure;

import java.util.Set;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;

/** What the churning connections count; written by their thread, read when it has ended, but for the two volatiles. */
final class ChurnStats {
    private static final long HIGHEST_US = 600_000_000L;
    private static final int MAX_TEXTS = 5;

    private final Histogram latencyUs = new Histogram(HIGHEST_US, 3);
    private final Set<String> texts = new TreeSet<>();
    private volatile long answered;
    private volatile long errors;
    private volatile long lives;
    private long abrupt;
    private long halfSent;

    void answered(long latencyNs) {
        answered = answered + 1;
        latencyUs.recordValue(Math.clamp(latencyNs / 1000, 0, HIGHEST_US));
    }

    void error(String text) {
        errors = errors + 1;
        synchronized (texts) {
            if (texts.size() < MAX_TEXTS) {
                texts.add(text);
            }
        }
    }

    /** From the moment a request was due. */
    Histogram latencyUs() {
        return latencyUs;
    }

    void began() {
        lives = lives + 1;
    }

    void endedAbruptly() {
        abrupt++;
    }

    void endedHalfSent() {
        halfSent++;
    }

    long answered() {
        return answered;
    }

    long errors() {
        return errors;
    }

    long lives() {
        return lives;
    }

    long abrupt() {
        return abrupt;
    }

    long halfSent() {
        return halfSent;
    }

    Set<String> texts() {
        synchronized (texts) {
            return Set.copyOf(texts);
        }
    }
}
