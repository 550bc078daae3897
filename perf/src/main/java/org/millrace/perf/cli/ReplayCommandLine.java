package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.millrace.perf.replay.Login;
import org.millrace.perf.replay.Replay;
import org.millrace.perf.replay.ReplayConfig;
import org.millrace.perf.replay.ReplayReport;
import org.millrace.perf.replay.ReplayResult;

/** {@code replay}: asks again what was captured, and compares the replies. */
final class ReplayCommandLine implements Command {
    private static final int DIFFERS = 1;
    private static final double MAX_SPEED = 1_000_000;

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String summary() {
        return "ask again what was captured, elsewhere, and tell every reply that differs";
    }

    @Override
    public String usage() {
        return """
            Usage: millrace replay --from DIR --target HOST:PORT [options]

            Sends what 'millrace capture' has recorded to any server or proxy, each conversation on a connection of its
            own and in its order, and compares each reply with the recorded one. Requests about one key are sent in the
            order in which they were recorded over all connections, so replies do not depend on chance; --order
            connection lets them run free. The target should hold the data that there were when the capture began.

            Replies that are other ones each time (TIME, INFO, RANDOMKEY, SCAN, TTL, ids of streams, versions of
            memcached, ...) are counted apart. Replies of unordered collections are compared as sets. What got no reply,
            logins and memcached's stats are not sent. Of a redacted capture only the shape of replies is compared:
            their types, and what is there and what is not. docs/CAPTURE.md tells all of it.

            It writes to the target whatever was written. Never point it at a server whose data you need.

            Examples
              millrace replay --from /var/tmp/capture --target 127.0.0.1:6379
              millrace replay --from /var/tmp/capture --target 127.0.0.1:22121 --speed 2 --json replay.json
              millrace replay --from /var/tmp/capture --target 10.0.0.7:6379 --auth /etc/millrace/login

            Exit code: 0 every reply is the same, 1 one differs or did not come, 2 it could not start.
            """;
    }

    @Override
    public List<Option> options() {
        return List.of(
            new Option("from", "DIR", "the folder of the capture, or one of its files"),
            new Option("target", "HOST:PORT", "server or proxy"),
            new Option("speed", "X", "1 as recorded, 2 twice as fast, max as fast as it goes (1)"),
            new Option("order", "WHAT", "key or connection: what keeps its order (key)"),
            new Option("pipeline", "N", "most requests in flight on a connection (1024)"),
            new Option("differences", "N", "how many are told one by one (20)"),
            new Option("timeout", "TIME", "a request without an answer for so long has failed (5s)"),
            new Option("auth", "FILE", "log in: the file has one line, the password, or two, user and password"),
            new Option("json", "FILE", "write the outcome as JSON, too"));
    }

    @Override
    public int cannotStart() {
        return FAILED;
    }

    @Override
    public int run(List<String> args, PrintStream out, GracefulExit exit) throws IOException {
        Arguments given = Arguments.parse(options(), args);
        for (String needed : List.of("from", "target")) {
            if (!given.has(needed)) {
                throw new UsageException("--" + needed + " is missing");
            }
        }
        String order = given.text("order", "key");
        if (!List.of("key", "connection").contains(order)) {
            throw new UsageException("--order " + order + ": key or connection is needed");
        }
        double speed = given.text("speed", "1").equals("max") ? 0 : given.number("speed", 1, 0.001, MAX_SPEED);
        ReplayConfig config = new ReplayConfig(Path.of(given.text("from", "")), given.address("target", ""), speed,
            order.equals("key"), (int) given.count("differences", 20, 0, 1_000_000),
            given.durationNs("timeout", 5_000_000_000L), (int) given.count("pipeline", 1024, 1, 65_536),
            given.has("auth") ? Login.read(Path.of(given.text("auth", ""))) : null);
        ReplayReport report = new ReplayReport(out,
            out == System.out && System.console() != null && System.console().isTerminal());
        Replay replay = new Replay(config, report);
        exit.onStop(replay::requestStop);
        ReplayResult result = replay.run();
        report.summary(config, result);
        if (given.has("json")) {
            Files.writeString(Path.of(given.text("json", "")), ReplayReport.json(config, result));
        }
        return result.isSame() ? OK : DIFFERS;
    }
}
