package org.millrace.engine.control.slow;

import java.util.List;
import java.util.stream.Collectors;
import org.millrace.engine.control.JsonText;

/** The slow log as the stats port tells it. */
public final class SlowJson {
    private SlowJson() {
    }

    /** An array of these rows, in their order. */
    public static String of(List<SlowRow> rows) {
        return rows.stream().map(SlowJson::of).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String of(SlowRow row) {
        return "{\"id\":" + row.id() + ", \"time\":" + row.time() + ", \"duration_us\":" + row.durationUs()
            + ", \"pool\":" + JsonText.quote(row.pool()) + ", \"server\":" + JsonText.quote(row.server())
            + ", \"client\":" + JsonText.quote(row.client()) + ", \"command\":" + JsonText.quote(row.command())
            + ", \"key\":" + JsonText.quote(row.keyText()) + ", \"link_wait_us\":" + row.linkWaitUs()
            + ", \"server_us\":" + row.serverUs() + ", \"order_wait_us\":" + row.orderWaitUs() + '}';
    }
}
