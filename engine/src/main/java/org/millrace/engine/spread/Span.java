package org.millrace.engine.spread;

/** How long something has been so without a break. */
final class Span {
    private boolean under;
    private long sinceNs;

    boolean lasts(boolean now, long nowNs, long forNs) {
        if (now && !under) {
            sinceNs = nowNs;
        }
        under = now;
        return now && nowNs - sinceNs >= forNs;
    }

    void end() {
        under = false;
    }
}
