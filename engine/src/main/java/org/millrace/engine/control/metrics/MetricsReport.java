package org.millrace.engine.control.metrics;

import static org.millrace.engine.control.metrics.MetricsText.labels;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToLongBiFunction;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LaneSpread;
import org.millrace.engine.control.ProcessState;
import org.millrace.engine.control.Totals;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.latency.HistogramRoom;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/** Everything that is counted and measured, for Prometheus. Any thread, but none of a lane's. */
public final class MetricsReport {
    private static final Set<ServerCounter> SERVER_GAUGES = Set.of(ServerCounter.SERVER_CONNECTIONS,
        ServerCounter.IN_QUEUE, ServerCounter.IN_QUEUE_BYTES, ServerCounter.OUT_QUEUE, ServerCounter.OUT_QUEUE_BYTES);
    private static final Set<ClientHalfCounter> CLIENT_GAUGES = Set.of(ClientHalfCounter.CLIENTS,
        ClientHalfCounter.RESERVED_BYTES, ClientHalfCounter.MODERATED);
    private static final String EXPLAINED = "; see docs/METRICS.md";
    private static final int THOUSANDTHS = 3;
    private static final int MICROS = 6;

    private final Totals totals;
    private final ProcessState process;
    private final EventLog log;
    private final LatencyTotals latency;
    private final HistogramRoom room;
    private final Latenesses lateness;
    private final String transport;

    /** What of latency is counted beside the histograms. */
    public interface Latenesses {
        /** Turns of a lane's thread that took too long. */
        long stalls(int lane);

        /** Intervals that could not be written to the log. */
        long logErrors();
    }

    /**
     * Of these sources.
     *
     * @param transport how lanes talk to the operating system
     */
    public MetricsReport(Totals totals, ProcessState process, EventLog log, LatencyTotals latency, HistogramRoom room,
        Latenesses lateness, String transport) {
        this.totals = totals;
        this.process = process;
        this.log = log;
        this.latency = latency;
        this.room = room;
        this.lateness = lateness;
        this.transport = transport;
    }

    /**
     * All of it.
     *
     * @param open in the form of OpenMetrics
     */
    public String text(boolean open) {
        MetricsText text = new MetricsText(open);
        process(text);
        lanes(text);
        pools(text);
        servers(text);
        new LatencyMetrics(latency.rows()).write(text);
        return text.end();
    }

    private void process(MetricsText text) {
        text.info("millrace_build", "What this process is.", labels("version", process.version(), "transport",
            transport, "java", Runtime.version().toString()));
        text.gauges("millrace_uptime_seconds", "Since the process began.")
            .decimal("", ManagementFactory.getRuntimeMXBean().getUptime(), THOUSANDTHS);
        text.gauges("millrace_ready", "1 while every lane turns.").value("", process.ready().getAsBoolean() ? 1 : 0);
        text.gauges("millrace_memory_max_bytes", "max_memory.").value("", totals.maxBytes());
        text.gauges("millrace_memory_used_bytes", "Of it in use.").value("", totals.bytesInUse());
        text.gauges("millrace_memory_reserved_bytes", "Of it taken from the system.")
            .value("", totals.bytesReserved());
        text.counters("millrace_reloads", "Reloads that went well.").value("", process.reloads().good());
        text.counters("millrace_reload_failures", "Reloads that were refused.")
            .value("", process.reloads().failures());
        text.counters("millrace_log_lines_lost", "Lines of the log that could not be written.")
            .value("", log.lost());
        text.counters("millrace_control_queue_full", "Times that the control thread had too much to do.")
            .value("", process.controlQueueFull().getAsLong());
        text.counters("millrace_histograms_refused", "Histograms that found no room in their part of the heap.")
            .value("", room.refused());
        text.gauges("millrace_histograms_bytes", "Heap that the histograms of the lanes take.")
            .value("", room.usedBytes());
        text.counters("millrace_latency_log_errors", "Intervals that could not be written to latency_log.")
            .value("", lateness.logErrors());
        text.gauges("millrace_admin_subscribers", "Pages of the dashboard that are told each second.")
            .value("", process.admin().subscribers());
        text.counters("millrace_admin_dropped", "Readers of the admin port that were closed for being slow.")
            .value("", process.admin().dropped());
        text.counters("millrace_admin_refused", "Requests to the admin port without the token, or under a wrong name.")
            .value("", process.admin().refused());
        text.counters("millrace_admin_turned_away", "Pages of the dashboard that there were too many of.")
            .value("", process.admin().turnedAway());
        for (ClientHalfCounter each : ClientHalfCounter.values()) {
            half(text, "client_half_" + each.name().toLowerCase(Locale.ROOT), totals.clients(each),
                CLIENT_GAUGES.contains(each) || each.name().startsWith("NOT_READ"));
        }
        for (ServerHalfCounter each : ServerHalfCounter.values()) {
            half(text, "server_half_" + each.name().toLowerCase(Locale.ROOT), totals.servers(each),
                each == ServerHalfCounter.TOMBSTONES);
        }
    }

