package org.millrace.engine.control.metrics;

import java.util.List;
import java.util.Locale;
import org.millrace.engine.control.JsonText;
import org.millrace.engine.latency.HistogramRoom;
import org.millrace.engine.latency.SeriesKey;

/** The recent percentiles, as INFO and the JSON of the stats port show them. */
public final class LatencyLines {
    private static final long NS_PER_US = 1_000;

    private final LatencyTotals totals;
    private final HistogramRoom room;
    private final boolean on;

    /**
     * Of these totals.
     *
     * @param on false if nothing is recorded
     */
    public LatencyLines(LatencyTotals totals, HistogramRoom room, boolean on) {
        this.totals = totals;
        this.room = room;
        this.on = on;
    }

    /** The lines of INFO's section, each with its end. */
    public String info() {
        StringBuilder text = new StringBuilder();
        text.append("latency_recorded:").append(on ? 1 : 0).append("\r\n");
        text.append("latency_histograms_refused:").append(room.refused()).append("\r\n");
        for (LatencyRow row : totals.rows()) {
            text.append("latency_").append(name(row.key()).replace(' ', '_')).append(':');
            values(text, row, "", "=", ",");
            text.append("\r\n");
        }
        return text.toString();
    }

    /** The members of an object: one for each thing that is measured. */
    public String json() {
        StringBuilder text = new StringBuilder("{\"recorded\":").append(on)
            .append(", \"histograms_refused\":").append(room.refused());
        List<LatencyRow> rows = totals.rows();
        for (LatencyRow row : rows) {
            text.append(", \"").append(JsonText.escape(name(row.key()))).append("\": {");
            values(text, row, "\"", "\":", ", ");
            text.append('}');
        }
        return text.append('}').toString();
    }

    /** Pool and server first, as INFO names them elsewhere. */
    static String name(SeriesKey key) {
        String kind = key.kind().name().toLowerCase(Locale.ROOT);
        String place = key.server() != null ? "server_" + key.pool() + '_' + key.server() + '_'
            : key.pool() != null ? "pool_" + key.pool() + '_' : "";
        return place + kind + (key.detail() == null ? "" : '_' + key.detail());
    }

    private static void values(StringBuilder text, LatencyRow row, String quote, String is, String separator) {
        boolean time = row.key().kind().isTime();
        String unit = time ? "_us" : "";
        text.append(quote).append("count").append(is).append(row.recentCount());
        for (int i = 0; i < row.recent().length; i++) {
            text.append(separator).append(quote).append('p').append(LatencyRow.PERCENTILE_NAMES[i]).append(unit)
                .append(is).append(shown(row.recent()[i], time));
        }
        text.append(separator).append(quote).append("max").append(unit).append(is)
            .append(shown(row.recentMax(), time));
    }

    private static long shown(long value, boolean time) {
        return time ? value / NS_PER_US : value;
    }
}
