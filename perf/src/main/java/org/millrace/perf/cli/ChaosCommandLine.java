package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;
import org.millrace.perf.pressure.Chaos;
import org.millrace.perf.pressure.ChaosOptions;
import org.millrace.perf.pressure.ChaosProtocol;

/** {@code chaos}: servers are killed, restarted and stopped at random under load. */
final class ChaosCommandLine extends PressureCommand {
    private static final String BOTH = "both";

    @Override
    public String name() {
        return "chaos";
    }

    @Override
    public String summary() {
        return "servers are killed, restarted and stopped at random: is any reply wrong?";
    }

    @Override
    public String usage() {
        return """
            Usage: perf/bin/chaos [options]

            Runs one Millrace with a pool of redis-servers and a pool of memcached. Each of their servers is killed,
            restarted or stopped (SIGSTOP) for up to two and a half seconds, at random, several of them at a time.
            Clients pipeline GET, SET, MGET, MSET, PING; and get, gets, set, multi-gets, mg and ms with an opaque
            number, set with noreply, version; with values of up to 50 KB. They leave in the middle and come again.
            Each value tells its key and version: one that belongs to another request, or that was overwritten, is
            wrong; a key without a value is right only if it was never written or its server has died since. At the
            end all must be as before: buffers, queues, descriptors.

            Examples
              perf/bin/chaos                               ten minutes, both protocols
              perf/bin/chaos --protocol memcached
              perf/bin/chaos --minutes 1 --seed 42
              perf/bin/chaos --split --transport nio

            Exit code: 0 no wrong reply, none late or missing, nothing left; 1 not; 2 it could not run.
            """;
    }

    @Override
    List<Option> ownOptions() {
        return List.of(
            new Option("minutes", "N", "how long (10)"),
            new Option("seed", "N", "of faults and requests (the process number)"),
            new Option("protocol", "NAME", "redis, memcached or both (both)"),
            new Option("servers", "N", "servers of each protocol (4)"),
            new Option("clients", "N", "connections at a time, of each protocol (12)"),
            new Option("timeout", "TIME", "the pools' timeout (400ms)"),
            new Option("slack", "TIME", "by how much a reply may be later (2s)"));
    }

    private static List<ChaosProtocol> protocols(Arguments given) {
        String name = given.text("protocol", BOTH);
        List<ChaosProtocol> chosen = Stream.of(ChaosProtocol.values())
            .filter(protocol -> name.equals(BOTH) || name.equals(protocol.word())).toList();
        if (chosen.isEmpty()) {
            throw new UsageException("--protocol " + name + ": redis, memcached or both is needed");
        }
        return chosen;
    }

    @Override
    boolean measure(Arguments given, PrintStream out, PrintStream progress) throws IOException, InterruptedException {
        Chaos chaos = new Chaos(new ChaosOptions(protocols(given),
            Math.round(given.number("minutes", 10, 0.01, 100_000) * 60e9),
            given.count("seed", ProcessHandle.current().pid(), 0, Long.MAX_VALUE),
            (int) given.count("servers", 4, 1, 64), (int) given.count("clients", 12, 1, 1_000),
            (int) (given.durationNs("timeout", 400_000_000L) / 1_000_000),
            (int) (given.durationNs("slack", 2_000_000_000L) / 1_000_000), 30_000_000_000L), progress);
        chaos.run(millrace(given), yaml(given));
        out.println(chaos.report());
        writeJson(given, chaos.json());
        return chaos.isKept();
    }
}
