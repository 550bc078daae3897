package org.millrace.engine.lane;

import java.util.function.LongSupplier;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;

/**
 * Decides whether a lane's polls gather events before they deliver them: under load that lets one system call and one
 * wake-up serve many requests, but it makes answers wait. So it is tried out, in windows with and without it by turns,
 * and kept for a while only if it saves CPU and does not slow clients down that wait for their answers. A choice that
 * holds is looked at ever more rarely. Belongs to the lane's thread.
 */
final class Moderation {
    /** Windows of a trial, half of them with gathering. */
    static final int TRIAL_WINDOWS = 6;
    static final long WINDOW_NS = 10_000_000L;
    /** From a choice to the next trial: at first, and at most. */
    static final long MIN_HOLD_NS = 1_000_000_000L;
    static final long MAX_HOLD_NS = 16_000_000_000L;
    /** Requests that a wait promises to gather; with fewer it is not even tried, with half as many it ends. */
    static final int MIN_BATCH = 4;
    /** But not for a pause in the load that is shorter. */
    static final long LOW_NS = 10 * WINDOW_NS;
    /** CPU for a request with gathering, to that without it: below the one it begins, above the other it ends. */
    static final double BEGIN_RATIO = 0.88;
    static final double END_RATIO = 0.95;
    /** Requests in the same time with gathering, to those without it: clients that wait for answers come later. */
    static final double MIN_PACE = 0.95;
    /** A load that is so many times another is another. */
    private static final int OTHER_LOAD = 2;

    private final long gatherNs;
    private final LongSupplier requests;
    private final LongSupplier cpuNs;
    private final CounterSet<ClientHalfCounter> counters;
    private final Sample with = new Sample();
    private final Sample without = new Sample();
    /** The choice, and what the present window does, which differ in a trial. */
    private boolean chosen;
    private boolean gathers;
    /** Windows of the present trial that are still to come; 0 = none is under way. */
    private int windows;
    private boolean started;
    private long windowNs;
    /** For how long requests have been few. */
    private long lowNs;
    private long requestsBefore;
    private long cpuBeforeNs;
    private long trialNs;
    private long holdNs = MIN_HOLD_NS;
    /** Requests a second at the last trial. */
    private double triedRate;

    /**
     * Not gathering at first.
     *
     * @param gatherNs for {@link org.millrace.io.Transport#poll(long, long)} while it is on; 0 = never
     * @param requests count of all requests so far
     * @param cpuNs    CPU time of the lane's thread so far
     * @param counters where its state shows
     */
    Moderation(long gatherNs, LongSupplier requests, LongSupplier cpuNs, CounterSet<ClientHalfCounter> counters) {
        this.gatherNs = gatherNs;
        this.requests = requests;
        this.cpuNs = cpuNs;
        this.counters = counters;
    }

    /** For the next poll; 0 = deliver at once. */
    long gatherNs() {
        return gathers ? gatherNs : 0;
    }

    /** Once a turn. */
    void turn(long nowNs) {
        if (gatherNs == 0) {
            return;
        }
        if (!started) {
            started = true;
            trialNs = nowNs;
            begin(nowNs, requests.getAsLong(), cpuNs.getAsLong());
        } else if (nowNs - windowNs >= WINDOW_NS) {
            long count = requests.getAsLong();
            // The clock of a thread's CPU time is a system call: once a window.
            long cpu = cpuNs.getAsLong();
            end(nowNs, count - requestsBefore, cpu - cpuBeforeNs);
            begin(nowNs, count, cpu);
        }
    }

    private void begin(long nowNs, long count, long cpu) {
        windowNs = nowNs;
        requestsBefore = count;
        cpuBeforeNs = cpu;
    }

    private void end(long nowNs, long count, long cpu) {
        long elapsedNs = nowNs - windowNs;
        boolean isLow = count * gatherNs < (chosen ? MIN_BATCH / 2 : MIN_BATCH) * elapsedNs;
        lowNs = isLow ? lowNs + elapsedNs : 0;
        if (lowNs >= LOW_NS) {
            // Whatever was found of a greater load says nothing about this one, or about the next.
            choose(false);
            holdNs = MIN_HOLD_NS;
            trialNs = nowNs;
        } else if (isLow) {
            if (windows > 0) {
                choose(chosen);
                trialNs = nowNs + MIN_HOLD_NS;
            }
        } else if (windows > 0) {
            (gathers ? with : without).add(count, cpu, elapsedNs);
            next(nowNs);
        } else if (nowNs - trialNs >= 0 || isOther(count * 1e9 / elapsedNs)) {
            tryOut();
        }
    }

    private boolean isOther(double rate) {
        return holdNs > MIN_HOLD_NS && (rate > triedRate * OTHER_LOAD || rate * OTHER_LOAD < triedRate);
    }

    private void tryOut() {
        with.clear();
        without.clear();
        windows = TRIAL_WINDOWS;
        gathers = !chosen;
        counters.increment(ClientHalfCounter.MODERATION_TRIALS);
    }

    private void next(long nowNs) {
        windows--;
        gathers = !gathers;
        if (windows == 0) {
            boolean before = chosen;
            double ratio = chosen ? END_RATIO : BEGIN_RATIO;
            choose(with.cost() < ratio * without.cost() && with.rate() > MIN_PACE * without.rate());
            double rate = chosen ? with.rate() : without.rate();
            boolean holds = chosen == before && !isOther(rate);
            holdNs = holds ? Math.min(MAX_HOLD_NS, 2 * holdNs) : MIN_HOLD_NS;
            triedRate = rate;
            trialNs = nowNs + holdNs;
        }
    }

    private void choose(boolean gather) {
        windows = 0;
        chosen = gather;
        gathers = gather;
        counters.set(ClientHalfCounter.MODERATED, gather ? 1 : 0);
    }

    /** What the windows of one kind came to. */
    private static final class Sample {
        private long requests;
        private long cpuNs;
        private long elapsedNs;

        void clear() {
            requests = 0;
            cpuNs = 0;
            elapsedNs = 0;
        }

        void add(long count, long cpu, long elapsed) {
            requests += count;
            cpuNs += cpu;
            elapsedNs += elapsed;
        }

        double cost() {
            return (double) cpuNs / requests;
        }

        double rate() {
            return requests * 1e9 / elapsedNs;
        }
    }
}
