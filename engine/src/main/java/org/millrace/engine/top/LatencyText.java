package org.millrace.engine.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines of how long requests of a pool took within the last minute, and where. None if the process does not tell. */
final class LatencyText {
    private static final String[] PERCENTILES = {"p50", "p90", "p99", "p99.9", "p99.99", "max"};
    private static final String[] STAGES = {"link_wait", "server", "order_wait", "client_write"};
    private static final String[] STAGE_NAMES = {"for a link", "at the server", "for earlier replies",
        "for the client to read"};
    private static final double US_PER_MS = 1000;

    private LatencyText() {
    }

    static List<String> lines(Sample now, String pool) {
        Map<?, ?> all = Sample.object(now.own(), "latency");
        Map<?, ?> requests = Sample.object(all, "pool_" + pool + "_request");
        if (Sample.number(requests, "count") == 0) {
            return List.of();
        }
        List<String> whole = new ArrayList<>();
        for (String each : PERCENTILES) {
            whole.add(each + ' ' + ms(requests, each));
        }
        List<String> stages = new ArrayList<>();
        for (int i = 0; i < STAGES.length; i++) {
            Map<?, ?> stage = Sample.object(all, "pool_" + pool + '_' + STAGES[i]);
            if (Sample.number(stage, "count") > 0) {
                stages.add(STAGE_NAMES[i] + ' ' + ms(stage, "p99"));
            }
        }
        return List.of("  latency in ms: " + String.join("  ", whole),
            "  99 % wait at most: " + String.join(", ", stages));
    }

    private static String ms(Map<?, ?> row, String name) {
        return String.format(Locale.ROOT, "%,.2f", Sample.number(row, name + "_us") / US_PER_MS);
    }
}
