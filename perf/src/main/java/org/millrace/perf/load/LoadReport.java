package org.millrace.perf.load;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Puts a run into lines and a table for people. Latencies are microseconds. */
public final class LoadReport implements LoadListener {
    private static final String ROW = "  %-9s %11s %8s %9s %9s %9s %9s %10s %10s%n";

    private static final double MIN_LINE_S = 0.1;
    private static final String NEW_LINE_IN_PLACE = "\r\u001b[K";

    private final PrintStream out;
    private final Progress progress;
    private final boolean live;

    /** Prints to {@code out}, a line for each interval. */
    public LoadReport(PrintStream out) {
        this(out, null, false);
    }

    /**
     * Tells how far the run has come, too.
     *
     * @param config of the run
     * @param live   {@code out} is a terminal: one line that is written anew; else a line for each interval
     */
    public LoadReport(PrintStream out, LoadConfig config, boolean live) {
        this.out = out;
        this.live = live;
        progress = config == null ? null : new Progress(config);
    }

    @Override
    public void onFilling(long keys) {
        if (live) {
            out.print(NEW_LINE_IN_PLACE + "  filling " + keys + " keys");
            out.flush();
        }
    }

    @Override
    public void onWarmUp(long second, long requests, double seconds, long failures, Histogram latencyUs) {
        line(second, "warm  ", requests, seconds, failures, latencyUs);
    }

    @Override
    public void onInterval(long second, long requests, double seconds, long failures, Histogram latencyUs) {
        String done = progress == null ? "" : String.format(Locale.ROOT, "%3.0f %%  ",
            100 * progress.after(second, requests));
        line(second, done, requests, seconds, failures, latencyUs);
    }

    private void line(long second, String done, long requests, double seconds, long failures, Histogram latencyUs) {
        if (seconds <= MIN_LINE_S) {
            // The last few milliseconds, in which only answers are awaited, would only confuse.
            return;
        }
        String line = requests == 0
            ? String.format(Locale.ROOT, "%5d s  %sno request was answered in this second, errors %d", second, done,
                failures)
            : String.format(Locale.ROOT, "%5d s  %s%,9.0f requests/s  errors %d  p50 %,d us  p99 %,d us  p99.9 %,d us",
                second, done, requests / seconds, failures, at(latencyUs, 50), at(latencyUs, 99), at(latencyUs, 99.9));
        out.print(live ? NEW_LINE_IN_PLACE + line : line + System.lineSeparator());
        out.flush();
    }

    /** The summary at the end. */
    public void summary(LoadResult result) {
        if (live) {
            out.println();
        }
        out.printf(Locale.ROOT, "%n%,d requests in %.1f s: %,.0f requests/s, %,d errors, %,d keys not found%n%n",
            result.requests(), result.elapsedNs() / 1e9, result.requestsPerSecond(), result.failed(), result.misses());
        out.printf(ROW, "command", "requests", "errors", "p50 us", "p90 us", "p99 us", "p99.9 us", "p99.99 us",
            "max us");
        for (Map.Entry<LoadCommand, Histogram> entry : result.latencyUsByCommand().entrySet()) {
            row(entry.getKey().lowerName(), entry.getValue(), result.failuresByCommand().get(entry.getKey()));
        }
        row("all", result.latencyUs(), result.failed());
        for (Map.Entry<FailureKind, Long> failure : result.failures().entrySet()) {
            if (failure.getValue() > 0) {
                out.printf(Locale.ROOT, "%n  %,d %s", failure.getValue(), failure.getKey().label());
            }
        }
        if (!result.isClean()) {
            out.println();
        }
        for (String text : result.texts()) {
            out.println("    " + printable(text));
        }
        if (result.cpuUsPerRequest() > 0) {
            out.printf(Locale.ROOT, "%n  CPU of this load: %.2f us a request%n", result.cpuUsPerRequest());
        }
        if (result.unsent() > 0) {
            out.printf(Locale.ROOT, "%n  The target did not keep up: %,d requests were due and never sent; the "
                + "percentiles count them with the time that they had waited.%n", result.unsent());
        }
        out.flush();
    }

    /** Text that cannot upset a terminal. */
    public static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(c >= ' ' && c < 127 ? c : '.');
        }
        return safe.toString();
    }

    private void row(String name, Histogram h, Long failures) {
        out.printf(ROW, name, String.format(Locale.ROOT, "%,d", h.getTotalCount()), failures == null ? 0 : failures,
            number(at(h, 50)), number(at(h, 90)), number(at(h, 99)), number(at(h, 99.9)), number(at(h, 99.99)),
            number(h.getMaxValue()));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static long at(Histogram h, double percentile) {
        return h.getValueAtPercentile(percentile);
    }
}
