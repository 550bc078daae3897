package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.millrace.perf.load.HistogramLog;
import org.millrace.perf.load.KeyDistribution;
import org.millrace.perf.load.LoadConfig;
import org.millrace.perf.load.LoadGenerator;
import org.millrace.perf.load.LoadJson;
import org.millrace.perf.load.LoadProtocol;
import org.millrace.perf.load.LoadReport;
import org.millrace.perf.load.LoadResult;
import org.millrace.perf.load.LoadTransport;
import org.millrace.perf.load.Mix;

/** {@code load}: drives a server or a proxy and shows latencies. */
final class LoadCommandLine implements Command {
    private static final long DEFAULT_DURATION_NS = 10_000_000_000L;
    private static final Clock WALL_CLOCK = Clock.systemUTC();
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

            Sends a mix of commands to a Redis or memcached server or proxy and verifies every reply: values carry the
            id of their key, so a shifted, cut or mixed-up reply is noticed. With --rate it is an open loop: each
            connection has a fixed schedule, and latency counts from the moment a request was meant to leave, so
            a stall of the target is seen by all requests that fell into it. Without --rate it is a closed loop:
            --pipeline requests are kept in flight on each connection.
            It overwrites keys that begin with key:, counter: and hash:.

            Commands for --mix
              redis      get set getset mget mset del exists incr hset hget ping echo
              memcached  get gets mget set add replace delete touch mg ms md count version
              mget and mset are about ten keys; count is ma, which counts up from 1.

            Keys (--key-distribution)
              uniform     all alike
              zipf:S      the key of rank r with a weight of 1/r^S, zipf alone is zipf:0.99; key 0 is the hottest
              sequential  each connection walks through all keys, each from its own place on

            Sizes (--value-size)
              1k                     this size
              16..16k                all between, alike
              100=80,1k..4k=19,64k=1 parts with weights
              exp:1k                 exponential with this mean, at most 100 times as much
              lognormal:300:1.5      median and sigma, at most 1000 times the median

            Examples
              millrace load --rate 20k/s --duration 30s
              millrace load --target 127.0.0.1:6379 --connections 50 --pipeline 16 --requests 1m
              millrace load --mix get=70,set=20,mget=5,mset=5 --value-size 16..16k --json result.json
              millrace load --protocol memcached --target 127.0.0.1:11211 --mix get=90,set=9,delete=1
              millrace load --key-distribution zipf:1.1 --hit-ratio 0.9 --value-size lognormal:300:1

            Exit code: 0 every request got its own answer, 1 it could not start, 2 a request failed.
            """;
    }

    @Override
    public List<Option> options() {
        return List.of(
            new Option("protocol", "NAME", "redis or memcached (redis)"),
            new Option("target", "HOST:PORT", "server or proxy (127.0.0.1:22121)"),
            new Option("connections", "N", "connections over all threads (50)"),
            new Option("pipeline", "N", "most requests in flight on a connection (closed loop 1, open loop 1024)"),
            new Option("rate", "R/s", "open loop at this rate over all connections (closed loop)"),
            new Option("requests", "N", "end after so many measured requests"),
            new Option("duration", "TIME", "end after this time (10s when --requests is not given)"),
            new Option("warmup", "TIME", "time before the measurement, verified but not counted (0s)"),
            new Option("ramp", "TIME", "time before the warm-up in which the rate rises evenly, or connections"
                + " of a closed loop join one by one (0s)"),
            new Option("keys", "N", "number of keys (10000)"),
            new Option("key-distribution", "LAW", "uniform, zipf:S or sequential (uniform)"),
            new Option("fill", null, "write each key once before the run"),
            new Option("hit-ratio", "X", "fill, and have this share of reads ask for keys that were written, the"
                + " others for keys that nobody writes (1)"),
            new Option("value-size", "SIZES", "bytes of a value (64)"),
            new Option("mix", "CMD=W,...", "commands with weights (get=75,set=25)"),
            new Option("timeout", "TIME", "a request without an answer for so long has failed (5s)"),
            new Option("seed", "N", "the same seed sends the same requests (1)"),
            new Option("threads", "N", "threads that send and receive (1)"),
            new Option("spin", null, "never sleep: exact send times for a core of CPU per thread"),
            new Option("transport", "NAME", "io_uring or nio (auto: io_uring where the kernel allows it)"),
            new Option("json", "FILE", "write the outcome as JSON, too"),
            new Option("hlog", "FILE", "write the latencies of each second as a HdrHistogram log, too"));
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
        LoadReport report = new LoadReport(out, config, isTerminal(out));
        LoadResult result;
        if (given.has("hlog")) {
            try (HistogramLog log = new HistogramLog(Path.of(given.text("hlog", "")), config, WALL_CLOCK.millis())) {
                result = generator.run(report.and(log));
            }
        } else {
            result = generator.run(report);
        }
        report.summary(result);
        if (given.has("json")) {
            Files.writeString(Path.of(given.text("json", "")), LoadJson.render(config, result));
        }
        return result.isClean() ? OK : FAILED;
    }

    /** Output that is caught, as tests do, is none even where the process has one. */
    private static boolean isTerminal(PrintStream out) {
        return out == System.out && System.console() != null && System.console().isTerminal();
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
            .rampNs(given.durationNs("ramp", 0))
            .fill(given.has("fill") || given.has("hit-ratio"))
            .keys(given.count("keys", 10_000, 1, 1L << 32))
            .timeoutNs(given.durationNs("timeout", 5_000_000_000L))
            .seed(given.seed("seed", 1))
            .threads((int) given.count("threads", 1, 1, 256))
            .spin(given.has("spin"));
        config.hitRatio(given.number("hit-ratio", 1, 0, 1))
            .valueSizes(ValueSizeOption.parse(given.text("value-size", "64")));
        named("protocol", () -> config.protocol(LoadProtocol.parse(given.text("protocol", "redis"))));
        named("key-distribution", () -> config.keyDistribution(
            KeyDistribution.parse(given.text("key-distribution", "uniform"))));
        named("transport", () -> config.transport(LoadTransport.parse(given.text("transport", "auto"))));
        named("mix", () -> config.mix(Mix.parse(config.protocol(), given.text("mix", Mix.DEFAULT))));
        return config;
    }

    private static void named(String option, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + option + ": " + e.getMessage());
        }
    }
}
