package org.millrace.engine.control.metrics;

import java.math.BigDecimal;

/** Writes metrics in the text format of Prometheus, version 0.0.4, or in that of OpenMetrics, version 1.0.0. */
final class MetricsText {
    private static final int NANO_DIGITS = 9;

    private final boolean open;
    private final StringBuilder text = new StringBuilder(16 << 10);
    private String name;

    MetricsText(boolean open) {
        this.open = open;
    }

    /** Begins a family of counters; its name without {@code _total}. */
    MetricsText counters(String family, String help) {
        name = family + "_total";
        head(open ? family : name, "counter", help);
        return this;
    }

    /** Begins a family of gauges. */
    MetricsText gauges(String family, String help) {
        name = family;
        head(family, "gauge", help);
        return this;
    }

    /** Begins a family of histograms. */
    MetricsText histograms(String family, String help) {
        name = family;
        head(family, "histogram", help);
        return this;
    }

    /** What the process is; its name without {@code _info}. */
    void info(String family, String help, String labels) {
        name = family + "_info";
        head(open ? family : name, open ? "info" : "gauge", help);
        value("", labels, "1");
    }

    private void head(String family, String type, String help) {
        text.append("# HELP ").append(family).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(family).append(' ').append(type).append('\n');
        for (String unit : new String[] {"seconds", "bytes"}) {
            if (open && family.endsWith('_' + unit)) {
                text.append("# UNIT ").append(family).append(' ').append(unit).append('\n');
            }
        }
    }

    /** A sample of the family. */
    MetricsText value(String labels, long value) {
        return value("", labels, Long.toString(value));
    }

    /** A sample of the family, in seconds. */
    MetricsText seconds(String labels, long ns) {
        return value("", labels, decimal(ns, NANO_DIGITS));
    }

    /** A sample of the family, with so many digits behind the point. */
    MetricsText decimal(String labels, long value, int digits) {
        return value("", labels, decimal(value, digits));
    }

    /** All samples of one histogram of the family. */
    void histogram(String labels, LatencyRow row) {
        boolean time = row.key().kind().isTime();
        long[] bounds = row.bounds();
        for (int i = 0; i < bounds.length; i++) {
            value("_bucket", join(labels, "le=\"" + bound(bounds[i], time) + '"'), Long.toString(row.upTo()[i]));
        }
        value("_bucket", join(labels, "le=\"+Inf\""), Long.toString(row.count()));
        value("_sum", labels, time ? decimal(row.sum(), NANO_DIGITS) : Long.toString(row.sum()));
        value("_count", labels, Long.toString(row.count()));
    }

    private String bound(long bound, boolean time) {
        String shown = time ? decimal(bound, NANO_DIGITS) : Long.toString(bound);
        return open && shown.indexOf('.') < 0 ? shown + ".0" : shown;
    }

    private MetricsText value(String suffix, String labels, String value) {
        text.append(name).append(suffix);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
        return this;
    }

    private static String decimal(long value, int digits) {
        return value == 0 ? "0" : BigDecimal.valueOf(value, digits).stripTrailingZeros().toPlainString();
    }

    /** Labels, given as names and values; those without a value are left out. */
    static String labels(String... namesAndValues) {
        String labels = "";
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                labels = join(labels, namesAndValues[i] + "=\"" + escape(namesAndValues[i + 1]) + '"');
            }
        }
        return labels;
    }

    private static String join(String labels, String more) {
        return labels.isEmpty() ? more : labels + ',' + more;
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** The whole text. */
    String end() {
        return (open ? text.append("# EOF\n") : text).toString();
    }
}
