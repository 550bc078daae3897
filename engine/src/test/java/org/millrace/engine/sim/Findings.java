package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.List;

/** What was found wrong, and a hash over all that has happened. Findings are kept as handlers must not throw. */
final class Findings {
    private static final int KEPT = 5;

    private final List<String> found = new ArrayList<>();
    private Throwable cause;
    private long hash = 1125899906842597L;
    private long events;

    void wrong(String what) {
        if (found.size() < KEPT) {
            found.add(what);
        }
    }

    void wrong(String what, Throwable thrown) {
        wrong(what + ": " + thrown);
        if (cause == null) {
            cause = thrown;
        }
    }

    void check(boolean holds, String otherwise) {
        if (!holds) {
            wrong(otherwise);
        }
    }

    /** Something has happened. */
    void event(long what) {
        hash = 31 * hash + what;
        events++;
    }

    long hash() {
        return hash;
    }

    long events() {
        return events;
    }

    /** Ends the run if something was wrong. */
    void throwIfAny(String context) {
        if (!found.isEmpty()) {
            throw new AssertionError(context + "\n  " + String.join("\n  ", found), cause);
        }
    }
}
