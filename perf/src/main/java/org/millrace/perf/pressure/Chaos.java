package org.millrace.perf.pressure;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.perf.client.SimpleClient;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.ProxyLauncher;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/** Servers are killed, restarted and stopped at random under a load that judges every reply: is any wrong, or lost? */
public final class Chaos {
    private static final int KEYS_EACH = 12;
    private static final int CALL_TIMEOUT_MS = 10_000;
    private static final long LOAD_TICK_MS = 4;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(30);
    /** What io_uring keeps ready to receive into depends on the last moments; a leak would be one for each fault. */
    private static final long KEPT_READY_BYTES = 256 * 1024;
    private static final Pattern NUMBER = Pattern.compile("(\\w+)[:=](\\d+)");

    private final ChaosOptions options;
    private final PrintStream progress;
    private final ChaosStats stats = new ChaosStats();
    private volatile boolean stopping;
    private String faults = "";
    private String leaks = "";

    /** A run that tells its progress to {@code progress}. */
    public Chaos(ChaosOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Runs for the whole time, and then looks whether all is as before. */
    public void run(ProxyLauncher launcher, ProxyYaml given) throws IOException, InterruptedException {
        ProxyYaml yaml = given.copy().pool("timeout", Integer.toString(options.timeoutMs()))
            .limit("link_silence_ms", "1500").limit("link_retry_max_ms", "100");
        try (ServerFaults servers = new ServerFaults(options.servers(), options.seed());
            RunningProxy proxy = launcher.start(yaml, servers.servers().stream().map(LocalRedis::port).toList())) {
            SocketLoop loop = new SocketLoop();
            List<ChaosClient> clients = clients(proxy, servers, loop);
            progress.printf(Locale.ROOT, "chaos: %d servers, %d clients, %.1f minutes, seed %d%n", options.servers(),
                options.clients(), options.durationNs() / 60e9, options.seed());
            Usage before = Usage.of(proxy);
            Thread load = Thread.ofPlatform().daemon().name("chaos-load").start(() -> load(clients, loop));
            try {
                harm(proxy, servers);
                servers.healAll();
            } finally {
                stopping = true;
                load.join(QUIET_NS / 1_000_000);
            }
            faults = servers.counts();
            leaks = leaks(proxy, before);
        }
    }

    private List<ChaosClient> clients(RunningProxy proxy, ServerFaults servers, SocketLoop loop) throws IOException {
        int count = options.clients() * KEYS_EACH;
        List<List<ChaosKey>> keys = new ArrayList<>();
        for (int i = 0; i < options.clients(); i++) {
            keys.add(new ArrayList<>());
        }
        List<List<String>> places = KeyPlaces.fill(proxy.address(), servers.servers(), "chaos", count, "none");
        for (int server = 0; server < places.size(); server++) {
            servers.servers().get(server).call("FLUSHALL");
            for (String name : places.get(server)) {
                int number = Integer.parseInt(name.substring("chaos".length()));
                keys.get(number % options.clients()).add(new ChaosKey(name, server, servers));
            }
        }
        List<ChaosClient> clients = new ArrayList<>();
        for (int i = 0; i < options.clients(); i++) {
            clients.add(new ChaosClient(proxy.address(), stats, keys.get(i), options, options.seed() * 31 + i, loop));
        }
        return clients;
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
            stats.wrong("the load itself failed: " + e);
        }
    }

