package org.millrace.engine.control.admin;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.millrace.engine.control.Totals;
import org.millrace.engine.control.metrics.LatencyTotals;
import org.millrace.engine.latency.SeriesKind;
import org.millrace.engine.resp.ReplyText;
import org.millrace.engine.resp.RespProtocol;
import org.millrace.routing.PoolTopology;

/**
 * LATENCY HISTOGRAM in the shape of Redis, of the pool of who asks: by family of commands, as that is what is measured;
 * a command stands for its family. Times are of whole requests, as the clients of the pool see them.
 */
public final class LatencyCommands {
    private static final int NS_PER_US = 1_000;

    private final Totals totals;
    private final LatencyTotals latency;

    public LatencyCommands(Totals totals, LatencyTotals latency) {
        this.totals = totals;
        this.latency = latency;
    }

    /** Has them answered. */
    public void register(AdminCommands commands) {
        commands.put("latency|histogram", PoolCommand.of(totals, this::histogram));
    }

    private void histogram(AdminCall call, PoolTopology pool) {
        Set<String> wanted = new TreeSet<>();
        for (int i = 0; i < call.words(); i++) {
            String word = call.text(i).toLowerCase(Locale.ROOT);
            String family = RespProtocol.INSTANCE.families().familyOf(word);
            wanted.add(family == null ? word : family);
        }
        Map<String, Map<Long, Long>> families = new TreeMap<>();
        latency.totals(key -> key.kind() == SeriesKind.REQUEST && pool.name().equals(key.pool())
            && key.detail() != null && (wanted.isEmpty() || wanted.contains(key.detail())),
            (key, times) -> families.put(key.detail(), buckets(times)));
        ReplyText text = new ReplyText().array(2 * families.size());
        families.forEach((family, upTo) -> {
            text.bulk(family).array(4).bulk("calls").integer(upTo.values().stream().reduce(0L, Math::max));
            text.bulk("histogram_usec").array(2 * upTo.size());
            upTo.forEach((us, count) -> text.integer(us).integer(count));
        });
        call.reply(text);
    }

    /** How many values are at most each power of two, in microseconds, of those that add any. */
    static Map<Long, Long> buckets(Histogram times) {
        Map<Long, Long> upTo = new TreeMap<>();
        long counted = 0;
        for (HistogramIterationValue each : times.recordedValues()) {
            long us = Math.ceilDiv(times.medianEquivalentValue(each.getValueIteratedTo()), NS_PER_US);
            long bound = us <= 1 ? 1 : Long.highestOneBit(us - 1) << 1;
            counted += each.getCountAddedInThisIterationStep();
            upTo.put(bound, counted);
        }
        return upTo;
    }
}
