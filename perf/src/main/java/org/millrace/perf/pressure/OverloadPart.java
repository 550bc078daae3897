package org.millrace.perf.pressure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.report.MarkdownTable;
import org.millrace.perf.report.PercentileSvg;

/** The loads of one configuration, from the lowest to the highest. */
final class OverloadPart {
    private static final double TIMEOUT_SLACK = 1.1;
    /** A refusal may be seen so much earlier than it is due: clocks are read at different moments. */
    private static final double REFUSAL_SLACK = 0.95;

    private final OverloadOptions options;
    private final boolean refusing;
    private final List<Double> factors = new ArrayList<>();
    private final List<OpenLoopStats> loads = new ArrayList<>();

    /**
     * @param refusing whether queue_timeout is set
     */
    OverloadPart(OverloadOptions options, boolean refusing) {
        this.options = options;
        this.refusing = refusing;
    }

    void add(double factor, OpenLoopStats stats) {
        factors.add(factor);
        loads.add(stats);
    }

    String name() {
        return refusing ? "queue-timeout" : "timeout";
    }

    private double perSecond(long count) {
        return count * 1e9 / options.durationNs();
    }

    private double shareAtMost() {
        long peak = loads.stream().mapToLong(OpenLoopStats::good).max().orElse(0);
        return peak == 0 ? 0 : (double) loads.getLast().good() / peak;
    }

    private double admittedP99Ms() {
        return loads.getLast().fromWrittenUs().getValueAtPercentile(99) / 1000.0;
    }

    private double refusedP1Ms() {
        return loads.getLast().refusedUs().getValueAtPercentile(1) / 1000.0;
    }

    boolean isKept() {
        boolean bounded = shareAtMost() >= options.minGood()
            && admittedP99Ms() <= options.timeoutMs() * TIMEOUT_SLACK
            && loads.stream().allMatch(each -> each.lost() == 0 && each.otherErrors() == 0);
        return bounded && (!refusing || loads.getLast().overloaded() > 0
            && refusedP1Ms() >= options.queueTimeoutMs() * REFUSAL_SLACK);
    }

    String line(int index) {
        OpenLoopStats each = loads.get(index);
        return String.format(Locale.ROOT, "%.1f x: %.0f good/s, %.0f errors/s, admitted p99 %.0f ms",
            factors.get(index), perSecond(each.good()), perSecond(each.failed()),
            each.fromWrittenUs().getValueAtPercentile(99) / 1000.0);
    }

    int size() {
        return loads.size();
    }

    String report() {
        MarkdownTable table = new MarkdownTable("load", "offered/s", "good/s", "timed out/s", "overloaded/s", "other",
            "never sent", "admitted p50 ms", "p99", "p99.9", "from intended p50 ms", "p99", "refused after p1 ms",
            "p50");
        for (int i = 0; i < loads.size(); i++) {
            OpenLoopStats each = loads.get(i);
            table.row(String.format(Locale.ROOT, "%.1f x", factors.get(i)),
                number(factors.get(i) * options.serverRate()), number(perSecond(each.good())),
                number(perSecond(each.timedOut())), number(perSecond(each.overloaded())),
                String.valueOf(each.otherErrors() + each.lost()), String.valueOf(each.unsent()),
                ms(each.fromWrittenUs(), 50), ms(each.fromWrittenUs(), 99), ms(each.fromWrittenUs(), 99.9),
                ms(each.fromIntendedUs(), 50), ms(each.fromIntendedUs(), 99),
                each.overloaded() == 0 ? "-" : ms(each.refusedUs(), 1),
                each.overloaded() == 0 ? "-" : ms(each.refusedUs(), 50));
        }
        StringBuilder text = new StringBuilder("### " + (refusing
            ? "queue_timeout " + options.queueTimeoutMs() + " ms, timeout " + options.timeoutMs() + " ms"
            : "timeout " + options.timeoutMs() + " ms alone") + "\n\n" + table);
        text.append(String.format(Locale.ROOT, "%ngood answers at the highest load: **%.0f %%** of the best rate "
            + "(promise: at least %.0f %%); p99 of the admitted there %.0f ms (promise: at most %.0f ms)%n",
            shareAtMost() * 100, options.minGood() * 100, admittedP99Ms(), options.timeoutMs() * TIMEOUT_SLACK));
        if (refusing) {
            text.append(String.format(Locale.ROOT, "refused as overloaded there: %d (promise: some), 1 %% of them "
                + "sooner than after %.0f ms (promise: none before queue_timeout)%n", loads.getLast().overloaded(),
                refusedP1Ms()));
        }
        loads.getLast().texts().forEach(each -> text.append("  ").append(each).append('\n'));
        return text.append(isKept() ? "" : "NOT KEPT\n").toString();
    }

    /** The curves at the server's own rate and at the highest load. */
    String svg(String subtitle) {
        PercentileSvg svg = new PercentileSvg("Latency of admitted requests under overload, " + (refusing
            ? "queue_timeout " + options.queueTimeoutMs() + " ms" : "timeout " + options.timeoutMs() + " ms"),
            subtitle);
        for (int i = 0; i < loads.size(); i++) {
            if (factors.get(i) == 1 || i == loads.size() - 1) {
                svg.curve(String.format(Locale.ROOT, "%.1f x the server's rate", factors.get(i)),
                    loads.get(i).fromWrittenUs());
            }
        }
        return svg.render();
    }

    JsonObject json() {
        List<JsonObject> all = new ArrayList<>();
        for (int i = 0; i < loads.size(); i++) {
            OpenLoopStats each = loads.get(i);
            all.add(new JsonObject().put("factor", factors.get(i)).put("good_per_second", perSecond(each.good()))
                .put("timed_out_per_second", perSecond(each.timedOut()))
                .put("overloaded_per_second", perSecond(each.overloaded()))
                .put("other_errors", each.otherErrors() + each.lost()).put("unsent", each.unsent())
                .put("admitted_p50_ms", each.fromWrittenUs().getValueAtPercentile(50) / 1000.0)
                .put("admitted_p99_ms", each.fromWrittenUs().getValueAtPercentile(99) / 1000.0)
                .put("admitted_p99_9_ms", each.fromWrittenUs().getValueAtPercentile(99.9) / 1000.0)
                .put("intended_p50_ms", each.ms(50)).put("intended_p99_ms", each.ms(99)));
        }
        return new JsonObject().put("part", name()).put("kept", isKept()).put("good_share", shareAtMost())
            .put("admitted_p99_ms", admittedP99Ms()).put("refused_p1_ms", refusedP1Ms()).put("loads", all);
    }

    private static String ms(Histogram histogram, double percentile) {
        return String.format(Locale.ROOT, "%.1f", histogram.getValueAtPercentile(percentile) / 1000.0);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
