package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.millrace.perf.pressure.Flood;
import org.millrace.perf.pressure.FloodKind;
import org.millrace.perf.pressure.FloodOptions;
import org.millrace.perf.server.ProxyLauncher;

/** {@code flood}: a client that sends and never reads. */
final class FloodCommandLine extends PressureCommand {
    @Override
    public String name() {
        return "flood";
    }

    @Override
    public String summary() {
        return "a client that sends and never reads: memory of Millrace and nutcracker side by side";
    }

    @Override
    public String usage() {
        return """
            Usage: perf/bin/flood [options]

            The classic complaint about a proxy: one client pipelines requests, reads no reply, and the proxy takes
            everything in. Each flood meets a proxy that was just started and warmed by ordinary load:
              sets     100,000 SETs of 52 bytes, nothing read
              gets     50,000 GETs of values of 20 bytes, nothing read
              endless  SETs and GETs by turns for --seconds, nothing read
            Resident memory is sampled every 100 ms; then the client leaves and memory is watched for up to 10 s.
            Another client asks for a key every 50 ms meanwhile, and its longest wait is in the table.

            Examples
              perf/bin/flood                               nutcracker, and Millrace fused
              perf/bin/flood --split --transport io_uring
              perf/bin/flood --flood gets --no-nutcracker --json /tmp/flood.json

            Exit code: 0 Millrace grew by at most --growth and was back in time, 1 it was not, 2 it could not run.
            """;
    }

    @Override
    List<Option> ownOptions() {
        List<Option> options = new ArrayList<>(List.of(
            new Option("flood", "NAME,...", "which of sets, gets, endless (all)"),
            new Option("seconds", "TIME", "how long the endless flood lasts (20s)"),
            new Option("hold", "TIME", "how long the others last, with the time that sending takes (8s)"),
            new Option("growth", "SIZE", "most growth of Millrace (32m)"),
            new Option("cap", "SIZE", "a proxy that has grown by so much is not filled further (1g)"),
            new Option("warm", "N", "requests of the warm-up (300k)")));
        options.addAll(nutcrackerOptions());
        return options;
    }

    @Override
    boolean measure(Arguments given, PrintStream out, PrintStream progress) throws IOException, InterruptedException {
        FloodOptions options = new FloodOptions(List.copyOf(kinds(given.text("flood", ""))), Long.MAX_VALUE,
            given.durationNs("hold", 8_000_000_000L), given.durationNs("seconds", 20_000_000_000L), 10_000_000_000L,
            given.count("warm", 300_000, 0, 100_000_000), given.size("growth", 32 << 20, 0, Integer.MAX_VALUE), 8 << 20,
            given.size("cap", 1 << 30, 1 << 20, Integer.MAX_VALUE));
        Flood flood = new Flood(options, progress);
        ProxyLauncher nutcracker = nutcracker(given, progress);
        if (nutcracker != null) {
            flood.run("nutcracker", nutcracker, yaml(given), false);
        }
        flood.run(millraceName(given), millrace(given), yaml(given), true);
        out.println(flood.report());
        writeJson(given, flood.json());
        return flood.isKept();
    }

    private static Set<FloodKind> kinds(String text) {
        Set<FloodKind> kinds = EnumSet.noneOf(FloodKind.class);
        for (String name : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            try {
                kinds.add(FloodKind.valueOf(name.trim().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--flood: there is no \"" + name + "\"; there are sets, gets, endless");
            }
        }
        return kinds.isEmpty() ? EnumSet.allOf(FloodKind.class) : kinds;
    }
}
