package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.Surroundings;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.lane.Lane;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;
import org.millrace.routing.Topology;

/**
 * Real Redis servers and Millrace in front of them, in this process. {@link #assertQuiet()} after each test shows that
 * nothing was left behind.
 */
final class ProxyKit implements AutoCloseable {
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(10);
    /** What a transport holds to receive into: NIO a segment for clients and one for links, io_uring some for each. */
    private static final int NIO_SEGMENTS = 2;
    private static final int URING_SEGMENTS = 130;

    private final Map<String, Integer> descriptorsBefore;
    private final List<LocalRedis> servers;
    private final Millrace millrace;
    private final MillraceConfig config;
    private final int port;
    private final ByteArrayOutputStream log;
    private final List<RawClient> clients = new ArrayList<>();

    private boolean abandoned;

    private ProxyKit(Builder builder) throws IOException {
        descriptorsBefore = Descriptors.open();
        servers = LocalRedis.startAll(builder.serverCount);
        port = FreePort.find();
        log = new ByteArrayOutputStream();
        try {
            config = ConfigReader.read("test.yml", builder.yaml(port, servers));
            StartOptions options = new StartOptions("127.0.0.1", 0, new PrintStream(log, true, StandardCharsets.UTF_8));
            millrace = builder.surroundings == null ? Millrace.start(config, options)
                : Millrace.start(config, options, builder.surroundings);
        } catch (IOException | RuntimeException e) {
            LocalRedis.closeAll(servers);
            throw e;
        }
    }

    static Builder with(LaneKind kind) {
        return new Builder().engine("stage_threads", kind.stageThreads()).engine("transport", kind.transport());
    }

    int port() {
        return port;
    }

    Millrace millrace() {
        return millrace;
    }

    /** What it was started with. */
    MillraceConfig config() {
        return config;
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    LocalRedis server(int index) {
        return servers.get(index);
    }

    /** A client of the proxy; {@link #assertQuiet()} closes it. */
    RawClient client() throws IOException {
        return clientOf(port);
    }

    /** A client of a server itself; likewise. */
    RawClient direct(int server) throws IOException {
        return clientOf(servers.get(server).port());
    }

    private RawClient clientOf(int target) throws IOException {
        RawClient client = new RawClient(target);
        clients.add(client);
        return client;
    }

    void flushAll() throws IOException {
        for (LocalRedis server : servers) {
            server.call("FLUSHALL");
        }
    }

    /** The n-th key of those that begin so and live on this server. */
    String keyOn(int server, String prefix, int n) {
        String wanted = config.pools().getFirst().servers().get(server).ringName();
        Topology topology = Topology.of(config, 1);
        int found = 0;
        for (int i = 0;; i++) {
            String key = prefix + i;
            if (topology.pool(0).serverOf(Resp.bytes(key)).ringName().equals(wanted) && found++ == n) {
                return key;
            }
        }
    }

    Lane lane() {
        return millrace.lanes().getFirst().lane();
    }

    int entriesInUse() {
        return millrace.lanes().stream().mapToInt(each -> each.lane().server().state().entriesInUse()).sum();
    }

    long slotsOccupied() {
        return millrace.lanes().stream().mapToLong(each -> each.lane().rings().occupied()).sum();
    }

    static void signal(LocalRedis server, String name) throws IOException {
        Signal.send(server.pid(), name);
    }

    /** Closes the clients and shows that no request, slot, message or memory is left, and that nothing went wrong. */
    void assertQuiet() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
        for (LaneHandle lane : millrace.lanes()) {
            Await.until(() -> leftovers(lane) + "\n" + log(), QUIET_LIMIT, () -> leftovers(lane).isEmpty());
        }
        assertEquals(0, millrace.errors(), this::log);
    }

    private boolean stopped() {
        return millrace.lanes().stream().flatMap(lane -> lane.threads().stream())
            .noneMatch(each -> each.thread().isAlive());
    }

    private String leftovers(LaneHandle handle) {
        Lane lane = handle.lane();
        StringBuilder text = new StringBuilder();
        append(text, "clients", lane.client().state().life().clients().size());
        append(text, "exchanges", lane.client().state().exchanges().inUse());
        append(text, "link entries", lane.server().state().entriesInUse());
        append(text, "ring slots", lane.rings().occupied());
        append(text, "client half's messages", lane.client().state().messages().inUse());
        append(text, "server half's messages", lane.server().state().messages().inUse());
        handle.transports().forEach(each ->
            append(text, "segments", Math.max(0, each.arena().segmentsInUse() - receiveSegments()
                - lane.server().state().crossings().borrowedCount())));
        return text.toString();
    }

