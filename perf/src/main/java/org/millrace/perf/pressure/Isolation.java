package org.millrace.perf.pressure;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.ProxyLauncher;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/** What a hung server, or a client that never reads, changes for everybody else. */
public final class Isolation {
    private static final int SERVERS = 4;
    private static final int KEYS = 2000;
    private static final int LARGE_KEYS = 40;
    private static final int LARGE_SIZE = 64 * 1024;
    private static final int BESIDE_CONNECTIONS = 8;
    private static final int IN_FLIGHT = 4096;
    private static final long WARM_REQUESTS = 200_000;

    private final IsolationOptions options;
    private final PrintStream progress;
    private final List<IsolationRuns> runs = new ArrayList<>();
    private MixedPipeline mixed;
    private long seed = 1;

    /** A measurement that tells its progress to {@code progress}. */
    public Isolation(IsolationOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Starts servers and proxy and measures each fault. */
    public void run(ProxyLauncher launcher, ProxyYaml yaml, boolean warm) throws IOException, InterruptedException {
        List<LocalRedis> servers = LocalRedis.startAll(SERVERS);
        ProxyYaml withTimeout = yaml.copy().pool("timeout", String.valueOf(options.timeoutMs()));
        try (RunningProxy proxy = launcher.start(withTimeout, servers.stream().map(LocalRedis::port).toList())) {
            Warmup.run(proxy.address(), warm ? WARM_REQUESTS : 0);
            List<List<String>> places = KeyPlaces.fill(proxy.address(), servers, "small:", KEYS, "v".repeat(64));
            List<String> hung = places.getFirst();
            if (hung.isEmpty()) {
                throw new IOException("none of " + KEYS + " keys is on the first server");
            }
            List<String> healthy = places.subList(1, SERVERS).stream().flatMap(List::stream).toList();
            List<String> large = KeyPlaces.fill(proxy.address(), servers, "large:", LARGE_KEYS, "x".repeat(LARGE_SIZE))
                .stream().flatMap(List::stream).toList();
            HungServer hungServer = new HungServer(servers.getFirst(), proxy.address(), hung.getFirst());
            for (Fault fault : List.of(hungServer, new MuteClient(proxy.address(), large))) {
                if (options.faults().contains(fault.name())) {
                    if (fault == hungServer) {
                        mixed = MixedPipeline.run(proxy.address(), fault, hung, healthy, options.timeoutMs());
                        progress.println(mixed.text());
                    }
                    measure(proxy, fault, hung, healthy);
                }
            }
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    private void measure(RunningProxy proxy, Fault fault, List<String> hung, List<String> healthy) throws IOException {
        IsolationRuns result = new IsolationRuns(fault, options.maxRatio());
        runs.add(result);
        // The first pair is warm-up; the order within a pair changes with each, so that neither always comes first.
        for (int pair = 0; pair <= options.pairs(); pair++) {
            boolean faultFirst = pair % 2 == 1;
            OpenLoopStats first = one(proxy, fault, faultFirst, hung, healthy);
            if (pair > 0) {
                result.add(faultFirst, first);
            }
            OpenLoopStats second = one(proxy, fault, !faultFirst, hung, healthy);
            if (pair > 0) {
                result.add(!faultFirst, second);
            }
            OpenLoopStats without = faultFirst ? second : first;
            OpenLoopStats with = faultFirst ? first : second;
            progress.printf(Locale.ROOT, "%s, pair %d of %d: p99 without %.2f ms, with %.2f ms%n", fault.name(), pair,
                options.pairs(), without.ms(99), with.ms(99));
        }
    }

    private OpenLoopStats one(RunningProxy proxy, Fault fault, boolean faulty, List<String> hung,
        List<String> healthy) throws IOException {
        OpenLoop load = new OpenLoop(new OpenLoopOptions(proxy.address(), options.connections(),
            options.ratePerSecond(), IN_FLIGHT, options.warmupNs(), options.runNs(), seed++, false),
            new SmallRequests(healthy));
        OpenLoop beside = new OpenLoop(new OpenLoopOptions(proxy.address(), BESIDE_CONNECTIONS, options.besideRate(),
            IN_FLIGHT, options.warmupNs(), options.runNs(), seed++, false), new SmallRequests(hung));
        if (faulty) {
            fault.begin();
        }
        CompletableFuture<OpenLoopStats> besideStats = CompletableFuture.supplyAsync(() -> {
            try {
                return beside.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().daemon().name("beside").start(task));
        try {
            OpenLoopStats stats = load.run();
            besideStats.join();
            return stats;
        } finally {
            if (faulty) {
                fault.end();
            }
        }
    }

    /** Whether all faults left the others alone. */
    public boolean isKept() {
        return (mixed == null || mixed.kept()) && runs.stream().allMatch(IsolationRuns::isKept);
    }

    /** Tables and criteria. */
    public String report() {
        StringBuilder text = new StringBuilder(subtitle()).append("\n\n");
        runs.forEach(each -> text.append(each.report()).append('\n'));
        if (mixed != null) {
            text.append("mixed: ").append(mixed.text()).append(mixed.kept() ? "\n" : " NOT KEPT\n");
        }
        return text.toString();
    }

    /** The drawings by name of the fault. */
    public Map<String, String> drawings() {
        Map<String, String> drawings = new LinkedHashMap<>();
        runs.forEach(each -> drawings.put(each.name(), each.svg(subtitle())));
        return drawings;
    }

    /** What was found, for programs. */
    public JsonObject json() {
        JsonObject json = new JsonObject().put("kept", isKept()).put("setup", subtitle());
        if (mixed != null) {
            json.put("mixed_pipeline", mixed.text()).put("mixed_pipeline_kept", mixed.kept());
        }
        return json.put("faults", runs.stream().map(IsolationRuns::json).toList());
    }

    private String subtitle() {
        return String.format(Locale.ROOT, "open loop, %,.0f GET and SET/s on %d connections, latency from the intended "
            + "time; %d interleaved pairs of %.1f s", options.ratePerSecond(), options.connections(), options.pairs(),
            options.runNs() / 1e9);
    }
}
