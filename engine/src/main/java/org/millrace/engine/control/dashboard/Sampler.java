package org.millrace.engine.control.dashboard;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.millrace.engine.control.JsonText;
import org.millrace.engine.control.LaneSpread;
import org.millrace.engine.control.Totals;
import org.millrace.engine.control.metrics.LatencyTotals;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.latency.SeriesKind;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/**
 * Makes a sample each second of what has come since the last, from the same histograms that all reports read. Control
 * thread.
 *
 * <p>A sample is an object: {@code s} its number, {@code t} milliseconds since 1970, {@code d} milliseconds since
 * the last, {@code r} requests of all pools, {@code mem} bytes in use, {@code busy} of each lane in thousandths of a
 * processor, {@code pools} by their names. Of a pool there are {@code c} clients, {@code n} requests answered,
 * {@code f} of them with an error of the proxy's, {@code b} bytes to and from servers, {@code p} the percentiles of
 * {@link #PERCENTILES} and the greatest in microseconds, {@code h} rows and counts of the heat map, and by its name the
 * mean of each of {@link #STAGES} in tenths of a microsecond. What nothing was measured of is left out.
 */
public final class Sampler {
    /** How long a sample is. */
    static final long INTERVAL_NS = 1_000_000_000L;
    /** Of the lines of latency; the greatest follows. */
    static final double[] PERCENTILES = {50, 90, 99, 99.9};
    /** In the order in which a request goes through them. */
    static final SeriesKind[] STAGES = {SeriesKind.LINK_WAIT, SeriesKind.SERVER, SeriesKind.ORDER_WAIT,
        SeriesKind.CLIENT_WRITE};

    private static final long NS_PER_US = 1_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final long TENTHS_NS = 100;

    private final Totals totals;
    private final LatencyTotals latency;
    private final State state;
    private final History history;
    private final InstantSource clock;
    private final HeatBuckets heat = new HeatBuckets();
    private final Map<String, StringBuilder> times = new HashMap<>();
    private final Map<String, long[]> before = new HashMap<>();
    private boolean begun;
    private long madeNs;
    private long number;
    private long requests;

    /** Into this history. */
    public Sampler(Totals totals, LatencyTotals latency, State state, History history, InstantSource clock) {
        this.totals = totals;
        this.latency = latency;
        this.state = state;
        this.history = history;
        this.clock = clock;
    }

    /** Looks at the time; returns nanoseconds until the next look. */
    public long look(long nowNs) {
        if (!begun || nowNs - madeNs >= INTERVAL_NS) {
            String sample = sample(begun ? (nowNs - madeNs) / NS_PER_MS : 0);
            begun = true;
            madeNs = nowNs;
            history.add(new Sample(number, sample.getBytes(StandardCharsets.UTF_8)),
                state.json(history).getBytes(StandardCharsets.UTF_8));
        }
        return INTERVAL_NS - (nowNs - madeNs);
    }

    private String sample(long elapsedMs) {
        number++;
        StringBuilder text = new StringBuilder(1024);
        text.append("{\"s\":").append(number).append(",\"t\":").append(clock.millis())
            .append(",\"d\":").append(elapsedMs)
            .append(",\"r\":").append(requests()).append(",\"mem\":").append(totals.bytesInUse())
            .append(",\"busy\":[");
        LaneSpread spread = totals.spread();
        for (int lane = 0; lane < spread.count(); lane++) {
            text.append(lane == 0 ? "" : ",").append(spread.busy(lane));
        }
        text.append("],\"pools\":{");
        latency.takeUnshown(this::addTimes);
        String separator = "";
        for (PoolTopology pool : totals.topology().pools()) {
            text.append(separator).append(JsonText.quote(pool.name())).append(":{");
            counts(text, pool);
            StringBuilder measured = times.get(pool.name());
            text.append(measured == null ? "" : measured).append('}');
            separator = ",";
        }
        times.clear();
        return text.append("}}").toString();
    }

    private long requests() {
        long now = totals.clients(ClientHalfCounter.REQUESTS);
        long come = begun ? now - requests : 0;
        requests = now;
        return come;
    }

    private void counts(StringBuilder text, PoolTopology pool) {
        long bytes = 0;
        for (ServerNode server : pool.servers()) {
            bytes += totals.server(pool.index(), server.index(), ServerCounter.REQUEST_BYTES)
                + totals.server(pool.index(), server.index(), ServerCounter.RESPONSE_BYTES);
        }
        long failed = totals.pool(pool.index(), PoolCounter.FORWARD_ERROR);
        long[] last = before.computeIfAbsent(pool.name(), name -> new long[2]);
        // counters begin anew with a server that takes the place of another
        text.append("\"c\":").append(totals.pool(pool.index(), PoolCounter.CLIENT_CONNECTIONS))
            .append(",\"f\":").append(begun ? Math.max(0, failed - last[0]) : 0)
            .append(",\"b\":").append(begun ? Math.max(0, bytes - last[1]) : 0);
        last[0] = failed;
        last[1] = bytes;
    }

    private void addTimes(SeriesKey key, Histogram values) {
        StringBuilder text = times.computeIfAbsent(key.pool(), name -> new StringBuilder());
        if (key.kind() == SeriesKind.REQUEST) {
            text.append(",\"n\":").append(values.getTotalCount()).append(",\"p\":[");
            for (double percentile : PERCENTILES) {
                text.append(values.getValueAtPercentile(percentile) / NS_PER_US).append(',');
            }
            text.append(values.getMaxValue() / NS_PER_US).append("],\"h\":");
            heat.write(values, text);
        }
        for (SeriesKind stage : STAGES) {
            if (key.kind() == stage) {
                text.append(",\"").append(stage.name().toLowerCase(Locale.ROOT)).append("\":")
                    .append(Math.round(values.getMean() / TENTHS_NS));
            }
        }
    }
}
