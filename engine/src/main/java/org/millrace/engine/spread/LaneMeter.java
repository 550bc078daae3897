package org.millrace.engine.spread;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Measures how busy lanes are: the share of the last moments that they were at work. One thread looks, others read.
 * What is told is smoothed over some four looks, about a second.
 */
public final class LaneMeter {
    static final long PERIOD_NS = 250_000_000L;
    /** While no lane does anything: most of what an idle process uses is spent on looking. */
    static final long QUIET_PERIOD_NS = 500_000_000L;
    /** Thousandths of a processor that idle turns take at most. */
    private static final double QUIET = 10;
    private static final int WHOLE = 1000;
    private static final int MEMORY = 4;

    private final List<? extends LaneReading> lanes;
    private final long[][] busyBefore;
    private final long[] requestsBefore;
    private final double[] smoothBusy;
    private final double[] smoothRate;
    private final AtomicIntegerArray busy;
    private final AtomicLongArray rates;
    private boolean started;
    private boolean quiet;
    private long lookNs;

    public LaneMeter(List<? extends LaneReading> lanes) {
        this.lanes = lanes;
        busyBefore = new long[lanes.size()][];
        requestsBefore = new long[lanes.size()];
        smoothBusy = new double[lanes.size()];
        smoothRate = new double[lanes.size()];
        busy = new AtomicIntegerArray(lanes.size());
        rates = new AtomicLongArray(lanes.size());
    }

    /** Looks if it is time to. Returns true if it was, and there are new figures. */
    public boolean look(long nowNs) {
        if (!started) {
            started = true;
            lookNs = nowNs;
            for (int lane = 0; lane < lanes.size(); lane++) {
                busyBefore[lane] = new long[lanes.get(lane).threadCount()];
                readBusy(lane);
                requestsBefore[lane] = lanes.get(lane).requestCount();
            }
            return false;
        }
        long elapsedNs = nowNs - lookNs;
        if (elapsedNs < PERIOD_NS) {
            return false;
        }
        lookNs = nowNs;
        quiet = true;
        for (int lane = 0; lane < lanes.size(); lane++) {
            double share = Math.min(1, (double) readBusy(lane) / elapsedNs) * WHOLE;
            quiet &= share < QUIET && smoothBusy[lane] < QUIET;
            smoothBusy[lane] += (share - smoothBusy[lane]) / MEMORY;
            busy.set(lane, (int) Math.round(smoothBusy[lane]));
            long requests = lanes.get(lane).requestCount();
            double rate = (requests - requestsBefore[lane]) * 1e9 / elapsedNs;
            requestsBefore[lane] = requests;
            smoothRate[lane] += (rate - smoothRate[lane]) / MEMORY;
            rates.set(lane, Math.round(smoothRate[lane]));
        }
        return true;
    }

    /** How long until the next look. */
    public long dueInNs(long nowNs) {
        return Math.max(0, (quiet ? QUIET_PERIOD_NS : PERIOD_NS) - (nowNs - lookNs));
    }

    /** Nanoseconds that the lane's busiest thread was at work since the last look. */
    private long readBusy(int lane) {
        long most = 0;
        for (int thread = 0; thread < busyBefore[lane].length; thread++) {
            long now = lanes.get(lane).busyNs(thread);
            most = Math.max(most, now - busyBefore[lane][thread]);
            busyBefore[lane][thread] = now;
        }
        return most;
    }

    /** Share of a processor that the lane's busier thread takes, in thousandths. Any thread. */
    public int busy(int lane) {
        return busy.get(lane);
    }

    /** Requests a second. Any thread. */
    public long requestsPerSecond(int lane) {
        return rates.get(lane);
    }
}
