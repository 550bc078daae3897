package org.millrace.perf.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.millrace.conf.CaptureConfig;
import org.millrace.conf.ConfigError;
import org.millrace.conf.ConfigException;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.cli.Main;

/** {@code capture}: serves like the server itself, with a writer of captures at hand. */
final class CaptureCommandLine implements Command {
    private static final long MAX_SIZE_MIN = 1 << 20;
    private static final long MAX_SIZE_MAX = 16L << 40;
    private static final int MAX_SAMPLE = 1_000_000;
    private static final long NS_PER_S = 1_000_000_000L;

    @Override
    public String name() {
        return "capture";
    }

    @Override
    public String summary() {
        return "serve, and write what clients ask and get to files that replay reads";
    }

    @Override
    public String usage() {
        return """
            Usage: millrace capture -c FILE [--to DIR] [options] [options of the server]

            Serves the pools of a configuration file, as 'millrace -c FILE' does and with its options, and can write
            what clients ask and what they get to files. With --to it does so from the start, for all pools or those of
            --pool, whatever the file says. Without --to it does what 'capture:' in the file says, and 'millrace reload'
            switches it on, over and off while it serves.
            Nobody waits for a capture: what finds no room is dropped and counted (docs/CAPTURE.md).
            The files hold keys and values as they are unless --redact is given; passwords never.

            Examples
              millrace capture -c conf/nutcracker.yml --to /var/tmp/capture
              millrace capture -c nutcracker.yml --to /var/tmp/capture --sample 10 --redact --max-size 10g
              millrace replay --from /var/tmp/capture --target 127.0.0.1:6379

            Exit codes are those of the server.
            """;
    }

    @Override
    public List<Option> options() {
        return List.of(
            new Option("to", "DIR", "the folder of the files: capture from the start"),
            new Option("pool", "NAME,...", "these pools only (all)"),
            new Option("sample", "N", "one of N clients, and all that it says and gets (the file's, or 1)"),
            new Option("redact", null, "overwrite values, keep names, keys and lengths"),
            new Option("max-size", "BYTES", "all files together; the oldest is deleted (the file's, or 1g)"),
            new Option("max-age", "TIME", "files that ended longer ago are deleted (the file's, or 24h)"));
    }

    @Override
    public int run(List<String> args, PrintStream out, GracefulExit exit) throws InterruptedException {
        List<String> own = new ArrayList<>();
        List<String> servers = new ArrayList<>();
        Set<String> switches = options().stream().filter(Option::isSwitch).map(Option::name)
            .collect(Collectors.toSet());
        Set<String> names = options().stream().map(Option::name).collect(Collectors.toSet());
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            String name = arg.startsWith("--") ? arg.substring(2).split("=", 2)[0] : "";
            if (!names.contains(name)) {
                servers.add(arg);
                continue;
            }
            own.add(arg);
            if (!switches.contains(name) && !arg.contains("=") && i + 1 < args.size()) {
                own.add(args.get(++i));
            }
        }
        UnaryOperator<MillraceConfig> overlay = overlay(Arguments.parse(options(), own));
        // the server ends itself, with a code of its own
        exit.disarm();
        return Main.serve(servers.toArray(String[]::new), overlay, out, System.err);
    }

    static UnaryOperator<MillraceConfig> overlay(Arguments given) {
        if (!given.has("to")) {
            List.of("pool", "sample", "redact", "max-size", "max-age").stream().filter(given::has).findFirst()
                .ifPresent(name -> {
                    throw new UsageException("--" + name + " goes with --to DIR; without it the file says all");
                });
            return UnaryOperator.identity();
        }
        int sample = (int) given.count("sample", 0, 1, MAX_SAMPLE);
        long maxSize = given.bytes("max-size", 0, MAX_SIZE_MIN, MAX_SIZE_MAX);
        long maxAgeS = Math.ceilDiv(given.durationNs("max-age", 0), NS_PER_S);
        List<String> pools = given.has("pool") ? List.of(given.text("pool", "").split(",")) : List.of();
        return config -> {
            CaptureConfig file = config.engine().capture();
            CaptureConfig capture = new CaptureConfig(given.text("to", ""), maxSize > 0 ? maxSize : file.maxSize(),
                given.has("max-age") ? (int) Math.min(maxAgeS, Integer.MAX_VALUE) : file.maxAgeS(),
                file.segmentSize(), sample > 0 ? sample : file.sample(), given.has("redact") || file.redact(),
                file.ring());
            return new MillraceConfig(config.file(), config.engine().withCapture(capture),
                captured(config, pools), config.warnings());
        };
    }

    private static List<PoolConfig> captured(MillraceConfig config, List<String> names) {
        List<String> known = config.pools().stream().map(PoolConfig::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ConfigException(config.file(), List.of(new ConfigError(config.file(), 0, 0, "--pool", name,
                    "there is no such pool; there are: " + String.join(", ", known))));
            }
        }
        return config.pools().stream().map(pool -> pool.withCaptured(names.isEmpty() || names.contains(pool.name())))
            .toList();
    }
}
