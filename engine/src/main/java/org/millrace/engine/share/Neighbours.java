package org.millrace.engine.share;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/** The lanes of a process, as far as they know of each other. Each joins when it is made, before any has a thread. */
public final class Neighbours {
    private final AtomicReferenceArray<Crossings> lanes;
    private final AtomicReferenceArray<LongSupplier> versions;
    private final boolean fixed;

    /**
     * Of so many lanes.
     *
     * @param fixed all are in use from the start; else those with low numbers first, which own links therefore
     */
    public Neighbours(int lanes, boolean fixed) {
        this.lanes = new AtomicReferenceArray<>(lanes);
        versions = new AtomicReferenceArray<>(lanes);
        this.fixed = fixed;
    }

    int count() {
        return lanes.length();
    }

    boolean isFixed() {
        return fixed;
    }

    void join(int lane, Crossings crossings) {
        lanes.set(lane, crossings);
    }

    Crossings of(int lane) {
        return lanes.get(lane);
    }

    void tellsVersion(int lane, LongSupplier version) {
        versions.set(lane, version);
    }

    /** True if no lane goes by an older snapshot any more. */
    boolean haveTaken(long version) {
        for (int i = 0; i < versions.length(); i++) {
            LongSupplier of = versions.get(i);
            if (of != null && of.getAsLong() < version) {
                return false;
            }
        }
        return true;
    }
}
