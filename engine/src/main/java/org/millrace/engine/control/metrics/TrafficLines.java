package org.millrace.engine.control.metrics;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millrace.engine.control.JsonText;

/** Hot keys, big keys and top talkers, as the JSON of the stats port shows them. */
public final class TrafficLines {
    private static final double SHARE_STEPS = 1e5;
    private static final double RATE_STEPS = 10;

    private final TrafficTotals totals;

    /** Of these totals. */
    public TrafficLines(TrafficTotals totals) {
        this.totals = totals;
    }

    /** An object with a member for each pool that has had traffic; none if none is looked at. */
    public String json() {
        return totals.tops().stream().map(TrafficLines::pool).collect(Collectors.joining(", ", "{", "}"));
    }

    private static String pool(TrafficTop top) {
        return JsonText.quote(top.pool()) + ": {\"hot\":" + array(top.hot(), TrafficLines::hot)
            + ", \"big\":" + array(top.big(), TrafficLines::big)
            + ", \"talkers\":" + array(top.talkers(), TrafficLines::talker)
            + ", \"share_error\":" + round(top.shareError(), SHARE_STEPS) + '}';
    }

    private static <T> String array(List<T> rows, Function<T, String> text) {
        return rows.stream().map(text).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String hot(TrafficTop.HotKey row) {
        return "{\"key\":" + JsonText.quote(row.key()) + ", \"share\":" + round(row.share(), SHARE_STEPS)
            + ", \"requests_per_second\":" + round(row.requestsPerSecond(), RATE_STEPS) + '}';
    }

    private static String big(TrafficTop.BigKey row) {
        return "{\"key\":" + JsonText.quote(row.key()) + ", \"bytes\":" + row.bytes() + ", \"command\":"
            + JsonText.quote(row.command()) + ", \"measured\":\"" + row.measured() + "\"}";
    }

    private static String talker(TrafficTop.Talker row) {
        return "{\"address\":" + JsonText.quote(row.address()) + ", \"requests_per_second\":"
            + round(row.requestsPerSecond(), RATE_STEPS) + ", \"bytes_per_second\":" + Math.round(row.bytesPerSecond())
            + '}';
    }

    /** Without the exponent that a small double would be written with. */
    private static String round(double value, double steps) {
        return new BigDecimal(Math.round(value * steps)).divide(new BigDecimal((long) steps))
            .toPlainString();
    }
}
