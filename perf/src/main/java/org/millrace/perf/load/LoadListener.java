package org.millrace.perf.load;

import org.HdrHistogram.Histogram;

/** Hears of a run's progress about once a second, in the thread that runs it. */
@FunctionalInterface
public interface LoadListener {
    /** Hears nothing. */
    LoadListener NONE = (second, requests, seconds, failures, latencyUs) -> { };

    /**
     * An interval has passed.
     *
     * @param second    seconds since the start
     * @param requests  measured requests that ended in the interval
     * @param seconds   length of the interval
     * @param failures  requests that failed since the start
     * @param latencyUs microseconds of the interval's requests; only valid during the call
     */
    void onInterval(long second, long requests, double seconds, long failures, Histogram latencyUs);
}
