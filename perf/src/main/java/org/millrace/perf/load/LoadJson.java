package org.millrace.perf.load;

import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Puts a run's outcome into JSON for programs; every name carries its unit. */
public final class LoadJson {
    private static final double[] PERCENTILES = {50, 75, 90, 95, 99, 99.9, 99.99};
    /** Points of a curve for each nine: from 90 to 99 % as many as from 99 to 99.9 %. */
    private static final int STEPS_PER_NINE = 10;
    /** A curve ends where fewer lie beyond: further right it would show single values. */
    private static final int MIN_BEYOND = 5;

    private LoadJson() {
    }

    /** The document, with a line feed at its end. */
    public static String render(LoadConfig config, LoadResult result) {
        StringBuilder json = new StringBuilder(2048);
        json.append("{\n  \"run\": ").append(quote(config.toString()));
        json.append(",\n  \"protocol\": ").append(quote(config.protocol().lowerName()));
        json.append(",\n  \"connections\": ").append(config.connections());
        json.append(",\n  \"pipeline\": ").append(config.pipeline());
        json.append(",\n  \"rate_per_second\": ").append(number(config.ratePerSecond()));
        json.append(",\n  \"requests\": ").append(result.requests());
        json.append(",\n  \"elapsed_ns\": ").append(result.elapsedNs());
        json.append(",\n  \"requests_per_second\": ").append(number(result.requestsPerSecond()));
        json.append(",\n  \"failed\": ").append(result.failed());
        for (Map.Entry<FailureKind, Long> failure : result.failures().entrySet()) {
            json.append(",\n  \"failed_").append(failure.getKey().name().toLowerCase(Locale.ROOT)).append("\": ")
                .append(failure.getValue());
        }
        json.append(",\n  \"sent\": ").append(result.sent());
        json.append(",\n  \"unsent\": ").append(result.unsent());
        json.append(",\n  \"hits\": ").append(result.hits());
        json.append(",\n  \"misses\": ").append(result.misses());
        json.append(String.format(Locale.ROOT, ",\n  \"cpu_us_per_request\": %.3f", result.cpuUsPerRequest()));
        json.append(",\n  \"latency_us\": ");
        histogram(json, result.latencyUs());
        json.setLength(json.length() - 1);
        curve(json, result.latencyUs());
        json.append(",\n  \"commands\": {");
        String separator = "\n    ";
        for (Map.Entry<LoadCommand, Histogram> entry : result.latencyUsByCommand().entrySet()) {
            json.append(separator).append(quote(entry.getKey().lowerName())).append(": ");
            histogram(json, entry.getValue());
            separator = ",\n    ";
        }
        return json.append("\n  }\n}\n").toString();
    }

    private static void histogram(StringBuilder json, Histogram h) {
        json.append("{\"count\": ").append(h.getTotalCount()).append(", \"mean\": ").append(number(h.getMean()));
        for (double percentile : PERCENTILES) {
            String name = percentile == Math.rint(percentile) ? String.valueOf((int) percentile)
                : String.valueOf(percentile);
            json.append(", \"p").append(name).append("\": ").append(h.getValueAtPercentile(percentile));
        }
        json.append(", \"max\": ").append(h.getMaxValue()).append('}');
    }

    /** Pairs of percentile and microseconds, enough of them to draw. */
    private static void curve(StringBuilder json, Histogram h) {
        json.append(", \"curve\": [");
        double nines = Math.log10(Math.max(1, (double) h.getTotalCount() / MIN_BEYOND));
        String separator = "";
        for (int step = 0; step <= nines * STEPS_PER_NINE; step++) {
            double percentile = 100 - 100 * Math.pow(10, -(double) step / STEPS_PER_NINE);
            json.append(separator).append(String.format(Locale.ROOT, "[%.6f, %d]", percentile,
                h.getValueAtPercentile(percentile)));
            separator = ", ";
        }
        json.append("]}");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
