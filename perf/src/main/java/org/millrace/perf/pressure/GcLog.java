package org.millrace.perf.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a JVM wrote by {@code -Xlog:gc*}: pauses of the collector, and the heap that they left. */
final class GcLog {
    private static final Pattern PAUSE = Pattern.compile(
        "\\[(\\d+\\.\\d+)s\\].*\\[gc\\s*\\].*(Pause \\w+.*?) (\\d+)M->(\\d+)M\\(\\d+M\\) (\\d+\\.\\d+)ms");

    /**
     * One pause.
     *
     * @param atSeconds since the JVM's start
     * @param cause     as the JVM calls it
     * @param leftMib   used heap afterwards
     * @param pauseMs   how long all threads stood
     */
    record Pause(double atSeconds, String cause, long leftMib, double pauseMs) {
        /** Whether somebody asked for it, as the soak itself does to see the live heap. */
        boolean isAskedFor() {
            return cause.contains("Diagnostic Command") || cause.contains("System.gc");
        }
    }

    private GcLog() {
    }

    /** All pauses in their order; none if there is no log. */
    static List<Pause> read(Path log) throws IOException {
        List<Pause> pauses = new ArrayList<>();
        if (log == null || !Files.exists(log)) {
            return pauses;
        }
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = PAUSE.matcher(line);
            if (matcher.find()) {
                pauses.add(new Pause(Double.parseDouble(matcher.group(1)), matcher.group(2),
                    Long.parseLong(matcher.group(4)), Double.parseDouble(matcher.group(5))));
            }
        }
        return pauses;
    }
}
