package org.millrace.engine.control.metrics;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.millrace.engine.control.StatsPages;

/** The pages of the stats port: counters, metrics, and whether the process is well. */
public final class Pages implements StatsPages {
    private static final String OK = "200 OK";
    private static final String UNAVAILABLE = "503 Service Unavailable";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final Supplier<String> json;
    private final MetricsReport metrics;
    private final Readiness readiness;

    /** Of these. */
    public Pages(Supplier<String> json, MetricsReport metrics, Readiness readiness) {
        this.json = json;
        this.metrics = metrics;
        this.readiness = readiness;
    }

    @Override
    public String json() {
        return json.get();
    }

    @Override
    public Page page(String path, String accept) {
        return switch (path) {
            case "/metrics" -> {
                boolean open = accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text");
                yield new Page(OK, open ? OPEN_METRICS : PROMETHEUS, metrics.text(open));
            }
            case "/healthz" -> health(readiness.illness());
            case "/readyz" -> health(readiness.obstacles());
            default -> null;
        };
    }

    private static Page health(List<String> reasons) {
        return reasons.isEmpty() ? new Page(OK, TEXT, "ok\n")
            : new Page(UNAVAILABLE, TEXT, String.join("\n", reasons) + '\n');
    }
}