    private static void half(MetricsText text, String name, long value, boolean gauge) {
        String help = "INFO's " + name + EXPLAINED;
        (gauge ? text.gauges("millrace_" + name, help) : text.counters("millrace_" + name, help)).value("", value);
    }

    private void lanes(MetricsText text) {
        LaneSpread spread = totals.spread();
        text.gauges("millrace_lanes", "Lanes that there are.").value("", totals.lanes());
        text.gauges("millrace_lanes_open", "Lanes that get new clients.").value("", spread.open());
        text.gauges("millrace_lane_busy_ratio", "How busy a lane is, as a share of a processor.");
        for (int lane = 0; lane < spread.count(); lane++) {
            text.decimal(lane(lane), spread.busy(lane), THOUSANDTHS);
        }
        text.gauges("millrace_lane_clients", "Clients of a lane.");
        for (int lane = 0; lane < spread.count(); lane++) {
            text.value(lane(lane), spread.clients(lane));
        }
        text.counters("millrace_lane_stalls", "Turns of a lane that took ten milliseconds or longer.");
        for (int lane = 0; lane < totals.lanes(); lane++) {
            text.value(lane(lane), lateness.stalls(lane));
        }
    }

    private static String lane(int lane) {
        return labels("lane", Integer.toString(lane));
    }

    private void pools(MetricsText text) {
        for (PoolCounter each : PoolCounter.values()) {
            String name = "millrace_pool_" + each.label();
            String help = "twemproxy's " + each.label() + EXPLAINED;
            MetricsText family = each == PoolCounter.CLIENT_CONNECTIONS ? text.gauges(name, help)
                : text.counters(name, help);
            for (PoolTopology pool : totals.topology().pools()) {
                family.value(labels("pool", pool.name()), totals.pool(pool.index(), each));
            }
        }
        text.gauges("millrace_pool_client_bytes", "Memory held for the clients of a pool.");
        for (PoolTopology pool : totals.topology().pools()) {
            text.value(labels("pool", pool.name()), totals.clientBytes(pool.index()));
        }
    }

    private void servers(MetricsText text) {
        for (ServerCounter each : ServerCounter.values()) {
            if (each == ServerCounter.SERVER_EJECTED_AT) {
                continue;
            }
            String label = each.label().startsWith("server_") ? each.label() : "server_" + each.label();
            String help = "twemproxy's " + each.label() + EXPLAINED;
            MetricsText family = SERVER_GAUGES.contains(each) ? text.gauges("millrace_" + label, help)
                : text.counters("millrace_" + label, help);
            each(family, (pool, server) -> totals.server(pool.index(), server.index(), each), 0);
        }
        each(text.gauges("millrace_server_ejected", "1 while a server is ejected."),
            (pool, server) -> pool.isEjected(server.index()) ? 1 : 0, 0);
        each(text.gauges("millrace_server_ejected_timestamp_seconds",
            "When a server was ejected last, 0 if it never was."),
            (pool, server) -> totals.server(pool.index(), server.index(), ServerCounter.SERVER_EJECTED_AT), MICROS);
    }

    private void each(MetricsText family, ToLongBiFunction<PoolTopology, ServerNode> value, int digits) {
        for (PoolTopology pool : totals.topology().pools()) {
            for (ServerNode server : pool.servers()) {
                family.decimal(labels("pool", pool.name(), "server", server.ringName()),
                    value.applyAsLong(pool, server), digits);
            }
        }
    }
}
