package org.millrace.engine.control.dashboard;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.millrace.engine.control.AdminCounters;
import org.millrace.engine.control.JsonText;
import org.millrace.engine.control.LaneSpread;
import org.millrace.engine.control.ProcessState;
import org.millrace.engine.control.Totals;
import org.millrace.engine.control.metrics.LatencyTotals;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.latency.SeriesKind;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.Endpoint;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/** How things are at this moment: what the dashboard shows in tables. Made only for those who look. Control thread. */
public final class State {
    /** So many points of the curve of percentiles for each further nine. */
    static final int POINTS_PER_NINE = 8;
    /** Up to 99.999 %. */
    static final int NINES = 5;

    private static final long NS_PER_US = 1_000;
    private static final double[] SERVER_PERCENTILES = {50, 99, 99.9};

    private final Totals totals;
    private final LatencyTotals latency;
    private final ProcessState process;
    private final Panels panels;
    private final String transport;
    private final boolean recorded;
    private final KeyShares shares = new KeyShares();
    private final Map<SeriesKey, String> measured = new HashMap<>();
    private final long startedMs = ManagementFactory.getRuntimeMXBean().getStartTime();

    /**
     * Of these sources.
     *
     * @param transport how lanes talk to the operating system
     * @param recorded  whether there are histograms
     */
    public State(Totals totals, LatencyTotals latency, ProcessState process, Panels panels, String transport,
        boolean recorded) {
        this.totals = totals;
        this.latency = latency;
        this.process = process;
        this.panels = panels;
        this.transport = transport;
        this.recorded = recorded;
    }

    /** An object of JSON; empty if nobody looks. */
    String json(History history) {
        AdminCounters admin = process.admin();
        if (admin.subscribers() == 0) {
            return "";
        }
        latency.showRecent(State::isShown, (key, values) -> measured.put(key, text(key, values)));
        StringBuilder text = new StringBuilder(4096);
        text.append("{\"started\":").append(startedMs).append(",\"version\":").append(JsonText.quote(process.version()))
            .append(",\"transport\":").append(JsonText.quote(transport))
            .append(",\"ready\":").append(process.ready().getAsBoolean()).append(",\"recorded\":").append(recorded)
            .append(",\"memory\":{\"max\":").append(totals.maxBytes()).append(",\"used\":").append(totals.bytesInUse())
            .append(",\"reserved\":").append(totals.bytesReserved())
            .append("},\"history\":{\"samples\":").append(history.count()).append(",\"bytes\":").append(history.bytes())
            .append("},\"subscribers\":").append(admin.subscribers()).append(",\"lanes\":[");
        lanes(text);
        text.append("],\"clients\":{");
        String separator = "";
        for (ClientHalfCounter each : ClientHalfCounter.values()) {
            text.append(separator).append(JsonText.quote(each.name().toLowerCase(Locale.ROOT))).append(':')
                .append(totals.clients(each));
            separator = ",";
        }
        text.append("},\"pools\":[");
        Snapshot snapshot = totals.snapshot();
        separator = "";
        for (PoolTopology pool : snapshot.topology().pools()) {
            text.append(separator);
            pool(text, snapshot, pool);
            separator = ",";
        }
        measured.clear();
        return text.append("],\"hot_keys\":").append(panels.hotKeys().get()).append(",\"slow_log\":")
            .append(panels.slowLog().get()).append('}').toString();
    }

    private static boolean isShown(SeriesKey key) {
        return key.kind() == SeriesKind.REQUEST && key.detail() == null
            || key.server() != null && (key.kind() == SeriesKind.SERVER || key.kind() == SeriesKind.QUEUE_DEPTH);
    }

