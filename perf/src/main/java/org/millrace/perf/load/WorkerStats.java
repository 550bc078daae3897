package org.millrace.perf.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * What one worker counts. The worker alone writes, without atomic read-modify-write; the reporter reads at any time and
 * takes interval histograms without stopping the worker. Latencies are microseconds, rounded up.
 */
final class WorkerStats {
    static final long HIGHEST_US = 3_600_000_000L;
    static final int DIGITS = 3;

    private static final int MAX_TEXTS = 8;

    /** At 0 that of the warm-up, all commands together; those of the commands follow, null where none is used. */
    private final SingleWriterRecorder[] latencyUs;
    private final AtomicLongArray failures = new AtomicLongArray(FailureKind.values().length);
    private final AtomicLongArray failuresByCommand;
    private final AtomicLong unsent = new AtomicLong();
    private final List<String> texts = new ArrayList<>();
    private volatile long lastReplyNs;
    /** Latencies that are alike and come one after the other, as those of a pipeline do, are recorded at once. */
    private int alike;
    private long alikeNs;
    private long alikeCount;

    /**
     * Creates each recorder up front: the first request of a kind must not pay for it.
     *
     * @param used the commands that come at all
     */
    WorkerStats(LoadProtocol protocol, List<LoadCommand> used) {
        int commands = protocol.commands().size();
        latencyUs = new SingleWriterRecorder[1 + commands];
        failuresByCommand = new AtomicLongArray(commands);
        latencyUs[0] = recorder();
        for (LoadCommand command : used) {
            latencyUs[1 + command.ordinal()] = recorder();
        }
    }

    /** An empty one that takes what was recorded. */
    static Histogram histogram() {
        return new Histogram(HIGHEST_US, DIGITS);
    }

    private static SingleWriterRecorder recorder() {
        return new SingleWriterRecorder(HIGHEST_US, DIGITS);
    }

    /**
     * The reporter sees it with the next {@link #settle} or {@link #replied}.
     *
     * @param measured 1, or 0 in the warm-up
     */
    void record(int measured, LoadCommand command, long latencyNs) {
        int recorder = measured * (1 + command.ordinal());
        // One branch: of two the warm-up would never take the first.
        if ((recorder ^ alike | latencyNs ^ alikeNs) != 0) {
            settle();
            alike = recorder;
            alikeNs = latencyNs;
        }
        alikeCount++;
    }

    /** Nothing that was recorded is held back any more. */
    void settle() {
        if (alikeCount > 0) {
            long us = Math.clamp((alikeNs + 999) / 1000, 0, HIGHEST_US);
            latencyUs[alike].recordValueWithCount(us, alikeCount);
            alikeCount = 0;
        }
    }

    void replied(long nowNs) {
        settle();
        lastReplyNs = nowNs;
    }

    long lastReplyNs() {
        return lastReplyNs;
    }

    /** Counts failed requests; {@code command} may be null when there was none. */
    void failed(FailureKind kind, LoadCommand command, long count) {
        add(failures, kind.ordinal(), count);
        if (command != null) {
            add(failuresByCommand, command.ordinal(), count);
        }
    }

    /** Whether a text would be kept; texts cost, and only the first few are. */
    boolean wantsText() {
        synchronized (texts) {
            return texts.size() < MAX_TEXTS;
        }
    }

    void text(String text) {
        synchronized (texts) {
            if (texts.size() < MAX_TEXTS) {
                texts.add(text);
            }
        }
    }

    void unsent() {
        unsent.setRelease(unsent.getPlain() + 1);
    }

    long unsentCount() {
        return unsent.getAcquire();
    }

    long failures(FailureKind kind) {
        return failures.getAcquire(kind.ordinal());
    }

    long failures(LoadCommand command) {
        return failuresByCommand.getAcquire(command.ordinal());
    }

    List<String> texts() {
        synchronized (texts) {
            return List.copyOf(texts);
        }
    }

    /** Moves the latencies of a used command since the last call to {@code target}. Reporter's thread. */
    void interval(LoadCommand command, Histogram target) {
        latencyUs[1 + command.ordinal()].getIntervalHistogramInto(target);
    }

    /** Moves the latencies of the warm-up since the last call to {@code target}. Reporter's thread. */
    void warmUp(Histogram target) {
        latencyUs[0].getIntervalHistogramInto(target);
    }

    private static void add(AtomicLongArray array, int index, long count) {
        array.setRelease(index, array.getPlain(index) + count);
    }
}
