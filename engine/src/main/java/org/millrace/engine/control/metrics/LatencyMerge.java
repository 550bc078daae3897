package org.millrace.engine.control.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.topology.Snapshot;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/**
 * Asks both halves of all lanes for what they have recorded, once a second, and adds it up when it is there: a half
 * hands it over when it begins its next turn. One that waits for I/O meanwhile is not woken for it. Control thread.
 */
public final class LatencyMerge {
    /** How often halves are asked. */
    static final long INTERVAL_NS = 1_000_000_000L;
    private static final long LOOK_NS = 500_000_000;

    private final List<Recorder> recorders = new ArrayList<>();
    private final Set<Recorder> asked = new HashSet<>();
    private final LatencyTotals totals;
    private boolean begun;
    private long askedNs;

    /** Of these lanes. */
    public LatencyMerge(List<LaneHandle> lanes, LatencyTotals totals) {
        this.totals = totals;
        for (LaneHandle lane : lanes) {
            add(lane.lane().client().state().recorder());
            add(lane.lane().server().state().recorder());
        }
    }

    private void add(Recorder recorder) {
        if (recorder.isOn()) {
            recorders.add(recorder);
        }
    }

    /**
     * Looks at the time.
     *
     * @param snapshot pools and servers at present
     * @return nanoseconds until the next look
     */
    public long look(long nowNs, Snapshot snapshot) {
        collect();
        if (!begun || nowNs - askedNs >= INTERVAL_NS) {
            begun = true;
            askedNs = nowNs;
            for (Recorder each : recorders) {
                if (asked.add(each)) {
                    each.ask();
                }
            }
            totals.look(nowNs, key -> isPresent(key, snapshot));
        }
        return recorders.isEmpty() ? INTERVAL_NS : LOOK_NS;
    }

    private void collect() {
        asked.removeIf(each -> {
            boolean handed = each.isHanded();
            if (handed) {
                each.collect(totals::add);
            }
            return handed;
        });
    }

    /** Takes what was recorded last, once no lane's thread runs any more: here it is done for them. */
    public void finish() {
        collect();
        for (Recorder each : recorders) {
            if (!asked.contains(each)) {
                each.ask();
            }
            each.beginTurn();
            each.collect(totals::add);
        }
        asked.clear();
    }

    private static boolean isPresent(SeriesKey key, Snapshot snapshot) {
        if (key.pool() == null) {
            return true;
        }
        for (PoolTopology pool : snapshot.topology().pools()) {
            if (pool.name().equals(key.pool())) {
                return key.server() == null || pool.servers().stream().map(ServerNode::ringName)
                    .anyMatch(key.server()::equals);
            }
        }
        return false;
    }
}
