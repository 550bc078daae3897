package org.millrace.engine.control.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.topology.Snapshot;
import org.millrace.engine.traffic.TrafficRecorder;

/**
 * Asks the client halves of all lanes for what they have sampled, once a second, and adds it up when it is there. One
 * that waits for I/O meanwhile is not woken for it. Control thread.
 */
public final class TrafficMerge {
    /** How often halves are asked. */
    static final long INTERVAL_NS = 1_000_000_000L;
    private static final long LOOK_NS = 500_000_000;

    private final List<TrafficRecorder> recorders;
    private final Set<TrafficRecorder> asked = new HashSet<>();
    private final TrafficTotals totals;
    private volatile boolean wanted;
    private boolean begun;
    private long askedNs;

    /** Of these lanes. */
    public TrafficMerge(List<LaneHandle> lanes, TrafficTotals totals, boolean on) {
        this.totals = totals;
        recorders = lanes.stream().map(lane -> lane.lane().client().state().traffic().recorder()).toList();
        wanted = on;
        totals.use(on);
    }

    /** Has traffic looked at from now on, or no more. Any thread. */
    public void use(boolean on) {
        wanted = on;
    }

    /**
     * Looks at the time.
     *
     * @param snapshot pools at present
     * @return nanoseconds until the next look
     */
    public long look(long nowNs, Snapshot snapshot) {
        if (wanted != totals.isOn()) {
            totals.use(wanted);
        }
        collect(nowNs);
        if (!begun || nowNs - askedNs >= INTERVAL_NS) {
            begun = true;
            askedNs = nowNs;
            totals.pass(nowNs, name -> snapshot.topology().poolIndexOf(name) >= 0);
            for (TrafficRecorder each : recorders) {
                if (asked.add(each)) {
                    each.use(wanted);
                    each.ask();
                }
            }
        }
        return LOOK_NS;
    }

    private void collect(long nowNs) {
        asked.removeIf(each -> {
            boolean handed = each.isHanded();
            if (handed) {
                each.collect(pool -> {
                    if (totals.isOn()) {
                        totals.add(pool, nowNs);
                    }
                });
            }
            return handed;
        });
    }
}
