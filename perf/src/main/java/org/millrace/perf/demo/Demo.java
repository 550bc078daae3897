package org.millrace.perf.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.load.LoadConfig;
import org.millrace.perf.load.LoadGenerator;
import org.millrace.perf.load.LoadReport;
import org.millrace.perf.load.LoadResult;
import org.millrace.perf.load.Mix;
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.RedisExecutable;

/**
 * Starts servers, proxy and load in this order and stops them in the reverse one. {@link #run} is called once;
 * {@link #requestStop} may come from any thread.
 */
public final class Demo {
    private static final int SERVERS = 4;
    private static final int CONNECTIONS = 20;
    private static final long KEYS = 20_000;
    private static final String MIX = "get=60,set=22,mget=5,mset=2,incr=4,del=2,exists=2,hset=1,hget=1,ping=1";
    private static final long UNTIL_STOPPED_NS = TimeUnit.DAYS.toNanos(3650);
    private static final long WARMUP_NS = TimeUnit.SECONDS.toNanos(1);

    private final DemoOptions options;
    private final PrintStream out;
    private final LoadGenerator load;

    /** A demo that prints to {@code out}. */
    public Demo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        load = new LoadGenerator(loadConfig(options));
    }

    /** Ends the load; {@link #run} then prints its summary and stops everything. */
    public void requestStop() {
        load.requestStop();
    }

    /**
     * Runs to the end.
     *
     * @return whether no request failed
     * @throws IOException if something cannot be started; the message says what to do
     */
    public boolean run() throws IOException, InterruptedException {
        checkFree(options.port(), "--port");
        if (options.statsPort() > 0) {
            checkFree(options.statsPort(), "--stats-port");
        }
        if (options.adminPort() > 0) {
            checkFree(options.adminPort(), "--admin-port");
        }
        List<LocalRedis> servers = new ArrayList<>();
        try {
            startServers(servers);
            try (DemoProxy _ = DemoProxy.start(options, servers)) {
                invite();
                LoadReport report = new LoadReport(out);
                LoadResult result = load.run(report);
                report.summary(result);
                shares(servers);
                return result.isClean();
            }
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    private void startServers(List<LocalRedis> servers) throws IOException {
        Path executable = options.redisServer() == null ? RedisExecutable.find() : options.redisServer();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(LocalRedis.start(executable));
        }
        out.println(SERVERS + " Redis servers (" + executable + ") on ports "
            + servers.stream().map(server -> String.valueOf(server.port())).toList());
    }

    private void invite() {
        out.println("Millrace on 127.0.0.1:" + options.port() + " in front of them; join in with:");
        out.println("    redis-cli -p " + options.port());
        if (options.statsPort() > 0) {
            out.println("Its statistics, as twemproxy gives them:");
            out.println("    nc 127.0.0.1 " + options.statsPort());
        }
        if (options.adminPort() > 0) {
            out.println("Its dashboard, live:");
            out.println("    http://127.0.0.1:" + options.adminPort() + "/");
        }
        out.println(options.durationNs() == 0 ? "Ctrl-C ends the demo." : "Ctrl-C ends the demo early.");
        out.println();
        out.flush();
    }

    private void shares(List<LocalRedis> servers) {
        out.println();
        long[] sizes = new long[servers.size()];
        long sum = 0;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = keys(servers.get(i));
            sum += Math.max(0, sizes[i]);
        }
        for (int i = 0; i < sizes.length; i++) {
            double percent = sum == 0 ? 0 : 100.0 * sizes[i] / sum;
            out.printf(Locale.ROOT, "  redis%d on port %d: %s%n", i + 1, servers.get(i).port(),
                sizes[i] < 0 ? "no answer" : String.format(Locale.ROOT, "%,d keys, %.1f %%", sizes[i], percent));
        }
        out.flush();
    }

    private static long keys(LocalRedis server) {
        try {
            return Long.parseLong(server.call("DBSIZE"));
        } catch (IOException | NumberFormatException e) {
            // A summary is no place to fail; the server may have been stopped on purpose to see what happens.
            return -1;
        }
    }

    private static LoadConfig loadConfig(DemoOptions options) {
        long durationNs = options.durationNs() == 0 ? UNTIL_STOPPED_NS : options.durationNs();
        long warmupNs = durationNs >= 3 * WARMUP_NS ? WARMUP_NS : 0;
        return new LoadConfig()
            .target(new InetSocketAddress("127.0.0.1", options.port()))
            .connections(CONNECTIONS)
            .ratePerSecond(options.ratePerSecond())
            .warmupNs(warmupNs)
            .durationNs(durationNs - warmupNs)
            .keys(KEYS)
            .valueSize(16, 1024)
            .mix(Mix.parse(MIX));
    }

    /** Early and in plain words, before four servers have been started for nothing. */
    private static void checkFree(int port, String option) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        } catch (IOException e) {
            throw new IOException("port " + port + " of 127.0.0.1 cannot be used (" + e.getMessage()
                + "): stop the program that has it, or choose another port with " + option, e);
        }
    }
}