    /** What is known of one series, as members of the object that it is about. */
    private static String text(SeriesKey key, Histogram values) {
        StringBuilder text = new StringBuilder();
        if (key.kind() == SeriesKind.QUEUE_DEPTH) {
            text.append(",\"depth\":").append(values.getValueAtPercentile(99));
        } else if (key.server() != null) {
            text.append(",\"count\":").append(values.getTotalCount()).append(",\"us\":[");
            for (double percentile : SERVER_PERCENTILES) {
                text.append(values.getValueAtPercentile(percentile) / NS_PER_US).append(',');
            }
            text.append(values.getMaxValue() / NS_PER_US).append(']');
        } else {
            text.append(",\"count\":").append(values.getTotalCount()).append(",\"curve\":[");
            for (int i = 0; i <= NINES * POINTS_PER_NINE; i++) {
                double rank = 100 * (1 - Math.pow(10, -(double) i / POINTS_PER_NINE));
                text.append(i == 0 ? "" : ",").append(values.getValueAtPercentile(rank) / NS_PER_US);
            }
            text.append("],\"max\":").append(values.getMaxValue() / NS_PER_US);
        }
        return text.toString();
    }

    private void lanes(StringBuilder text) {
        LaneSpread spread = totals.spread();
        for (int lane = 0; lane < spread.count(); lane++) {
            text.append(lane == 0 ? "" : ",").append("{\"busy\":").append(spread.busy(lane)).append(",\"clients\":")
                .append(spread.clients(lane)).append(",\"requests\":").append(spread.requestsPerSecond(lane))
                .append(",\"open\":").append(lane < spread.open()).append('}');
        }
    }

    private void pool(StringBuilder text, Snapshot snapshot, PoolTopology pool) {
        text.append("{\"name\":").append(JsonText.quote(pool.name())).append(",\"listen\":")
            .append(JsonText.quote(pool.config().listen().toString())).append(",\"clients\":")
            .append(totals.pool(pool.index(), PoolCounter.CLIENT_CONNECTIONS)).append(",\"client_bytes\":")
            .append(totals.clientBytes(pool.index()))
            .append(measured(new SeriesKey(SeriesKind.REQUEST, pool.name(), null, null))).append(",\"servers\":[");
        String separator = "";
        for (ServerNode server : pool.servers()) {
            text.append(separator);
            server(text, snapshot, pool, server);
            separator = ",";
        }
        text.append("]}");
    }

    private void server(StringBuilder text, Snapshot snapshot, PoolTopology pool, ServerNode server) {
        Endpoint endpoint = snapshot.endpoint(pool.index(), server.index());
        text.append("{\"name\":").append(JsonText.quote(server.ringName()))
            .append(",\"address\":").append(JsonText.quote(endpoint == null ? "unresolved" : endpoint.toString()))
            .append(",\"ejected\":").append(pool.isEjected(server.index()))
            .append(",\"why\":").append(JsonText.quote(totals.whyEjected(pool, server)))
            .append(",\"ejections\":").append(totals.ejections(pool, server))
            .append(",\"keys\":").append(shares.of(snapshot.topology().version(), pool, server.index()));
        member(text, "requests", pool, server, ServerCounter.REQUESTS);
        member(text, "connections", pool, server, ServerCounter.SERVER_CONNECTIONS);
        member(text, "errors", pool, server, ServerCounter.SERVER_ERR);
        member(text, "timeouts", pool, server, ServerCounter.SERVER_TIMEDOUT);
        member(text, "waiting", pool, server, ServerCounter.IN_QUEUE);
        member(text, "in_flight", pool, server, ServerCounter.OUT_QUEUE);
        text.append(measured(new SeriesKey(SeriesKind.SERVER, pool.name(), server.ringName(), null)))
            .append(measured(new SeriesKey(SeriesKind.QUEUE_DEPTH, pool.name(), server.ringName(), null)))
            .append('}');
    }

    private String measured(SeriesKey key) {
        return measured.getOrDefault(key, "");
    }

    private void member(StringBuilder text, String name, PoolTopology pool, ServerNode server, ServerCounter counter) {
        text.append(",\"").append(name).append("\":").append(totals.server(pool.index(), server.index(), counter));
    }
}
