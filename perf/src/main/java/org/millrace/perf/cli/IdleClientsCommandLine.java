package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.millrace.perf.pressure.IdleClients;
import org.millrace.perf.pressure.IdleOptions;
import org.millrace.perf.server.ProxyLauncher;

/** {@code idle-clients}: what connections cost that do nothing. */
final class IdleClientsCommandLine extends PressureCommand {
    @Override
    public String name() {
        return "idle-clients";
    }

    @Override
    public String summary() {
        return "what thousands of connections cost that do nothing";
    }

    @Override
    public String usage() {
        return """
            Usage: perf/bin/idle-clients [options]

            Opens --connections to a warm proxy and leaves them idle: once from the start, and once after a SET and a
            GET on each. Growth of resident memory and of the live heap (after a full collection), divided by their
            number, is what one costs. Millrace's heap is touched at its start (-Xms = -Xmx, AlwaysPreTouch), so that
            resident memory shows what is outside the heap and the collector tells the rest.
            Both sides need a descriptor for each connection; the script raises ulimit -n as far as it may.

            Examples
              perf/bin/idle-clients
              perf/bin/idle-clients --connections 18k --split --json /tmp/idle.json

            Exit code: 0 at most --max-bytes each, 1 more, 2 it could not run.
            """;
    }

    @Override
    List<Option> ownOptions() {
        List<Option> options = new ArrayList<>(List.of(
            new Option("connections", "N", "idle connections (10k)"),
            new Option("max-bytes", "SIZE", "most that one of Millrace may cost (2k)"),
            new Option("warm", "N", "requests of the warm-up (300k)")));
        options.addAll(nutcrackerOptions());
        return options;
    }

    @Override
    boolean measure(Arguments given, PrintStream out, PrintStream progress) throws IOException, InterruptedException {
        IdleClients idle = new IdleClients(new IdleOptions((int) given.count("connections", 10_000, 1, 1_000_000),
            given.count("warm", 300_000, 0, 100_000_000), 3_000_000_000L, given.size("max-bytes", 2048, 0, 1 << 30)),
            progress);
        ProxyLauncher nutcracker = nutcracker(given, progress);
        if (nutcracker != null) {
            idle.run("nutcracker", nutcracker, yaml(given), false);
        }
        idle.run(millraceName(given), millrace(given), yaml(given), true);
        out.println(idle.report());
        writeJson(given, idle.json());
        return idle.isKept();
    }
}
