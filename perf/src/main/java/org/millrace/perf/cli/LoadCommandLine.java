package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.millrace.perf.load.LoadConfig;
import org.millrace.perf.load.LoadGenerator;
import org.millrace.perf.load.LoadJson;
import org.millrace.perf.load.LoadReport;
import org.millrace.perf.load.LoadResult;
import org.millrace.perf.load.Mix;

/** {@code load}: drives a server or a proxy and shows latencies. */
final class LoadCommandLine implements Command {
    private static final long DEFAULT_DURATION_NS = 10_000_000_000L;
    private static final long MAX_REQUESTS = 1_000_000_000_000L;

    @Override
    public String name() {
        return "load";
    }

    @Override
    public String summary() {
        return "drive a server or proxy: open loop at a rate or closed loop, every reply verified";
    }

    @Override
    public String usage() {
        return """
            Usage: millrace load [options]

            Sends a mix of commands to a Redis server or proxy and verifies every reply: values carry the id of
            their key, so a shifted, cut or mixed-up reply is noticed. With --rate it is an open loop: each
            connection has a fixed schedule, and latency counts from the moment a request was meant to leave, so
            a stall of the target is seen by all requests that fell into it. Without --rate it is a closed loop:
            --pipeline requests are kept in flight on each connection.
            It overwrites keys that begin with key:, counter: and hash:.

            Examples
              millrace load --rate 20k/s --duration 30s
              millrace load --target 127.0.0.1:6379 --connections 50 --pipeline 16 --requests 1m
              millrace load --mix get=70,set=20,mget=5,mset=5 --value-size 16..16k --json result.json

            Exit code: 0 every request got its own answer, 1 it could not start, 2 a request failed.
            """;
    }

    @Override
    public List<Option> options() {
        return List.of(
            new Option("target", "HOST:PORT", "server or proxy (127.0.0.1:22121)"),
            new Option("connections", "N", "connections over all threads (50)"),
            new Option("pipeline", "N", "most requests in flight on a connection (closed loop 1, open loop 1024)"),
            new Option("rate", "R/s", "open loop at this rate over all connections (closed loop)"),
            new Option("requests", "N", "end after so many measured requests"),
            new Option("duration", "TIME", "end after this time (10s when --requests is not given)"),
            new Option("warmup", "TIME", "time before the measurement, verified but not counted (0s)"),
            new Option("keys", "N", "number of keys (10000)"),
            new Option("value-size", "N|MIN..MAX", "bytes of a value (64)"),
            new Option("mix", "CMD=W,...", "commands with weights (get=75,set=25); also getset mget mset del exists"
                + " incr hset hget ping echo"),
            new Option("timeout", "TIME", "a request without an answer for so long has failed (5s)"),
            new Option("seed", "N", "the same seed sends the same requests (1)"),
            new Option("threads", "N", "threads that send and receive (1)"),
            new Option("spin", null, "never sleep: exact send times for a core of CPU per thread"),
            new Option("json", "FILE", "write the outcome as JSON, too"));
    }

    @Override
    public int run(List<String> args, PrintStream out, GracefulExit exit) throws IOException, InterruptedException {
        Arguments given = Arguments.parse(options(), args);
        LoadConfig config = config(given);
        LoadGenerator generator;
        try {
            generator = new LoadGenerator(config);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
        exit.onStop(generator::requestStop);
        out.println(config);
        LoadReport report = new LoadReport(out);
        LoadResult result = generator.run(report);
        report.summary(result);
        if (given.has("json")) {
            Files.writeString(Path.of(given.text("json", "")), LoadJson.render(config, result));
        }
        return result.isClean() ? OK : FAILED;
    }

    static LoadConfig config(Arguments given) {
        LoadConfig config = new LoadConfig()
            .target(given.address("target", "127.0.0.1:22121"))
            .connections((int) given.count("connections", 50, 1, 100_000))
            .pipeline((int) given.count("pipeline", 0, 1, 65_536))
            .ratePerSecond(given.perSecond("rate", 0))
            .requests(given.count("requests", 0, 1, MAX_REQUESTS))
            .durationNs(given.durationNs("duration", given.has("requests") ? 0 : DEFAULT_DURATION_NS))
            .warmupNs(given.durationNs("warmup", 0))
            .keys(given.count("keys", 10_000, 1, 1L << 32))
            .timeoutNs(given.durationNs("timeout", 5_000_000_000L))
            .seed(given.seed("seed", 1))
            .threads((int) given.count("threads", 1, 1, 256))
            .spin(given.has("spin"));
        valueSize(config, given.text("value-size", "64"));
        try {
            return config.mix(Mix.parse(given.text("mix", Mix.DEFAULT.toString())));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--mix: " + e.getMessage());
        }
    }

    private static void valueSize(LoadConfig config, String text) {
        int dots = text.indexOf("..");
        int max = 512 * 1024 * 1024;
        int from = (int) Quantities.amount("value-size", dots < 0 ? text : text.substring(0, dots), true, 0, max);
        int to = dots < 0 ? from : (int) Quantities.amount("value-size", text.substring(dots + 2), true, from, max);
        config.valueSize(from, to);
    }
}
