package org.millrace.engine.control.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.latency.SeriesKind;

/**
 * What all lanes have recorded. The control thread adds; whoever shows it reads. Any thread, but none of a lane's.
 *
 * <p>Of each thing that is measured there is everything since the start, the last while in two parts that take turns,
 * and, if there is a log or a dashboard, what that has not got yet; packed, as few of their places are in use.
 */
public final class LatencyTotals {
    /** How long values are among the last ones: so long at least, and twice as long at most. */
    static final long RECENT_NS = 30_000_000_000L;

    private final boolean logs;
    private final boolean shows;
    private final Map<SeriesKey, Sum> sums = new HashMap<>();
    private final Histogram times = SeriesKind.REQUEST.newHistogram();
    private final Histogram counts = SeriesKind.QUEUE_DEPTH.newHistogram();
    private boolean begun;
    private long turnedNs;

    /**
     * With nothing in it.
     *
     * @param logs whether {@link #takeUnlogged} will be called
     */
    public LatencyTotals(boolean logs) {
        this(logs, false);
    }

    /**
     * With nothing in it.
     *
     * @param logs  whether {@link #takeUnlogged} will be called
     * @param shows whether {@link #takeUnshown} will be called
     */
    public LatencyTotals(boolean logs, boolean shows) {
        this.logs = logs;
        this.shows = shows;
    }

    /** What is known of one thing. */
    private static final class Sum {
        private final Histogram total;
        private final Histogram unlogged;
        /** Null unless it is about a pool as a whole, and shown. */
        private final Histogram unshown;
        private Histogram now;
        private Histogram before;

        Sum(SeriesKind kind, boolean shown) {
            unshown = shown ? packed(kind) : null;
            total = packed(kind);
            unlogged = packed(kind);
            now = packed(kind);
            before = packed(kind);
        }

        private static Histogram packed(SeriesKind kind) {
            return new PackedHistogram(kind.unit(), kind.highest(), kind.digits());
        }
    }

    /** Adds what a half of a lane has recorded. */
    public synchronized void add(SeriesKey key, Histogram values) {
        addTo(key, values);
        SeriesKey whole = key.whole();
        if (whole != null) {
            addTo(whole, values);
        }
    }

    private void addTo(SeriesKey key, Histogram values) {
        Sum sum = sums.computeIfAbsent(key, each -> new Sum(each.kind(), shows && isOfPool(each)));
        sum.total.add(values);
        sum.now.add(values);
        if (logs) {
            sum.unlogged.add(values);
        }
        if (sum.unshown != null) {
            sum.unshown.add(values);
        }
    }

    private static boolean isOfPool(SeriesKey key) {
        return key.pool() != null && key.server() == null && key.detail() == null;
    }

    /** Adds one value. */
    public synchronized void add(SeriesKey key, long value) {
        Histogram one = key.kind().newHistogram();
        one.recordValue(Math.clamp(value, 0, key.kind().highest()));
        addTo(key, one);
    }

    /**
     * Looks at the time: values become old.
     *
     * @param present tells what there is still; all else is forgotten when its last values are old
     */
    public synchronized void look(long nowNs, Predicate<SeriesKey> present) {
        if (!begun) {
            begun = true;
            turnedNs = nowNs;
        }
        if (nowNs - turnedNs >= RECENT_NS) {
            boolean idle = nowNs - turnedNs >= 2 * RECENT_NS;
            turnedNs = nowNs;
            sums.values().forEach(sum -> {
                Histogram next = sum.before;
                sum.before = sum.now;
                sum.now = next;
                next.reset();
                if (idle) {
                    sum.before.reset();
                }
            });
            sums.entrySet().removeIf(each -> each.getValue().before.getTotalCount() == 0
                && !present.test(each.getKey()));
        }
    }

    /** Everything that there is, in the order in which it is shown. */
    public synchronized List<LatencyRow> rows() {
        List<LatencyRow> rows = new ArrayList<>(sums.size());
        sums.forEach((key, sum) -> {
            rows.add(LatencyRow.of(key, sum.total, recent(key, sum)));
        });
        rows.sort(LatencyRow.ORDER);
        return rows;
    }

    /** Shows everything since the start of what is wanted; it must not be kept. */
    public synchronized void totals(Predicate<SeriesKey> wanted, BiConsumer<SeriesKey, Histogram> taker) {
        sums.forEach((key, sum) -> {
            if (wanted.test(key)) {
                taker.accept(key, sum.total);
            }
        });
    }

    /** Shows what has come since the last call, where anything has; it must not be kept. */
    public synchronized void takeUnlogged(BiConsumer<SeriesKey, Histogram> taker) {
        sums.forEach((key, sum) -> {
            if (sum.unlogged.getTotalCount() > 0) {
                taker.accept(key, sum.unlogged.copy());
                sum.unlogged.reset();
            }
        });
    }

    /** Shows what has come of pools since the last call, where anything has; it must not be kept. */
    public synchronized void takeUnshown(BiConsumer<SeriesKey, Histogram> taker) {
        sums.forEach((key, sum) -> {
            if (sum.unshown != null && sum.unshown.getTotalCount() > 0) {
                taker.accept(key, sum.unshown);
                sum.unshown.reset();
            }
        });
    }

    /** Shows what is recent of these, where anything is; it must not be kept. */
    public synchronized void showRecent(Predicate<SeriesKey> which, BiConsumer<SeriesKey, Histogram> viewer) {
        sums.forEach((key, sum) -> {
            if (which.test(key)) {
                Histogram recent = recent(key, sum);
                if (recent.getTotalCount() > 0) {
                    viewer.accept(key, recent);
                }
            }
        });
    }

    private Histogram recent(SeriesKey key, Sum sum) {
        Histogram recent = key.kind().isTime() ? times : counts;
        recent.reset();
        recent.add(sum.before);
        recent.add(sum.now);
        return recent;
    }
}
