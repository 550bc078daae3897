package org.millrace.engine.lane;

import java.util.function.LongSupplier;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;

/**
 * Decides whether a lane's polls gather events before they deliver them: under load that lets one system call and one
 * wake-up serve many requests, but it makes answers wait. So it is tried out, in windows with and without it by turns,
 * and kept for a while only if it saves CPU and does not slow clients down that wait for their answers. Short windows
 * differ by more than what is looked for, so a trial goes on until its outcome is plain. A choice that holds is looked
 * at ever more rarely. Belongs to the lane's thread.
 */
final class Moderation {
    /** One window with gathering and one without, next to each other: a trial has this many of them, and at most. */
    static final int MIN_PAIRS = 4;
    static final int MAX_PAIRS = 20;
    static final long WINDOW_NS = 10_000_000L;
    static final long MAX_TRIAL_NS = 2 * (MAX_PAIRS + 1) * WINDOW_NS;
    /** From a choice to the next trial: at first, and at most. */
    static final long MIN_HOLD_NS = 1_000_000_000L;
    static final long MAX_HOLD_NS = 16_000_000_000L;
    /** Requests that a wait promises to gather; with fewer it is not even tried, with half as many it ends. */
    static final int MIN_BATCH = 2;
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
    private final Trial trial = new Trial();
    /** The choice, and what the present window does, which differ in a trial. */
    private boolean chosen;
    private boolean gathers;
    private boolean tries;
    private boolean started;
    private long windowNs;
    /** For how long requests have been few. */
    private long lowNs;
    private long requestsBefore;
    private long cpuBeforeNs;
    /** When the present trial began, or the next one may. */
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
            measure(nowNs, requests.getAsLong(), cpuNs.getAsLong());
        } else if (nowNs - windowNs >= WINDOW_NS) {
            long count = requests.getAsLong();
            // The clock of a thread's CPU time is a system call: once a window.
            long cpu = cpuNs.getAsLong();
            end(nowNs, count - requestsBefore, cpu - cpuBeforeNs);
            measure(nowNs, count, cpu);
        }
    }

    private void measure(long nowNs, long count, long cpu) {
        windowNs = nowNs;
        requestsBefore = count;
        cpuBeforeNs = cpu;
    }

    private void end(long nowNs, long count, long cpu) {
        long elapsedNs = nowNs - windowNs;
        boolean isFew = count * gatherNs < MIN_BATCH / 2 * elapsedNs;
        // Gathering itself may make requests fewer, which must not look like another load.
        boolean isLow = isFew || !chosen && !tries && count * gatherNs < MIN_BATCH * elapsedNs;
        lowNs = isLow ? lowNs + elapsedNs : 0;
        if (lowNs >= LOW_NS) {
            endLow(nowNs, isFew);
        } else if (tries && nowNs - trialNs > MAX_TRIAL_NS) {
            // Most of its windows had too few requests to tell.
            choose(chosen);
            trialNs = nowNs + MIN_HOLD_NS;
        } else if (tries) {
            tell(isLow, count, cpu, elapsedNs);
            decide(nowNs);
        } else if (!isLow && (nowNs - trialNs >= 0 || isOther(count * 1e9 / elapsedNs))) {
            begin(nowNs, count * 1e9 / elapsedNs);
        }
    }

    private void endLow(long nowNs, boolean isFew) {
        if (tries) {
            // The trial may have made them few, and so would the next one.
            holdNs = Math.min(MAX_HOLD_NS, 2 * holdNs);
            trialNs = nowNs + holdNs;
        } else if (isFew) {
            // Whatever was found of a greater load says nothing about this one, or about the next.
            holdNs = MIN_HOLD_NS;
            trialNs = nowNs;
        }
        choose(false);
    }

    private boolean isOther(double rate) {
        return holdNs > MIN_HOLD_NS && (rate > triedRate * OTHER_LOAD || rate * OTHER_LOAD < triedRate);
    }

    private void begin(long nowNs, double rate) {
        triedRate = rate;
        trial.clear();
        tries = true;
        trialNs = nowNs;
        gathers = !chosen;
        counters.increment(ClientHalfCounter.MODERATION_TRIALS);
    }

    /** What the window that ends came to; one with few requests is done again. */
    private void tell(boolean isLow, long count, long cpu, long elapsedNs) {
        if (!isLow) {
            trial.add(gathers, count, cpu, elapsedNs);
            gathers = !gathers;
        }
    }

    private void decide(long nowNs) {
        int pays = trial.pays(chosen ? END_RATIO : BEGIN_RATIO, MIN_PACE);
        if (pays != Trial.OPEN) {
            boolean before = chosen;
            choose(pays == Trial.YES);
            double rate = trial.rate(chosen);
            boolean holds = chosen == before && !isOther(rate);
            holdNs = holds ? Math.min(MAX_HOLD_NS, 2 * holdNs) : MIN_HOLD_NS;
            triedRate = rate;
            trialNs = nowNs + holdNs;
        }
    }

    private void choose(boolean gather) {
        tries = false;
        chosen = gather;
        gathers = gather;
        counters.set(ClientHalfCounter.MODERATED, gather ? 1 : 0);
    }
}
