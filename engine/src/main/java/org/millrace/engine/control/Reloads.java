package org.millrace.engine.control;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** What came of the reloads so far, for INFO and the stats port: how many there were, and how the last one ended. */
public final class Reloads {
    /** What is said while there was none. */
    private static final Last NONE = new Last("none", "none", Instant.EPOCH);

    /** In one word, in a line, and when it ended. */
    private record Last(String word, String line, Instant ended) {
    }

    private final AtomicLong good = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile Last last = NONE;

    /**
     * One has gone well. Any thread.
     *
     * @param changes how many lines tell what has changed
     */
    public void succeeded(int changes) {
        good.incrementAndGet();
        last = new Last("ok", changes == 0 ? "ok, nothing has changed" : "ok", Instant.now());
    }

    /**
     * One was refused. Any thread.
     *
     * @param why its first line is kept
     */
    public void failed(String why) {
        failed.incrementAndGet();
        last = new Last("failed", "failed: " + String.valueOf(why).lines().findFirst().orElse(""), Instant.now());
    }

    /** Those that went well. */
    public long good() {
        return good.get();
    }

    /** Those that were refused. */
    public long failures() {
        return failed.get();
    }

    /** How the last one ended: none, ok or failed. */
    String lastWord() {
        return last.word;
    }

    /** The same with the reason, in one line. */
    String lastLine() {
        return last.line;
    }

    /** When it ended; 1970 if there was none. */
    Instant lastEnded() {
        return last.ended;
    }
}