    private int receiveSegments() {
        return millrace.transport().equals("nio") ? NIO_SEGMENTS : URING_SEGMENTS;
    }

    private static void append(StringBuilder text, String what, long count) {
        if (count != 0) {
            text.append("still ").append(count).append(' ').append(what).append("; ");
        }
    }

    /** The proxy was stopped while it was busy: that it then has leftovers is no fault. */
    void abandon() {
        abandoned = true;
    }

    @Override
    public void close() throws IOException {
        if (!stopped()) {
            assertQuiet();
        }
        boolean drained = millrace.stop();
        LocalRedis.closeAll(servers);
        assertTrue(drained || abandoned, this::log);
        assertEquals(0, millrace.errors(), this::log);
        for (LaneHandle lane : millrace.lanes()) {
            lane.threads().forEach(each -> assertTrue(!each.thread().isAlive(), "a lane's thread outlives the stop"));
            if (!abandoned) {
                // what the last turn received goes back with the turn that a stopped lane no longer has
                lane.transports().forEach(each -> assertTrue(each.arena().segmentsInUse() <= receiveSegments(),
                    "segments after the stop"));
            }
        }
        Await.until(() -> "descriptors before: " + descriptorsBefore + ", after: " + Descriptors.open()
            + Descriptors.sockets(), QUIET_LIMIT, () -> Descriptors.areBackTo(descriptorsBefore));
    }

    /** What differs from four servers behind one pool with defaults. */
    static final class Builder {
        private final Map<String, String> pool = new LinkedHashMap<>();
        private final Map<String, String> engine = new LinkedHashMap<>();
        private final Map<String, String> limits = new LinkedHashMap<>();
        private final List<String> otherServers = new ArrayList<>();
        private final List<String> otherPools = new ArrayList<>();
        private int serverCount = 4;
        private Surroundings surroundings;

        private Builder() {
            pool.put("redis", "true");
            pool.put("hash", "fnv1a_64");
            pool.put("distribution", "ketama");
            limits.put("max_memory", "512mb");
        }

        Builder servers(int count) {
            serverCount = count;
            return this;
        }

        /** What answers for the machine and its clock. */
        Builder in(Surroundings around) {
            surroundings = around;
            return this;
        }

        /** A server that the kit does not start, as the configuration has it. */
        Builder otherServer(String line) {
            otherServers.add(line);
            return this;
        }

        /** A pool besides, as the configuration has it. */
        Builder otherPool(String yaml) {
            otherPools.add(yaml);
            return this;
        }

        /** A directive of the pool. */
        Builder pool(String name, String value) {
            pool.put(name, value);
            return this;
        }

        /** A directive under millrace. */
        Builder engine(String name, String value) {
            engine.put(name, value);
            return this;
        }

        /** A directive under limits. */
        Builder limit(String name, String value) {
            limits.put(name, value);
            return this;
        }

        ProxyKit start() throws IOException {
            return new ProxyKit(this);
        }

        /** The configuration as a user would write it. */
        String yaml(int port, List<LocalRedis> started) {
            StringBuilder yaml = new StringBuilder("test:\n  listen: 127.0.0.1:").append(port).append('\n');
            pool.forEach((name, value) -> line(yaml, "  ", name, value));
            yaml.append("  servers:\n");
            for (int i = 0; i < started.size(); i++) {
                yaml.append("    - 127.0.0.1:").append(started.get(i).port()).append(":1 s").append(i + 1).append('\n');
            }
            otherServers.forEach(each -> yaml.append("    - ").append(each).append('\n'));
            otherPools.forEach(yaml::append);
            yaml.append("millrace:\n");
            engine.forEach((name, value) -> line(yaml, "  ", name, value));
            yaml.append("  limits:\n");
            limits.forEach((name, value) -> line(yaml, "    ", name, value));
            return yaml.toString();
        }

        private static void line(StringBuilder yaml, String indent, String name, String value) {
            yaml.append(indent).append(name).append(": ").append(value).append('\n');
        }
    }
}
