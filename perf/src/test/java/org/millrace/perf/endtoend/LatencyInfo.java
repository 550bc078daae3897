package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a proxy says of latency in INFO. */
final class LatencyInfo {
    private LatencyInfo() {
    }

    /** The section, asked for by this client. */
    static String of(RawClient client) {
        try {
            return client.call("INFO", "latency");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The greatest of a series. */
    static long mostUs(String info, String what) {
        return number(info, what, "max_us=(\\d+)");
    }

    /** A percentile of a series, 50 or 99.9. */
    static long us(String info, String what, String percentile) {
        return number(info, what, 'p' + percentile + "_us=(\\d+),");
    }

    private static long number(String info, String what, String member) {
        Matcher found = Pattern.compile("\r\nlatency_" + what + ":[^\r]*," + member).matcher(info);
        assertTrue(found.find(), () -> what + " is not in " + info);
        return Long.parseLong(found.group(1));
    }
}
