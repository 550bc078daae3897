package org.millrace.perf.check;

/** Hears of a check's progress about once a second, in the thread that runs it. */
@FunctionalInterface
public interface CheckListener {
    /** Hears nothing. */
    CheckListener NONE = (second, answered, wrong) -> { };

    /**
     * A second has passed.
     *
     * @param second   seconds since the start
     * @param answered replies since the start
     * @param wrong    wrong ones among them
     */
    void onProgress(long second, long answered, long wrong);
}
