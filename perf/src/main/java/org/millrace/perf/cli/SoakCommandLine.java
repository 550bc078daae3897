package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.millrace.perf.pressure.Soak;
import org.millrace.perf.pressure.SoakOptions;

/** {@code soak}: half load with churning connections for long. */
final class SoakCommandLine extends PressureCommand {
    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String summary() {
        return "half load with churning connections for long: does anything grow?";
    }

    @Override
    public String usage() {
        return """
            Usage: perf/bin/soak [options]

            Runs Millrace in front of four redis-servers at half of what 50 clients get that wait for each reply, for
            --minutes. Each connection lives for 100 to 500 requests; one in six then leaves with requests on the way,
            one in five of the others in the middle of a value. One value in 200 has up to 256 KiB, and every value is
            verified. Every 5 s: resident memory, descriptors, off-heap memory that INFO tells as reserved; twelve times
            in all the live heap after a full collection, which the soak asks for. The collector's own pauses come from
            its log.

            Examples
              perf/bin/soak                                half an hour
              perf/bin/soak --minutes 3 --rate 5k/s
              perf/bin/soak --split --svg /tmp --json /tmp/soak.json

            Exit code: 0 all flat, no pause above 10 ms, no error; 1 not; 2 it could not run.
            """;
    }

    @Override
    List<Option> ownOptions() {
        return List.of(
            new Option("minutes", "N", "how long (30)"),
            new Option("rate", "R/s", "requests (half of what was measured)"),
            new Option("connections", "N", "connections at a time (50)"),
            new Option("warm", "N", "requests of the warm-up (500k)"),
            new Option("max-pause", "TIME", "longest pause of the collector (10ms)"),
            new Option("svg", "FOLDER", "where the drawing goes (here)"));
    }

    @Override
    boolean measure(Arguments given, PrintStream out, PrintStream progress) throws IOException, InterruptedException {
        Soak soak = new Soak(new SoakOptions(Math.round(given.number("minutes", 30, 0.1, 100_000) * 60e9),
            5_000_000_000L, 60_000_000_000L, given.perSecond("rate", 0),
            (int) given.count("connections", 50, 1, 10_000), given.count("warm", 500_000, 0, 100_000_000), 0.05,
            given.durationNs("max-pause", 10_000_000L) / 1e6), progress);
        soak.run(millrace(given), yaml(given));
        out.println(soak.report());
        drawing(given, "soak.svg", soak.svg(), out);
        writeJson(given, soak.json());
        return soak.isKept();
    }
}
