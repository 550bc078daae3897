package org.millrace.engine;

import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.millrace.conf.HistogramsConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.InfoReport;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.ProcessState;
import org.millrace.engine.control.Snapshots;
import org.millrace.engine.control.StatsPages;
import org.millrace.engine.control.StatsReport;
import org.millrace.engine.control.Totals;
import org.millrace.engine.control.metrics.GcPauses;
import org.millrace.engine.control.metrics.LatencyLines;
import org.millrace.engine.control.metrics.LatencyLog;
import org.millrace.engine.control.metrics.LatencyMerge;
import org.millrace.engine.control.metrics.LatencyTotals;
import org.millrace.engine.control.metrics.MetricsReport;
import org.millrace.engine.control.metrics.Pages;
import org.millrace.engine.control.metrics.Readiness;
import org.millrace.engine.latency.HistogramRoom;

/** What a process measures of itself, put together: what lanes record, what the JVM tells, and all who show it. */
final class Measurements {
    private final LatencyTotals latency;
    private final LatencyMerge merge;
    private final GcPauses gc;
    private final LatencyLog latencyLog;
    private final InfoReport info;
    private final Pages pages;
    private final Snapshots snapshots;

    Measurements(MillraceConfig config, HistogramRoom room, List<LaneHandle> lanes, Totals totals, ProcessState process,
        EventLog log, Snapshots snapshots, BooleanSupplier stopping, String transport) {
        this.snapshots = snapshots;
        HistogramsConfig histograms = config.engine().histograms();
        boolean logs = histograms.latency() && !histograms.latencyLog().isEmpty();
        latency = new LatencyTotals(logs);
        merge = new LatencyMerge(lanes, latency);
        gc = new GcPauses(latency);
        latencyLog = logs ? new LatencyLog(histograms, latency, log, InstantSource.system()::millis) : null;
        LatencyLines lines = new LatencyLines(latency, room, histograms.latency());
        info = new InfoReport(config, totals, process, lines::info);
        MetricsReport metrics = new MetricsReport(totals, process, log, latency, room,
            new MetricsReport.Latenesses() {
                @Override
                public long stalls(int lane) {
                    return stallsOf(lanes.get(lane));
                }

                @Override
                public long logErrors() {
                    return latencyLog == null ? 0 : latencyLog.errors();
                }
            }, transport);
        Readiness readiness = new Readiness(process.ready(), () -> isInForce(lanes), stopping);
        pages = new Pages(new StatsReport(totals, process, log, lines::json)::json, metrics, readiness);
    }

    private static long stallsOf(LaneHandle lane) {
        return lane.lane().client().state().recorder().stalls() + lane.lane().server().state().recorder().stalls();
    }

    /** True once every lane serves by the present pools and servers. */
    private boolean isInForce(List<LaneHandle> lanes) {
        return lanes.stream().allMatch(lane -> lane.lane().isResting() || lane.lane().hasTaken(snapshots.current()));
    }

    InfoReport info() {
        return info;
    }

    StatsPages pages() {
        return pages;
    }

    /** Begins to write the log, if there is one. */
    void start() {
        if (latencyLog != null) {
            latencyLog.start();
        }
    }

    /** Looks at the time; returns nanoseconds until the next look. Control thread. */
    long look(long nowNs) {
        return merge.look(nowNs, snapshots.current());
    }

    /**
     * Ends it, after the control thread has ended.
     *
     * @param lanesEnded no lane's thread runs any more: what they have recorded last can be had
     */
    void stop(boolean lanesEnded) throws InterruptedException {
        gc.close();
        if (lanesEnded) {
            merge.finish();
        }
        if (latencyLog != null) {
            latencyLog.stop();
        }
    }
}
