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
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.ProxyLauncher;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/** One client that sends and does not read, and what that costs each proxy in memory. */
public final class Flood {
    private static final int SERVERS = 4;
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int CALL_TIMEOUT_MS = 10_000;
    private static final double MIB = 1 << 20;

    private final FloodOptions options;
    private final PrintStream progress;
    private final List<FloodResult> results = new ArrayList<>();

    /** A flood that tells its progress to {@code progress}. */
    public Flood(FloodOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Floods a proxy in each way.
     *
     * @param name  what to call it in the table
     * @param bound whether it has to keep the limits
     */
    public void run(String name, ProxyLauncher launcher, ProxyYaml yaml, boolean bound)
        throws IOException, InterruptedException {
        List<LocalRedis> servers = LocalRedis.startAll(SERVERS);
        try {
            for (FloodKind kind : options.kinds()) {
                progress.println(name + ": " + kind.label());
                try (RunningProxy proxy = launcher.start(yaml, servers.stream().map(LocalRedis::port).toList())) {
                    prepare(proxy);
                    results.add(flood(name, proxy, kind, bound));
                }
                progress.println("  " + line(results.getLast()));
            }
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    private void prepare(RunningProxy proxy) throws IOException, InterruptedException {
        Warmup.run(proxy.address(), options.warmRequests());
        try (SimpleClient client = new SimpleClient(proxy.address(), CALL_TIMEOUT_MS)) {
            for (int i = 0; i < FloodKind.KEYS; i++) {
                client.call("SET", FloodKind.key(i), "x".repeat(FloodKind.VALUE_SIZE));
            }
        }
        LockSupport.parkNanos(options.warmRequests() == 0 ? 0 : SETTLE_NS);
    }

    private FloodResult flood(String name, RunningProxy proxy, FloodKind kind, boolean bound)
        throws IOException, InterruptedException {
        long startBytes = ProcStatus.residentBytes(proxy.pid());
        boolean exactPeak = ProcStatus.resetPeak(proxy.pid());
        long peakBytes = startBytes;
        StringBuilder note = new StringBuilder();
        FloodClient client = new FloodClient(proxy.address(), kind, options.requests());
        ProbeClient probe = new ProbeClient(proxy.address());
        try (client; probe) {
            long beganNs = System.nanoTime();
            long nextSampleNs = beganNs;
            long lastNs = beganNs + (kind == FloodKind.ENDLESS ? options.endlessNs() : options.holdNs());
            boolean full = false;
            while (System.nanoTime() < lastNs && proxy.isAlive() && !full) {
                if (!client.send()) {
                    LockSupport.parkNanos(PAUSE_NS);
                }
                if (System.nanoTime() >= nextSampleNs) {
                    nextSampleNs += SAMPLE_NS;
                    peakBytes = Math.max(peakBytes, ProcStatus.residentBytes(proxy.pid()));
                    full = peakBytes - startBytes > options.capBytes();
                }
            }
            if (full) {
                note.append("stopped at the cap after ").append(seconds(System.nanoTime() - beganNs)).append("; ");
            }
            if (client.closed() != null) {
                note.append("the proxy closed it (").append(client.closed()).append("); ");
            }
            if (!proxy.isAlive()) {
                throw new IOException(name + " has ended; its last lines:\n" + proxy.lastLines());
            }
        }
        if (exactPeak) {
            peakBytes = Math.max(peakBytes, ProcStatus.peakBytes(proxy.pid()));
        }
        if (probe.failure() != null) {
            note.append("another client: ").append(probe.failure()).append("; ");
        }
        return afterwards(new FloodResult(name, kind, client.requests(), client.bytes(), startBytes, peakBytes, 0, -1,
            probe.longestMs(), note.toString(), bound, probe.failure() == null), proxy);
    }

    private FloodResult afterwards(FloodResult flood, RunningProxy proxy) throws IOException {
        long leftNs = System.nanoTime();
        double backMs = -1;
        long residentBytes = ProcStatus.residentBytes(proxy.pid());
        while (System.nanoTime() - leftNs < options.backNs() && backMs < 0) {
            residentBytes = ProcStatus.residentBytes(proxy.pid());
            if (residentBytes <= flood.startBytes() + options.backBytes()) {
                backMs = (System.nanoTime() - leftNs) / 1e6;
            }
            LockSupport.parkNanos(SAMPLE_NS);
        }
        boolean kept = flood.kept() && backMs >= 0 && flood.growthBytes() <= options.growthBytes();
        return new FloodResult(flood.proxy(), flood.kind(), flood.requests(), flood.sentBytes(), flood.startBytes(),
            flood.peakBytes(), residentBytes, backMs, flood.probeMs(), flood.note(), flood.bound(), kept);
    }

    /** What was found, for programs. */
    public JsonObject json() {
        return new JsonObject().put("kept", isKept())
            .put("floods", results.stream().map(FloodResult::json).toList());
    }

    /** Whether each proxy that has to keep the limits did. */
    public boolean isKept() {
        return results.stream().allMatch(each -> each.kept() || !each.bound());
    }

    /** The table and the criteria. */
    public String report() {
        MarkdownTable table = new MarkdownTable("flood", "proxy", "sent", "before MiB", "peak MiB", "growth MiB",
            "left MiB", "back after", "others waited at most", "kept", "remarks");
        for (FloodKind kind : options.kinds()) {
            for (FloodResult each : results) {
                if (each.kind() == kind) {
                    table.row(kind.label(), each.proxy(), String.format(Locale.ROOT, "%,d", each.requests()),
                        mib(each.startBytes()), mib(each.peakBytes()), mib(each.growthBytes()), mib(each.leftBytes()),
                        each.backMs() < 0 ? "not in " + seconds(options.backNs())
                            : seconds((long) (each.backMs() * 1e6)),
                        String.format(Locale.ROOT, "%.0f ms", each.probeMs()),
                        each.bound() ? each.kept() ? "yes" : "NO" : "-", each.note().replaceAll("; $", ""));
                }
            }
        }
        return table + String.format(Locale.ROOT, "%nPromise: growth at most %s MiB, and at most %s MiB of it left %s "
            + "after the client has gone. Resident memory, sampled every 100 ms; the peak is the kernel's.%n",
            mib(options.growthBytes()), mib(options.backBytes()), seconds(options.backNs()));
    }

    private static String line(FloodResult each) {
        return String.format(Locale.ROOT, "%,d requests sent, grew by %s MiB, %s MiB left", each.requests(),
            mib(each.growthBytes()), mib(each.leftBytes()));
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MIB);
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.1f s", ns / 1e9);
    }
}