    private void harm(RunningProxy proxy, ServerFaults servers) throws IOException {
        long startNs = System.nanoTime();
        long nextProgressNs = startNs + options.progressNs();
        for (long nowNs = startNs; nowNs - startNs < options.durationNs(); nowNs = System.nanoTime()) {
            if (!proxy.isAlive()) {
                throw new IOException(proxy.name() + " has ended; its last lines:\n" + proxy.lastLines());
            }
            servers.turn(nowNs);
            if (nowNs - nextProgressNs >= 0) {
                nextProgressNs += options.progressNs();
                progress.printf(Locale.ROOT, "%5.1f min  %s; %,d answers, %,d errors, %d wrong, %d late%n",
                    (nowNs - startNs) / 60e9, servers.counts(), stats.answered(), errors(), stats.wrong(),
                    stats.late());
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /**
     * What the proxy has in use.
     *
     * @param descriptors of its process
     * @param bytes       of buffers
     * @param queued      requests in queues of servers, and clients but the one that asks
     */
    private record Usage(int descriptors, long bytes, long queued) {
        static Usage of(RunningProxy proxy) throws IOException {
            String info;
            try (SimpleClient client = new SimpleClient(proxy.address(), CALL_TIMEOUT_MS)) {
                info = client.call("INFO");
            }
            long bytes = 0;
            long queued = -1;
            Matcher each = NUMBER.matcher(info);
            while (each.find()) {
                long value = each.group(2).length() > 18 ? Long.MAX_VALUE : Long.parseLong(each.group(2));
                switch (each.group(1)) {
                    case "used_memory" -> bytes = value;
                    case "connected_clients", "in_queue", "out_queue" -> queued += value;
                    default -> {
                        continue;
                    }
                }
            }
            return new Usage(ProcStatus.descriptors(proxy.pid()), bytes, queued);
        }

        private String moreThan(Usage before) {
            StringBuilder text = new StringBuilder();
            if (descriptors > before.descriptors) {
                text.append(descriptors).append(" descriptors, ").append(before.descriptors).append(" before; ");
            }
            if (bytes > before.bytes + KEPT_READY_BYTES) {
                text.append(bytes).append(" bytes of buffers, ").append(before.bytes).append(" before; ");
            }
            if (queued > 0) {
                text.append(queued).append(" requests and clients; ");
            }
            return text.toString();
        }
    }

    /** What has not come back to what it was before, some seconds later; empty if nothing. */
    private static String leaks(RunningProxy proxy, Usage before) throws IOException {
        long deadlineNs = System.nanoTime() + QUIET_NS;
        while (true) {
            Usage after = Usage.of(proxy);
            String text = after.moreThan(before);
            if (text.isEmpty() || System.nanoTime() - deadlineNs >= 0) {
                return text;
            }
            LockSupport.parkNanos(LOOK_NS * 20);
        }
    }

    private long errors() {
        return stats.errors().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether nothing was wrong, late or lost. */
    public boolean isKept() {
        return stats.wrong() == 0 && stats.late() == 0 && stats.unanswered() == 0 && leaks.isEmpty()
            && stats.answered() > 0;
    }

    /** What happened, and the criteria. */
    public String report() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%.1f minutes, seed %d, %d servers: %s%n", options.durationNs() / 60e9,
            options.seed(), options.servers(), faults));
        text.append(String.format(Locale.ROOT, "%,d answers to %,d connections, of them %,d errors: %s%n",
            stats.answered(), stats.lives(), errors(), stats.errors()));
        text.append(String.format(Locale.ROOT, "wrong replies: %d; not answered: %d; later than %d ms (timeout) and %d"
            + " ms: %d; longest: %d ms%n", stats.wrong(), stats.unanswered(), options.timeoutMs(), options.slackMs(),
            stats.late(), stats.longestMs()));
        text.append("left behind: ").append(leaks.isEmpty() ? "nothing" : leaks).append('\n');
        stats.texts().forEach(each -> text.append("  ").append(each).append('\n'));
        return text.toString();
    }

    /** What was found, for programs. */
    public JsonObject json() {
        return new JsonObject().put("kept", isKept()).put("seed", options.seed()).put("faults", faults)
            .put("answers", stats.answered()).put("errors", errors()).put("wrong", stats.wrong())
            .put("unanswered", stats.unanswered()).put("late", stats.late()).put("longest_ms", stats.longestMs())
            .put("left_behind", leaks);
    }
}
