package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.millrace.perf.demo.Demo;
import org.millrace.perf.demo.DemoOptions;

/** {@code demo}: four Redis servers, Millrace in front of them and a light load. */
final class DemoCommandLine implements Command {
    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "four Redis servers, Millrace in front of them and a light load; nothing is written to disk";
    }

    @Override
    public String usage() {
        return """
            Usage: millrace demo [options]

            Starts four real Redis servers on free ports of 127.0.0.1 (the system's redis-server if there is one,
            else one that comes along), Millrace on port 22121 in front of them, and drives a light, verified load
            through it. Join in with redis-cli -p 22121. Ctrl-C ends it with a summary.

            Examples
              millrace demo
              millrace demo --duration 10s --lanes 2 --rate 10k/s

            Exit code: 0 no request failed, 1 it could not start, 2 a request failed.
            """;
    }

    @Override
    public List<Option> options() {
        return List.of(
            new Option("duration", "TIME", "end after this time (until Ctrl-C)"),
            new Option("lanes", "N", "lanes of the proxy (chosen by the engine)"),
            new Option("port", "PORT", "where the proxy listens (22121)"),
            new Option("stats-port", "PORT", "where its statistics are, 0 for none (22222)"),
            new Option("admin-port", "PORT", "where its dashboard is, 0 for none (22290)"),
            new Option("rate", "R/s", "load (2000/s)"),
            new Option("redis-server", "FILE", "the Redis server to start (found on PATH, else the embedded one)"));
    }

    @Override
    public int run(List<String> args, PrintStream out, GracefulExit exit) throws IOException, InterruptedException {
        DemoOptions options = options(Arguments.parse(options(), args));
        Demo demo = new Demo(options, out);
        exit.onStop(demo::requestStop);
        return demo.run() ? OK : FAILED;
    }

    static DemoOptions options(Arguments given) {
        Path executable = given.has("redis-server") ? Path.of(given.text("redis-server", "")) : null;
        if (executable != null && !Files.isExecutable(executable)) {
            throw new UsageException("--redis-server " + executable + ": there is no such program");
        }
        return new DemoOptions(
            given.durationNs("duration", 0),
            (int) given.count("lanes", 0, 1, 256),
            given.port("port", 22_121),
            (int) given.count("stats-port", 22_222, 0, 65_535),
            (int) given.count("admin-port", 22_290, 0, 65_535),
            given.perSecond("rate", 2000),
            executable);
    }
}
