package org.millrace.perf.pressure;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.millrace.perf.client.SimpleClient;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.report.MarkdownTable;
import org.millrace.perf.report.SeriesSvg;
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.ProxyLauncher;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/** Half load with churning connections for long: does anything grow? */
public final class Soak {
    private static final int SERVERS = 4;
    private static final int SATURATION_CONNECTIONS = 50;
    private static final long SATURATION_NS = TimeUnit.SECONDS.toNanos(3);
    private static final int CALL_TIMEOUT_MS = 10_000;
    private static final int COLLECTIONS = 12;
    private static final double MIB = 1 << 20;

    private final SoakOptions options;
    private final PrintStream progress;
    private final List<Double> seconds = new ArrayList<>();
    private final SoakSeries resident = new SoakSeries("resident memory, MiB", 2);
    private final SoakSeries direct = new SoakSeries("reserved off-heap memory, MiB", 1);
    private final SoakSeries heap = new SoakSeries("live heap after a full collection, MiB", 1);
    private final SoakSeries descriptors = new SoakSeries("descriptors", 4);
    private double ratePerSecond;
    private ChurnStats stats;
    private List<GcLog.Pause> pauses = List.of();

    /** A soak that tells its progress to {@code progress}. */
    public Soak(SoakOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Runs for the whole time. */
    public void run(ProxyLauncher launcher, ProxyYaml yaml) throws IOException, InterruptedException {
        List<LocalRedis> servers = LocalRedis.startAll(SERVERS);
        try (RunningProxy proxy = launcher.start(yaml, servers.stream().map(LocalRedis::port).toList())) {
            Warmup.run(proxy.address(), options.warmRequests());
            ratePerSecond = options.ratePerSecond() > 0 ? options.ratePerSecond()
                : Warmup.saturation(proxy.address(), SATURATION_CONNECTIONS, SATURATION_NS) / 2;
            progress.printf(Locale.ROOT, "soak: %,.0f requests/s on %d connections for %.1f minutes%n", ratePerSecond,
                options.connections(), options.durationNs() / 60e9);
            ChurnLoad load = new ChurnLoad(proxy.address(), options.connections(), ratePerSecond);
            stats = load.stats();
            Thread thread = Thread.ofPlatform().daemon().name("churn").start(load);
            try {
                watch(proxy);
            } finally {
                load.stop();
                thread.join(TimeUnit.SECONDS.toMillis(20));
            }
            pauses = GcLog.read(proxy.gcLog());
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    private void watch(RunningProxy proxy) throws IOException {
        long startNs = System.nanoTime();
        long nextProgressNs = startNs + options.progressNs();
        long nextCollectionNs = startNs;
        long collectEachNs = Math.max(options.sampleNs(), options.durationNs() / COLLECTIONS);
        for (long dueNs = startNs; dueNs - startNs < options.durationNs(); dueNs += options.sampleNs()) {
            while (System.nanoTime() - dueNs < 0) {
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
            if (!proxy.isAlive()) {
                throw new IOException(proxy.name() + " has ended; its last lines:\n" + proxy.lastLines());
            }
            double at = (System.nanoTime() - startNs) / 1e9;
            seconds.add(at);
            resident.add(at, ProcStatus.residentBytes(proxy.pid()) / MIB);
            descriptors.add(at, ProcStatus.descriptors(proxy.pid()));
            direct.add(at, reserved(proxy) / MIB);
            boolean collect = proxy.isJava() && dueNs - nextCollectionNs >= 0;
            heap.add(at, collect ? liveHeap(proxy) / MIB : Double.NaN);
            nextCollectionNs += collect ? collectEachNs : 0;
            if (dueNs - nextProgressNs >= 0) {
                nextProgressNs += options.progressNs();
                progress.printf(Locale.ROOT, "%5.1f min  %,d answers, %d errors, %,d connections, resident %.1f MiB, "
                    + "%.0f descriptors%n", at / 60, stats.answered(), stats.errors(), stats.lives(), last(resident),
                    last(descriptors));
            }
        }
    }

    private static double last(SoakSeries series) {
        double[] values = series.values();
        return values[values.length - 1];
    }

    private static long liveHeap(RunningProxy proxy) throws IOException {
        Jcmd.collect(proxy.pid());
        return Jcmd.usedHeapBytes(proxy.pid());
    }

    /** What the proxy says that it holds outside the heap. */
    private static double reserved(RunningProxy proxy) throws IOException {
        try (SimpleClient client = new SimpleClient(proxy.address(), CALL_TIMEOUT_MS)) {
            for (String line : client.call("INFO").split("\r\n")) {
                if (line.startsWith("reserved_memory:")) {
                    return Long.parseLong(line.substring(line.indexOf(':') + 1));
                }
            }
        }
        return Double.NaN;
    }

    private List<SoakSeries> series() {
        return List.of(resident, heap, direct, descriptors);
    }

    private double longestPauseMs() {
        return pauses.stream().filter(each -> !each.isAskedFor()).mapToDouble(GcLog.Pause::pauseMs).max().orElse(0);
    }

    /** Whether nothing grew, nothing stood still and nothing failed. */
    public boolean isKept() {
        return stats.errors() == 0 && longestPauseMs() <= options.maxPauseMs()
            && series().stream().allMatch(each -> each.isFlat(options.maxGrowth()));
    }

    /** The table and the criteria. */
    public String report() {
        MarkdownTable table = new MarkdownTable("", "first third", "last third", "slope an hour", "flat");
        for (SoakSeries each : series()) {
            table.row(each.name(), number(each.third(0)), number(each.third(2)), number(each.perHour()),
                each.isFlat(options.maxGrowth()) ? "yes" : "NO");
        }
        long asked = pauses.stream().filter(GcLog.Pause::isAskedFor).count();
        StringBuilder text = new StringBuilder(subtitle() + "\n\n" + table);
        text.append(String.format(Locale.ROOT, "%nPromise: medians of the last third at most %.0f %% above those of "
            + "the first; no pause above %.0f ms; no errors.%n", options.maxGrowth() * 100, options.maxPauseMs()));
        text.append(String.format(Locale.ROOT, "collector: %d pauses of its own, longest %.2f ms; %d full "
            + "collections that the soak asked for, to see the live heap, are not counted%n", pauses.size() - asked,
            longestPauseMs(), asked));
        text.append(String.format(Locale.ROOT, "answers: %,d, errors: %d; connections: %,d, of them left abruptly %,d, "
            + "in the middle of a value %,d; latency p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms%n", stats.answered(),
            stats.errors(), stats.lives(), stats.abrupt(), stats.halfSent(), ms(50), ms(99), ms(99.9)));
        stats.texts().forEach(each -> text.append("  ").append(each).append('\n'));
        return text.toString();
    }

    /** The series as a drawing. */
    public String svg() {
        SeriesSvg svg = new SeriesSvg("Soak: does anything grow?", subtitle(),
            seconds.stream().mapToDouble(Double::doubleValue).toArray());
        series().forEach(each -> svg.panel(each.name(), each.values()));
        return svg.render();
    }

    /** What was found, for programs. */
    public JsonObject json() {
        JsonObject json = new JsonObject().put("kept", isKept()).put("setup", subtitle())
            .put("answers", stats.answered()).put("errors", stats.errors()).put("connections", stats.lives())
            .put("longest_pause_ms", longestPauseMs()).put("pauses", pauses.size()).put("p50_ms", ms(50))
            .put("p99_ms", ms(99)).put("p99_9_ms", ms(99.9))
            .put("seconds", seconds.stream().mapToDouble(Double::doubleValue).toArray());
        series().forEach(each -> json.put(each.name(), new JsonObject().put("first_third", each.third(0))
            .put("last_third", each.third(2)).put("slope_per_hour", each.perHour())
            .put("flat", each.isFlat(options.maxGrowth())).put("values", each.values())));
        return json;
    }

    private double ms(double percentile) {
        return stats.latencyUs().getValueAtPercentile(percentile) / 1000.0;
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "-";
    }

    private String subtitle() {
        return String.format(Locale.ROOT, "%,.0f requests/s on %d connections at a time, each for some hundred "
            + "requests; %.1f minutes", ratePerSecond, options.connections(), options.durationNs() / 60e9);
    }
}
