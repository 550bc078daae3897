package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.millrace.perf.pressure.Isolation;
import org.millrace.perf.pressure.IsolationOptions;

/** {@code isolation}: what a fault changes for everybody else. */
final class IsolationCommandLine extends PressureCommand {
    @Override
    public String name() {
        return "isolation";
    }

    @Override
    public String summary() {
        return "what a hung server or a client that never reads changes for everybody else";
    }

    @Override
    public String usage() {
        return """
            Usage: perf/bin/isolation [options]

            Four redis-servers and Millrace in front of them. A steady load of small GETs and SETs goes to the keys of
            three servers; its latency counts from the moment a request was meant to leave. It runs without and with a
            fault by turns:
              hung-server   the fourth server is stopped by SIGSTOP while other clients go on asking it
              mute-client   a client asks for values of 64 KiB without end and never reads
            For each pair the ratio of p99 with to p99 without is taken; the median of the ratios must not be above
            --max-ratio, and no request to a healthy server may fail. The load is meant to be well below what the
            machine can do: at its limit any disturbance counts many times. Before that, one client pipelines requests
            for the hung and for healthy servers by turns and must get every reply in its place.

            Examples
              perf/bin/isolation                                     some five minutes
              perf/bin/isolation --fault mute-client --pairs 4 --run 2s
              perf/bin/isolation --split --svg /tmp --json /tmp/isolation.json

            Exit code: 0 the median ratios are as promised, 1 they are not, 2 it could not run.
            """;
    }

    @Override
    List<Option> ownOptions() {
        return List.of(
            new Option("fault", "NAME,...", "which of hung-server, mute-client (both)"),
            new Option("pairs", "N", "runs without and with the fault (10)"),
            new Option("run", "TIME", "measured time of one run (5s)"),
            new Option("rate", "R/s", "requests to the healthy servers (10k/s)"),
            new Option("connections", "N", "connections that they come on (50)"),
            new Option("beside", "R/s", "requests to the server that hangs, always (500/s)"),
            new Option("timeout", "TIME", "the pool's timeout (400ms)"),
            new Option("max-ratio", "R", "most by which p99 may grow (1.2)"),
            new Option("svg", "FOLDER", "where the drawings go (here)"));
    }

    @Override
    boolean measure(Arguments given, PrintStream out, PrintStream progress) throws IOException, InterruptedException {
        List<String> faults = given.has("fault") ? List.of(given.text("fault", "").split(","))
            : IsolationOptions.ALL;
        for (String fault : faults) {
            if (!IsolationOptions.ALL.contains(fault)) {
                throw new UsageException("--fault: there is no \"" + fault + "\"; there are " + IsolationOptions.ALL);
            }
        }
        Isolation isolation = new Isolation(new IsolationOptions(faults, (int) given.count("pairs", 10, 1, 1000),
            given.durationNs("run", 5_000_000_000L), 500_000_000L, given.perSecond("rate", 10_000),
            (int) given.count("connections", 50, 1, 10_000), given.perSecond("beside", 500),
            (int) (given.durationNs("timeout", 400_000_000L) / 1_000_000),
            given.number("max-ratio", 1.2, 0.1, 1000)), progress);
        isolation.run(millrace(given), yaml(given), true);
        out.println(isolation.report());
        for (Map.Entry<String, String> drawing : isolation.drawings().entrySet()) {
            drawing(given, "isolation-" + drawing.getKey() + ".svg", drawing.getValue(), out);
        }
        writeJson(given, isolation.json());
        return isolation.isKept();
    }
}
