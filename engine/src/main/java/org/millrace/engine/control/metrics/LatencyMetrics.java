package org.millrace.engine.control.metrics;

import static org.millrace.engine.control.metrics.MetricsText.labels;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.latency.SeriesKind;

/** The histograms as metrics: classic buckets of everything since the start, exact percentiles of the last while. */
final class LatencyMetrics {
    private static final String RECENT = ", of the last half to whole minute";

    private final List<LatencyRow> rows;

    LatencyMetrics(List<LatencyRow> rows) {
        this.rows = rows;
    }

    void write(MetricsText text) {
        histograms(text, "millrace_request_duration_seconds",
            "From a request framed to its reply given to the client's connection.", this::isOfFamily);
        histograms(text, "millrace_stage_duration_seconds",
            "What a request spends its time with: link_wait, server, order_wait, client_write.", this::isStage);
        histograms(text, "millrace_server_request_duration_seconds",
            "From a request framed to its server's reply come whole.", row -> is(row, SeriesKind.SERVER_REQUEST));
        histograms(text, "millrace_server_duration_seconds",
            "From a request given to a link to its server's reply come whole.",
            row -> is(row, SeriesKind.SERVER) && row.key().server() != null);
        histograms(text, "millrace_server_queue_depth",
            "Requests parked or in flight at one lane's links to a server, looked at each millisecond.",
            row -> is(row, SeriesKind.QUEUE_DEPTH));
        histograms(text, "millrace_turn_duration_seconds",
            "Turns of a lane's thread that had something to do, without the wait for I/O.",
            row -> is(row, SeriesKind.TURN));
        histograms(text, "millrace_turn_requests", "Requests parsed in one turn.",
            row -> is(row, SeriesKind.TURN_REQUESTS));
        histograms(text, "millrace_turn_replies", "Replies paired in one turn.",
            row -> is(row, SeriesKind.TURN_REPLIES));
        histograms(text, "millrace_gc_pause_seconds", "Pauses of the collector of the heap.",
            row -> is(row, SeriesKind.GC_PAUSE));
        percentiles(text, "millrace_request_duration_percentile_seconds", "Percentiles of requests" + RECENT + '.',
            row -> is(row, SeriesKind.REQUEST));
        percentiles(text, "millrace_stage_duration_percentile_seconds", "Percentiles of stages" + RECENT + '.',
            this::isStage);
        percentiles(text, "millrace_server_request_duration_percentile_seconds",
            "Percentiles of requests to a server" + RECENT + '.', row -> is(row, SeriesKind.SERVER_REQUEST));
        percentiles(text, "millrace_server_duration_percentile_seconds",
            "Percentiles of the time at a server" + RECENT + '.',
            row -> is(row, SeriesKind.SERVER) && row.key().server() != null);
    }

    private static boolean is(LatencyRow row, SeriesKind kind) {
        return row.key().kind() == kind;
    }

    private boolean isOfFamily(LatencyRow row) {
        return is(row, SeriesKind.REQUEST) && row.key().detail() != null;
    }

    private boolean isStage(LatencyRow row) {
        return switch (row.key().kind()) {
            case LINK_WAIT, SERVER -> row.key().server() == null;
            case ORDER_WAIT, CLIENT_WRITE -> true;
            default -> false;
        };
    }

    private void histograms(MetricsText text, String name, String help, Predicate<LatencyRow> which) {
        text.histograms(name, help);
        rows.stream().filter(which).forEach(row -> text.histogram(labelsOf(row.key()), row));
    }

    private void percentiles(MetricsText text, String name, String help, Predicate<LatencyRow> which) {
        text.gauges(name, help);
        for (LatencyRow row : rows) {
            if (which.test(row) && row.recentCount() > 0) {
                for (int i = 0; i < row.recent().length; i++) {
                    text.seconds(labelsOf(row.key()) + ",percentile=\"" + LatencyRow.PERCENTILE_NAMES[i] + '"',
                        row.recent()[i]);
                }
            }
        }
    }

    private static String labelsOf(SeriesKey key) {
        String kind = key.kind().name().toLowerCase(Locale.ROOT);
        return switch (key.kind()) {
            case REQUEST -> labels("pool", key.pool(), "family", key.detail());
            case LINK_WAIT, ORDER_WAIT, CLIENT_WRITE -> labels("pool", key.pool(), "stage", kind);
            case SERVER -> key.server() == null ? labels("pool", key.pool(), "stage", kind)
                : labels("pool", key.pool(), "server", key.server());
            case SERVER_REQUEST, QUEUE_DEPTH -> labels("pool", key.pool(), "server", key.server());
            case TURN -> labels("thread", key.detail());
            case TURN_REQUESTS, TURN_REPLIES -> labels("lane", key.detail().substring("lane-".length()));
            case GC_PAUSE -> labels("collector", key.detail());
        };
    }
}
