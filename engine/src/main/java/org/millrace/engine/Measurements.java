package org.millrace.engine;

import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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
import org.millrace.engine.control.admin.AdminCommands;
import org.millrace.engine.control.admin.LatencyCommands;
import org.millrace.engine.control.admin.SlowlogCommands;
import org.millrace.engine.control.admin.TrafficCommands;
import org.millrace.engine.control.dashboard.History;
import org.millrace.engine.control.dashboard.Panels;
import org.millrace.engine.control.dashboard.Sampler;
import org.millrace.engine.control.dashboard.State;
import org.millrace.engine.control.metrics.GcPauses;
import org.millrace.engine.control.metrics.LatencyLines;
import org.millrace.engine.control.metrics.LatencyLog;
import org.millrace.engine.control.metrics.LatencyMerge;
import org.millrace.engine.control.metrics.LatencyTotals;
import org.millrace.engine.control.metrics.MetricsReport;
import org.millrace.engine.control.metrics.Pages;
import org.millrace.engine.control.metrics.Readiness;
import org.millrace.engine.control.metrics.TrafficLines;
import org.millrace.engine.control.metrics.TrafficMerge;
import org.millrace.engine.control.metrics.TrafficTotals;
import org.millrace.engine.control.slow.SlowJson;
import org.millrace.engine.control.slow.SlowLog;
import org.millrace.engine.latency.HistogramRoom;
import org.millrace.engine.topology.Snapshot;

/** What a process measures of itself, put together: what lanes record, what the JVM tells, and all who show it. */
final class Measurements {
    private final LatencyTotals latency;
    private final LatencyMerge merge;
    private final TrafficTotals traffic = new TrafficTotals();
    private final TrafficMerge trafficMerge;
    private final GcPauses gc;
    private final LatencyLog latencyLog;
    private final InfoReport info;
    private final Pages pages;
    private final Snapshots snapshots;
    private final Totals totals;
    private final SlowLog slowLog;
    private final History history = new History();
    /** Null if there is no dashboard. */
    private final Sampler sampler;

    Measurements(MillraceConfig config, HistogramRoom room, List<LaneHandle> lanes, Totals totals, ProcessState process,
        EventLog log, Snapshots snapshots, BooleanSupplier stopping, String transport) {
        this.snapshots = snapshots;
        this.totals = totals;
        HistogramsConfig histograms = config.engine().histograms();
        boolean logs = histograms.latency() && !histograms.latencyLog().isEmpty();
        boolean shows = config.engine().adminPort().admin() != null;
        latency = new LatencyTotals(logs, shows);
        merge = new LatencyMerge(lanes, latency);
        trafficMerge = new TrafficMerge(lanes, traffic, config.engine().hotKeys());
        gc = new GcPauses(latency);
        latencyLog = logs ? new LatencyLog(histograms, latency, log, InstantSource.system()::millis) : null;
        slowLog = new SlowLog(lanes.stream().map(lane -> lane.lane().client().state().slow()).toList(),
            histograms.slowlogMaxLen(), System::nanoTime, InstantSource.system()::millis);
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
        TrafficLines trafficLines = new TrafficLines(traffic);
        Supplier<String> slowRows = () -> SlowJson.of(slowLog.rows());
        sampler = shows ? new Sampler(totals, latency, new State(totals, latency, process,
            new Panels(trafficLines::json, slowRows), transport, histograms.latency()), history,
            InstantSource.system()) : null;
        pages = new Pages(new StatsReport(totals, process, log, lines::json, trafficLines::json, slowRows)::json,
            metrics, readiness);
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

    /** What the dashboard shows; it stays empty where there is none. */
    History history() {
        return history;
    }

    /** Begins to write the log, if there is one. */
    void start() {
        if (latencyLog != null) {
            latencyLog.start();
        }
    }

    /** Has the commands answered that tell what is measured. */
    void register(AdminCommands commands) {
        new TrafficCommands(totals, traffic).register(commands);
        new SlowlogCommands(totals, slowLog).register(commands);
        new LatencyCommands(totals, latency).register(commands);
    }

    /** Goes over to what a reload says. Any thread. */
    void use(MillraceConfig next) {
        trafficMerge.use(next.engine().hotKeys());
    }

    /** Looks at the time; returns nanoseconds until the next look. Control thread. */
    long look(long nowNs) {
        Snapshot snapshot = snapshots.current();
        long dueNs = Math.min(merge.look(nowNs, snapshot), trafficMerge.look(nowNs, snapshot));
        dueNs = Math.min(dueNs, slowLog.look(pool -> snapshot.topology().poolIndexOf(pool) >= 0));
        return sampler == null ? dueNs : Math.min(dueNs, sampler.look(nowNs));
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
