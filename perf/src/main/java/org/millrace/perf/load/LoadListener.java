package org.millrace.perf.load;

import org.HdrHistogram.Histogram;

/** Hears of a run's progress about once a second and at its end, in the thread that runs it. */
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

    /**
     * A second has passed in which nothing was measured.
     *
     * @param phase what is being done, for people
     */
    default void onUnmeasured(String phase) {
    }

    /** One that tells both. */
    default LoadListener and(LoadListener other) {
        LoadListener first = this;
        return new LoadListener() {
            @Override
            public void onInterval(long second, long requests, double seconds, long failures, Histogram latencyUs) {
                first.onInterval(second, requests, seconds, failures, latencyUs);
                other.onInterval(second, requests, seconds, failures, latencyUs);
            }

            @Override
            public void onUnmeasured(String phase) {
                first.onUnmeasured(phase);
                other.onUnmeasured(phase);
            }
        };
    }
}
