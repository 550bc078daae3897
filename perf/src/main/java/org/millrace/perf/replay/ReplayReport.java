package org.millrace.perf.replay;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.millrace.perf.report.JsonObject;

/** Puts a replay into lines for people, and into JSON for programs. */
public final class ReplayReport implements ReplayListener {
    private static final String IN_PLACE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean live;

    /**
     * Prints to {@code out}.
     *
     * @param live it is a terminal: progress is one line that is written anew
     */
    public ReplayReport(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    @Override
    public void onSecond(double share, ReplayResult soFar) {
        String line = String.format(Locale.ROOT, "%5.1f %%  %,d requests, %,d differ, %,d failed", 100 * share,
            soFar.sent, soFar.differing, soFar.failed);
        out.print(live ? IN_PLACE + line : line + System.lineSeparator());
        out.flush();
    }

    /** The end. */
    public void summary(ReplayConfig config, ReplayResult result) {
        out.printf(Locale.ROOT, "%s%,d requests of %,d conversations in %.1f s: %,.0f requests/s, p50 %,d us, p99 %,d "
            + "us%n", live ? IN_PLACE : "", result.sent, result.conversations, result.elapsedNs / 1e9,
            result.sent * 1e9 / Math.max(1, result.elapsedNs), result.latencyUs.getValueAtPercentile(50),
            result.latencyUs.getValueAtPercentile(99));
        out.printf(Locale.ROOT, "  %,12d replies are the same%s%n", result.same, result.redacted
            ? " in shape (the capture holds no values)" : "");
        out.printf(Locale.ROOT, "  %,12d differ%n", result.differing);
        out.printf(Locale.ROOT, "  %,12d got no reply%n", result.failed);
        out.printf(Locale.ROOT, "  %,12d are other ones by nature (time, chance, versions, the server itself), %,d of "
            + "them the same%n", result.byNature, result.byNatureSame);
        out.printf(Locale.ROOT, "  %,12d were not sent (no reply captured, logins, what was no request)%n",
            result.notSent);
        note(result.damaged, "conversations lack something that found no room when it was captured");
        note(result.joined, "conversations do not begin at their beginning");
        note(result.cutFiles, "files end in the middle of a record");
        if (config.speed() > 0) {
            out.printf(Locale.ROOT, "  the latest request left %,d us after its time%n", result.worstLagNs / 1_000);
        }
        if (!result.differences.isEmpty()) {
            out.printf(Locale.ROOT, "%n%12s %14s  %-10s %s%n", "at s", "conversation", "command", "key");
        }
        for (Difference each : result.differences) {
            out.printf(Locale.ROOT, "%12.6f %14d  %-10s %s%n    was  %s%n    is   %s%n", each.afterNs() / 1e9,
                each.conversation(), each.command(), each.key(), each.before(), each.now());
        }
        long more = result.differing + result.failed - result.differences.size();
        if (more > 0) {
            out.printf(Locale.ROOT, "... and %,d more%n", more);
        }
        if (result.stopped) {
            out.println("stopped before the end of the capture");
        }
        out.flush();
    }

    private void note(long count, String what) {
        if (count > 0) {
            out.printf(Locale.ROOT, "  %,12d %s%n", count, what);
        }
    }

    /** The document. */
    public static String json(ReplayConfig config, ReplayResult result) {
        List<JsonObject> differences = result.differences.stream().map(each -> new JsonObject()
            .put("after_ns", each.afterNs()).put("conversation", each.conversation()).put("command", each.command())
            .put("key", each.key()).put("was", each.before()).put("is", each.now())).toList();
        return new JsonObject().put("from", config.from().toString()).put("speed", config.speed())
            .put("conversations", result.conversations).put("sent", result.sent).put("same", result.same)
            .put("differing", result.differing).put("failed", result.failed).put("by_nature", result.byNature)
            .put("by_nature_same", result.byNatureSame).put("not_sent", result.notSent)
            .put("damaged_conversations", result.damaged).put("joined_conversations", result.joined)
            .put("cut_files", (long) result.cutFiles).put("redacted", result.redacted).put("stopped", result.stopped)
            .put("elapsed_ns", result.elapsedNs).put("worst_lag_ns", result.worstLagNs)
            .put("p50_us", result.latencyUs.getValueAtPercentile(50))
            .put("p99_us", result.latencyUs.getValueAtPercentile(99)).put("differences", differences) + "\n";
    }
}
