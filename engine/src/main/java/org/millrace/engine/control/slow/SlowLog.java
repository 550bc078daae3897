package org.millrace.engine.control.slow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.millrace.engine.slow.SlowRequest;
import org.millrace.engine.slow.SlowRequests;

/**
 * The last slow requests of each pool, of all lanes together. The control thread gathers and tells; {@link #rows()} is
 * for any thread.
 */
public final class SlowLog {
    /** Rows that are shown of all pools together. */
    public static final int SHOWN = 32;
    private static final long NS = 1_000_000_000L;
    private static final long NS_PER_MS = 1_000_000;
    private static final long GATHER_NS = 500_000_000;

    private final List<SlowRequests> lanes;
    private final int maxLen;
    private final LongSupplier nowNs;
    private final LongSupplier epochMillis;
    /** Of each pool, the newest first. */
    private final Map<String, ArrayDeque<SlowRow>> pools = new HashMap<>();
    private final List<Noted> gathered = new ArrayList<>();
    private long nextId;
    private volatile List<SlowRow> shown = List.of();

    /** What was taken from a lane and has no number yet. */
    private record Noted(long answeredNs, SlowRow row) {
    }

    /**
     * Without rows.
     *
     * @param lanes       where slow requests are noted
     * @param maxLen      rows of each pool that are kept
     * @param nowNs       the clock of the lanes
     * @param epochMillis the time of day
     */
    public SlowLog(List<SlowRequests> lanes, int maxLen, LongSupplier nowNs, LongSupplier epochMillis) {
        this.lanes = lanes;
        this.maxLen = maxLen;
        this.nowNs = nowNs;
        this.epochMillis = epochMillis;
    }

    /**
     * Looks what lanes have noted, and forgets pools that are gone.
     *
     * @return nanoseconds until the next look
     */
    public long look(Predicate<String> present) {
        gather();
        if (pools.keySet().removeIf(pool -> !present.test(pool))) {
            show();
        }
        return GATHER_NS;
    }

    /** Takes what lanes have noted. Control thread. */
    public void gather() {
        lanes.forEach(lane -> lane.take(this::note));
        if (gathered.isEmpty()) {
            return;
        }
        gathered.sort(Comparator.comparingLong(Noted::answeredNs));
        for (Noted each : gathered) {
            ArrayDeque<SlowRow> rows = pools.computeIfAbsent(each.row.pool(), pool -> new ArrayDeque<>());
            rows.addFirst(each.row.numbered(nextId++));
            if (rows.size() > maxLen) {
                rows.removeLast();
            }
        }
        gathered.clear();
        show();
    }

    private void note(SlowRequest request) {
        long agoNs = Math.max(0, nowNs.getAsLong() - request.answeredNs);
        long time = (epochMillis.getAsLong() * NS_PER_MS - agoNs) / NS;
        gathered.add(new Noted(request.answeredNs, SlowRow.of(request, -1, time)));
    }

    private void show() {
        shown = pools.values().stream().flatMap(ArrayDeque::stream)
            .sorted(Comparator.comparingLong(SlowRow::id).reversed()).limit(SHOWN).toList();
    }

    /** The last rows of all pools, the newest first, {@link #SHOWN} at most. Any thread. */
    public List<SlowRow> rows() {
        return shown;
    }

    /** The rows of a pool, the newest first. Control thread. */
    public List<SlowRow> rows(String pool) {
        gather();
        ArrayDeque<SlowRow> rows = pools.get(pool);
        return rows == null ? List.of() : List.copyOf(rows);
    }

    /** Forgets the rows of a pool. Control thread. */
    public void reset(String pool) {
        gather();
        if (pools.remove(pool) != null) {
            show();
        }
    }
}
