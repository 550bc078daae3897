package org.millrace.perf.replay;

/** Told how far a replay has come, by its thread. */
@FunctionalInterface
public interface ReplayListener {
    /**
     * Another second has passed.
     *
     * @param share of the capture that has been read, from 0 to 1
     * @param soFar what has come of it
     */
    void onSecond(double share, ReplayResult soFar);
}
