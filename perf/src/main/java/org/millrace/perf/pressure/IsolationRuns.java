package org.millrace.perf.pressure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.report.MarkdownTable;
import org.millrace.perf.report.Median;
import org.millrace.perf.report.PercentileSvg;

/** The runs of one fault, in pairs. */
final class IsolationRuns {
    private final Fault fault;
    private final double maxRatio;
    private final List<OpenLoopStats> without = new ArrayList<>();
    private final List<OpenLoopStats> with = new ArrayList<>();
    private final List<String> traces = new ArrayList<>();

    IsolationRuns(Fault fault, double maxRatio) {
        this.fault = fault;
        this.maxRatio = maxRatio;
    }

    void add(boolean faulty, OpenLoopStats stats) {
        (faulty ? with : without).add(stats);
        if (faulty) {
            traces.add(fault.traces());
        }
    }

    String name() {
        return fault.name();
    }

    private double[] ratios(double percentile) {
        double[] ratios = new double[with.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = with.get(i).ms(percentile) / Math.max(0.001, without.get(i).ms(percentile));
        }
        return ratios;
    }

    private long failed() {
        return with.stream().mapToLong(OpenLoopStats::failed).sum()
            + without.stream().mapToLong(OpenLoopStats::failed).sum();
    }

    boolean isKept() {
        return failed() == 0 && Median.of(ratios(99)).value() <= maxRatio;
    }

    String report() {
        MarkdownTable table = new MarkdownTable("pair", "without p50 ms", "p99", "p99.9", "with p50 ms", "p99", "p99.9",
            "ratio of p99", "failed", "the fault");
        double[] ratios = ratios(99);
        for (int i = 0; i < ratios.length; i++) {
            OpenLoopStats a = without.get(i);
            OpenLoopStats b = with.get(i);
            table.row(String.valueOf(i + 1), ms(a, 50), ms(a, 99), ms(a, 99.9), ms(b, 50), ms(b, 99), ms(b, 99.9),
                String.format(Locale.ROOT, "%.2f", ratios[i]), String.valueOf(a.failed() + b.failed()), traces.get(i));
        }
        Median median = Median.of(ratios);
        StringBuilder text = new StringBuilder("### " + fault.name() + ": " + fault.title() + "\n\n" + table);
        text.append(String.format(Locale.ROOT, "%nmedian ratio of p99, with to without: **%.2f**, %.1f %% interval "
            + "%.2f to %.2f (promise: at most %.2f); of p50 %.2f, of p99.9 %.2f; failed requests: %d (promise: none)%n",
            median.value(), median.coverage() * 100, median.low(), median.high(), maxRatio,
            Median.of(ratios(50)).value(), Median.of(ratios(99.9)).value(), failed()));
        with.stream().flatMap(each -> each.texts().stream()).distinct().limit(5)
            .forEach(each -> text.append("  ").append(each).append('\n'));
        return text.toString();
    }

    String svg(String subtitle) {
        return new PercentileSvg("Latency of " + fault.title(), subtitle)
            .curve("without the fault", sum(without)).curve("with the fault", sum(with)).render();
    }

    JsonObject json() {
        Median median = Median.of(ratios(99));
        return new JsonObject().put("fault", fault.name()).put("kept", isKept()).put("p99_ratio_median", median.value())
            .put("p99_ratio_low", median.low()).put("p99_ratio_high", median.high())
            .put("coverage", median.coverage()).put("failed", failed()).put("p99_ratios", ratios(99))
            .put("without_p50_ms", all(without, 50)).put("without_p99_ms", all(without, 99))
            .put("without_p99_9_ms", all(without, 99.9)).put("with_p50_ms", all(with, 50))
            .put("with_p99_ms", all(with, 99)).put("with_p99_9_ms", all(with, 99.9));
    }

    private static double[] all(List<OpenLoopStats> runs, double percentile) {
        return runs.stream().mapToDouble(each -> each.ms(percentile)).toArray();
    }

    private static Histogram sum(List<OpenLoopStats> runs) {
        Histogram sum = new Histogram(3);
        runs.forEach(each -> sum.add(each.fromIntendedUs()));
        return sum;
    }

    private static String ms(OpenLoopStats stats, double percentile) {
        return String.format(Locale.ROOT, "%.2f", stats.ms(percentile));
    }
}
