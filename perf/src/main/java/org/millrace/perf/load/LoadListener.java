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

    /** All keys are written before the run, which nothing is heard of. */
    default void onFilling(long keys) {
    }

    /** The same of an interval of the warm-up, in which nothing is measured. */
    default void onWarmUp(long second, long requests, double seconds, long failures, Histogram latencyUs) {
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
            public void onFilling(long keys) {
                first.onFilling(keys);
                other.onFilling(keys);
            }

            @Override
            public void onWarmUp(long second, long requests, double seconds, long failures, Histogram latencyUs) {
                first.onWarmUp(second, requests, seconds, failures, latencyUs);
                other.onWarmUp(second, requests, seconds, failures, latencyUs);
            }
        };
    }
}
