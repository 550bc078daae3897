package org.millrace.perf.pressure;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.report.MarkdownTable;
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.ProxyLauncher;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/** What thousands of connections cost that do nothing. */
public final class IdleClients {
    private static final int SERVERS = 2;
    private static final long GONE_NS = TimeUnit.SECONDS.toNanos(10);

    private final IdleOptions options;
    private final PrintStream progress;
    private final List<IdleResult> results = new ArrayList<>();

    /** A measurement that tells its progress to {@code progress}. */
    public IdleClients(IdleOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Measures both crowds, those that never said a word and those that did, each on a proxy just started and warmed.
     *
     * @param bound whether the proxy has to keep the limit
     */
    public void run(String name, ProxyLauncher launcher, ProxyYaml yaml, boolean bound)
        throws IOException, InterruptedException {
        List<LocalRedis> servers = LocalRedis.startAll(SERVERS);
        try {
            for (boolean used : new boolean[] {false, true}) {
                try (RunningProxy proxy = launcher.start(yaml, servers.stream().map(LocalRedis::port).toList())) {
                    Warmup.run(proxy.address(), options.warmRequests());
                    warmDoor(proxy, used);
                    results.add(crowd(name, proxy, used, bound));
                }
                progress.printf(Locale.ROOT, "%s, %s: %.0f bytes each%n", name, label(used),
                    results.getLast().bytesEach());
            }
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    /** A crowd comes and goes before the one that counts: what the JVM compiles and keeps for it is of the warm-up. */
    private void warmDoor(RunningProxy proxy, boolean used) throws IOException {
        int descriptors = ProcStatus.descriptors(proxy.pid());
        try (IdleCrowd crowd = new IdleCrowd(proxy.address())) {
            crowd.open(options.connections(), used);
        }
        awaitGone(proxy, descriptors);
        LockSupport.parkNanos(options.settleNs());
    }

    private void awaitGone(RunningProxy proxy, int descriptorsBefore) throws IOException {
        long goneByNs = System.nanoTime() + GONE_NS;
        while (ProcStatus.descriptors(proxy.pid()) > descriptorsBefore + 2 && System.nanoTime() - goneByNs < 0) {
            LockSupport.parkNanos(options.settleNs() / 10);
        }
    }

    private IdleResult crowd(String name, RunningProxy proxy, boolean used, boolean bound) throws IOException {
        long heapBefore = liveHeap(proxy);
        LockSupport.parkNanos(options.settleNs());
        long residentBefore = ProcStatus.residentBytes(proxy.pid());
        int descriptorsBefore = ProcStatus.descriptors(proxy.pid());
        long residentAfter;
        long heapAfter;
        try (IdleCrowd crowd = new IdleCrowd(proxy.address())) {
            crowd.open(options.connections(), used);
            LockSupport.parkNanos(options.settleNs());
            residentAfter = ProcStatus.residentBytes(proxy.pid());
            heapAfter = liveHeap(proxy);
            residentAfter = Math.max(residentAfter, ProcStatus.residentBytes(proxy.pid()));
            int standing = crowd.standing();
            if (standing < options.connections()) {
                throw new IOException(name + " serves " + standing + " of " + options.connections() + " connections: "
                    + "are there descriptors enough (ulimit -n)?\n" + proxy.lastLines());
            }
        }
        awaitGone(proxy, descriptorsBefore);
        LockSupport.parkNanos(options.settleNs());
        return new IdleResult(name, used, options.connections(), residentAfter - residentBefore, heapAfter - heapBefore,
            ProcStatus.residentBytes(proxy.pid()) - residentBefore, bound, options.maxBytes());
    }

    private static long liveHeap(RunningProxy proxy) throws IOException {
        if (!proxy.isJava()) {
            return 0;
        }
        Jcmd.collect(proxy.pid());
        return Jcmd.usedHeapBytes(proxy.pid());
    }

    /** Whether each proxy that has to keep the limit did. */
    public boolean isKept() {
        return results.stream().allMatch(IdleResult::isKept);
    }

    /** The table and the criterion. */
    public String report() {
        MarkdownTable table = new MarkdownTable("connections", "proxy", "resident grew by KiB", "live heap grew by KiB",
            "bytes each", "left afterwards KiB", "kept");
        for (boolean used : new boolean[] {false, true}) {
            for (IdleResult each : results) {
                if (each.used() == used) {
                    table.row(String.format(Locale.ROOT, "%,d, %s", each.connections(), label(used)), each.proxy(),
                        kib(each.residentBytes()), kib(each.heapBytes()),
                        String.format(Locale.ROOT, "%.0f", each.bytesEach()), kib(each.leftBytes()),
                        each.bound() ? each.isKept() ? "yes" : "NO" : "-");
                }
            }
        }
        return table + String.format(Locale.ROOT, "%nPromise: at most %d bytes each, resident memory and live heap "
            + "together (a heap that is touched at the start does not show in resident memory).%n", options.maxBytes());
    }

    /** What was found, for programs. */
    public JsonObject json() {
        return new JsonObject().put("kept", isKept()).put("crowds", results.stream().map(IdleResult::json).toList());
    }

    private static String label(boolean used) {
        return used ? "a SET and a GET each, then idle" : "idle from the start";
    }

    private static String kib(long bytes) {
        return String.format(Locale.ROOT, "%,.0f", bytes / 1024.0);
    }
}
