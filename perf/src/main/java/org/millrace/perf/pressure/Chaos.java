package org.millrace.perf.pressure;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.ProxyLauncher;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/**
 * Servers are killed, restarted and stopped at random under a load that judges every reply: is any wrong, or lost? One
 * proxy with a pool for each protocol.
 */
public final class Chaos {
    private static final long LOAD_TICK_MS = 4;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(30);

    private final ChaosOptions options;
    private final PrintStream progress;
    private final List<ChaosPool> pools = new ArrayList<>();
    private volatile boolean stopping;
    private String leaks = "";

    /** A run that tells its progress to {@code progress}. */
    public Chaos(ChaosOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Runs for the whole time, and then looks whether all is as before. */
    public void run(ProxyLauncher launcher, ProxyYaml given) throws IOException, InterruptedException {
        try {
            for (ChaosProtocol protocol : options.protocols()) {
                pools.add(new ChaosPool(protocol, options));
            }
            List<InetSocketAddress> addresses = new ArrayList<>();
            ProxyYaml yaml = yaml(given, addresses);
            try (RunningProxy proxy = launcher.start(yaml, pools.getFirst().ports())) {
                addresses.addFirst(proxy.address());
                run(proxy, addresses);
            }
        } finally {
            pools.forEach(ChaosPool::close);
        }
    }

    /** The launcher gives the first pool its address; those of others go to {@code addresses}. */
    private ProxyYaml yaml(ProxyYaml given, List<InetSocketAddress> addresses) throws IOException {
        ProxyYaml yaml = poolOf(pools.getFirst(), given).limit("link_silence_ms", "1500")
            .limit("link_retry_max_ms", "100");
        for (ChaosPool pool : pools.subList(1, pools.size())) {
            int port = FreePort.find();
            yaml.beside(pool.protocol().word(), poolOf(pool, given), port, pool.ports());
            addresses.add(new InetSocketAddress("127.0.0.1", port));
        }
        return yaml;
    }

    private ProxyYaml poolOf(ChaosPool pool, ProxyYaml given) {
        return given.copy().pool("redis", Boolean.toString(pool.protocol().isRedis()))
            .pool("timeout", Integer.toString(options.timeoutMs()));
    }

    private void run(RunningProxy proxy, List<InetSocketAddress> addresses) throws IOException, InterruptedException {
        SocketLoop loop = SocketLoop.selecting();
        List<ChaosClient> clients = new ArrayList<>();
        for (int i = 0; i < pools.size(); i++) {
            clients.addAll(pools.get(i).clients(addresses.get(i), loop));
        }
        progress.printf(Locale.ROOT, "chaos: %s; %d servers and %d clients of each, %.1f minutes, seed %d%n",
            String.join(" and ", options.protocols().stream().map(ChaosProtocol::word).toList()), options.servers(),
            options.clients(), options.durationNs() / 60e9, options.seed());
        ChaosProtocol asked = options.protocols().getFirst();
        ChaosUsage before = ChaosUsage.settled(proxy, asked, QUIET_NS);
        Thread load = Thread.ofPlatform().daemon().name("chaos-load").start(() -> load(clients, loop));
        try {
            harm(proxy);
            for (ChaosPool pool : pools) {
                pool.servers().healAll();
            }
        } finally {
            stopping = true;
            load.join(QUIET_NS / 1_000_000);
        }
        leaks = ChaosUsage.leftBehind(proxy, asked, before, QUIET_NS);
    }

    private void load(List<ChaosClient> clients, SocketLoop loop) {
        try (loop) {
            long stopNs = 0;
            long tickNs = System.nanoTime();
            boolean gone = false;
            while (!gone) {
                long nowNs = System.nanoTime();
                if (nowNs - tickNs >= 0) {
                    tickNs = nowNs + LOAD_TICK_MS * 1_000_000;
                    boolean stop = stopping;
                    clients.forEach(client -> client.tick(nowNs, stop));
                    stopNs = stop && stopNs == 0 ? nowNs : stopNs;
                    gone = stop && (clients.stream().allMatch(ChaosClient::isGone) || nowNs - stopNs > QUIET_NS / 2);
                }
                loop.await(1);
            }
        } catch (IOException | RuntimeException e) {
            pools.getFirst().stats().wrong("the load itself failed: " + e);
        }
    }

    private void harm(RunningProxy proxy) throws IOException {
        long startNs = System.nanoTime();
        long nextProgressNs = startNs + options.progressNs();
        for (long nowNs = startNs; nowNs - startNs < options.durationNs(); nowNs = System.nanoTime()) {
            if (!proxy.isAlive()) {
                throw new IOException(proxy.name() + " has ended; its last lines:\n" + proxy.lastLines());
            }
            for (ChaosPool pool : pools) {
                pool.servers().turn(nowNs);
            }
            if (nowNs - nextProgressNs >= 0) {
                nextProgressNs += options.progressNs();
                for (ChaosPool pool : pools) {
                    progress.printf(Locale.ROOT, "%5.1f min  %s%n", (nowNs - startNs) / 60e9, pool.progress());
                }
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** Whether nothing was wrong, late or lost. */
    public boolean isKept() {
        return !pools.isEmpty() && pools.stream().allMatch(pool -> pool.stats().isKept()) && leaks.isEmpty();
    }

    /** What happened, and the criteria. */
    public String report() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%.1f minutes, seed %d%n", options.durationNs() / 60e9, options.seed()));
        pools.forEach(pool -> text.append(pool.report()));
        text.append("left behind: ").append(leaks.isEmpty() ? "nothing" : leaks).append('\n');
        return text.toString();
    }

    /** What was found, for programs. */
    public JsonObject json() {
        JsonObject json = new JsonObject().put("kept", isKept()).put("seed", options.seed())
            .put("left_behind", leaks);
        pools.forEach(pool -> json.put(pool.protocol().word(), pool.json()));
        return json;
    }
}
