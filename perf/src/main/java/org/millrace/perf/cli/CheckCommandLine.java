package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.millrace.perf.check.CheckCommand;
import org.millrace.perf.check.CheckConfig;
import org.millrace.perf.check.CheckResult;
import org.millrace.perf.check.OrderChecker;
import org.millrace.perf.load.LoadReport;

/** {@code check}: the order checker. */
final class CheckCommandLine implements Command {
    @Override
    public String name() {
        return "check";
    }

    @Override
    public String summary() {
        return "check byte for byte that every request gets its own reply, in order";
    }

    @Override
    public String usage() {
        return """
            Usage: millrace check [options]

            Many connections pipeline random commands at random depth with values from 0 bytes to 1 MiB, writes
            followed by reads of the same key. Each connection has keys of its own and a model of them, so every
            reply is compared with exactly what its request must return. Its keys begin with check:SEED: and are
            removed before and after.

            Examples
              millrace check --requests 10m
              millrace check --target 127.0.0.1:6379 --connections 8 --seed 42 --skip eval

            Exit code: 0 nothing wrong and all answered, 1 it could not start, 2 a reply was wrong or missing,
            or it ended early.
            """;
    }

    @Override
    public List<Option> options() {
        return List.of(
            new Option("target", "HOST:PORT", "server or proxy (127.0.0.1:22121)"),
            new Option("requests", "N", "requests over all connections (1m)"),
            new Option("connections", "N", "connections over all threads (50)"),
            new Option("pipeline", "N", "most requests in flight on a connection (64)"),
            new Option("max-value", "SIZE", "largest value (1m)"),
            new Option("skip", "CMD,...", "commands not to send, such as eval,mget"),
            new Option("seed", "N", "the same seed sends the same requests (1)"),
            new Option("threads", "N", "threads that send and receive (1)"),
            new Option("timeout", "TIME", "a request without an answer for so long has failed (30s)"),
            new Option("max-wrong", "N", "give up after so many wrong replies (1000)"));
    }

    @Override
    public int run(List<String> args, PrintStream out, GracefulExit exit) throws IOException, InterruptedException {
        CheckConfig config = config(Arguments.parse(options(), args));
        OrderChecker checker;
        try {
            checker = new OrderChecker(config);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
        exit.onStop(checker::requestStop);
        out.println(config);
        CheckResult result = checker.run((second, answered, wrong) -> {
            out.printf(Locale.ROOT, "%5d s  %,d checked, %,d wrong%n", second, answered, wrong);
            out.flush();
        });
        out.printf(Locale.ROOT, "%n%,d requests, %,d answered, %,d wrong, in %.1f s (%,.0f/s)%n", result.sent(),
            result.answered(), result.wrong(), result.elapsedNs() / 1e9, result.answered() * 1e9 / result.elapsedNs());
        result.texts().forEach(text -> out.println("  " + LoadReport.printable(text)));
        if (result.sent() < result.wanted()) {
            out.printf(Locale.ROOT, "It ended before all %,d requests were sent.%n", result.wanted());
        }
        out.flush();
        return result.isOk() ? OK : FAILED;
    }

    static CheckConfig config(Arguments given) {
        return new CheckConfig()
            .target(given.address("target", "127.0.0.1:22121"))
            .requests(given.count("requests", 1_000_000, 1, 1_000_000_000_000L))
            .connections((int) given.count("connections", 50, 1, 100_000))
            .maxPipeline((int) given.count("pipeline", 64, 1, 65_536))
            .maxValueSize(given.size("max-value", 1024 * 1024, 64, 64 * 1024 * 1024))
            .skip(commands(given.text("skip", "")))
            .seed(given.seed("seed", 1))
            .threads((int) given.count("threads", 1, 1, 256))
            .timeoutNs(given.durationNs("timeout", 30_000_000_000L))
            .maxWrong(given.count("max-wrong", 1000, 1, 1_000_000_000L));
    }

    private static Set<CheckCommand> commands(String text) {
        Set<CheckCommand> commands = EnumSet.noneOf(CheckCommand.class);
        for (String name : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            try {
                commands.add(CheckCommand.valueOf(name.trim().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--skip: no command \"" + name + "\"; there are "
                    + EnumSet.allOf(CheckCommand.class).toString().toLowerCase(Locale.ROOT));
            }
        }
        return commands;
    }
}
