package org.millrace.perf.replay;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What came of a replay. Filled by its thread, read when that has ended. */
public final class ReplayResult {
    private static final int DIGITS = 2;

    /** Conversations that were held again. */
    long conversations;
    /** Requests that were asked again. */
    long sent;
    /** Replies that are the same. */
    long same;
    /** Replies that differ. */
    long differing;
    /** Requests that got no reply this time. */
    long failed;
    /** Replies that were to differ by their nature, and did or did not. */
    long byNature;
    long byNatureSame;
    /** Requests that were not asked again. */
    long notSent;
    long joined;
    long damaged;
    int cutFiles;
    boolean redacted;
    boolean stopped;
    long elapsedNs;
    /** How late the latest request left, compared with the recorded time. */
    long worstLagNs;
    final Histogram latencyUs = new Histogram(DIGITS);
    final List<Difference> differences = new ArrayList<>();

    /** Every reply that could be compared was the same, and all of the capture was asked. */
    public boolean isSame() {
        return differing == 0 && failed == 0 && !stopped;
    }

    /** Replies that differ. */
    public long differing() {
        return differing;
    }

    /** Requests that were asked again. */
    public long sent() {
        return sent;
    }

    /** Replies that are the same. */
    public long same() {
        return same;
    }

    /** Requests that got no reply this time. */
    public long failed() {
        return failed;
    }

    /** Requests that were not asked again. */
    public long notSent() {
        return notSent;
    }

    /** Requests whose replies were to differ by their nature. */
    public long byNature() {
        return byNature;
    }

    /** Conversations that lack something in the capture. */
    public long damaged() {
        return damaged;
    }

    /** The first differences. */
    public List<Difference> differences() {
        return List.copyOf(differences);
    }
}
