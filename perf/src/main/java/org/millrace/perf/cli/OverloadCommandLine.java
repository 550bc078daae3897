package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.millrace.perf.pressure.Overload;
import org.millrace.perf.pressure.OverloadOptions;
import org.millrace.perf.server.ProxyYaml;

/** {@code overload}: more load than the server can serve. */
final class OverloadCommandLine extends PressureCommand {
    @Override
    public String name() {
        return "overload";
    }

    @Override
    public String summary() {
        return "more load than the server can serve: good answers that remain, waits of the admitted";
    }

    @Override
    public String usage() {
        return """
            Usage: perf/bin/overload [options]

            Millrace in front of a server that answers at most --server-rate requests a second, first come first
            served, and reads no faster. An open loop offers 0.5, 0.9, 1, 2 and 3 times that rate. A connection has at
            most --in-flight requests on the way; what is due beyond them waits in the client ("never sent" if it still
            waits at the end), as with a client that blocks in send.
            Good answers are counted when they arrive. The latency of the admitted, which are the good answers, counts
            from the moment the system took the request; the latency from the intended time, errors included, is shown
            beside it. The second part has queue_timeout: what waited longer is refused as overloaded, oldest first.
            With the default sizes the requests that all connections may have on the way are more than the server
            answers within the timeout, so that without limits all would be answered too late.

            Examples
              perf/bin/overload
              perf/bin/overload --server-max-queue 500 --no-queue-timeout
              perf/bin/overload --svg /tmp --json /tmp/overload.json

            Exit code: 0 as promised, 1 not, 2 it could not run.
            """;
    }

    @Override
    List<Option> ownOptions() {
        return List.of(
            new Option("server-rate", "R/s", "replies a second of the server (2k/s)"),
            new Option("connections", "N", "connections of the load (200)"),
            new Option("in-flight", "N", "most requests on the way on one connection (32)"),
            new Option("run", "TIME", "measured time at each load (8s)"),
            new Option("warmup", "TIME", "time before it, in which the queues fill (3s)"),
            new Option("timeout", "TIME", "the pool's timeout (1s)"),
            new Option("queue-timeout", "TIME", "the pool's queue_timeout in the second part (250ms)"),
            new Option("no-queue-timeout", null, "the first part only"),
            new Option("server-max-queue", "N", "the pool's server_max_queue (the configuration's default)"),
            new Option("svg", "FOLDER", "where the drawings go (here)"));
    }

    @Override
    boolean measure(Arguments given, PrintStream out, PrintStream progress) throws IOException, InterruptedException {
        Overload overload = new Overload(new OverloadOptions(given.perSecond("server-rate", 2000),
            OverloadOptions.USUAL, (int) given.count("connections", 200, 1, 10_000),
            (int) given.count("in-flight", 32, 1, 65_536), given.durationNs("warmup", 3_000_000_000L),
            given.durationNs("run", 8_000_000_000L), (int) (given.durationNs("timeout", 1_000_000_000L) / 1_000_000),
            given.has("no-queue-timeout") ? 0 : (int) (given.durationNs("queue-timeout", 250_000_000L) / 1_000_000),
            0.9), progress);
        ProxyYaml yaml = yaml(given);
        if (given.has("server-max-queue")) {
            yaml.pool("server_max_queue", String.valueOf(given.count("server-max-queue", 1, 1, 1 << 20)));
        }
        overload.run(millrace(given), yaml);
        out.println(overload.report());
        for (Map.Entry<String, String> drawing : overload.drawings().entrySet()) {
            drawing(given, "overload-" + drawing.getKey() + ".svg", drawing.getValue(), out);
        }
        writeJson(given, overload.json());
        return overload.isKept();
    }
}
