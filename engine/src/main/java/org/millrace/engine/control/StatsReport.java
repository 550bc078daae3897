package org.millrace.engine.control;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/**
 * The JSON of the stats port: twemproxy's members, order and separators, with names escaped and values exact at the
 * moment of reading.
 */
public final class StatsReport {
    private final Totals totals;
    private final ProcessState process;
    private final String source;
    private final EventLog log;
    private final Supplier<String> latency;
    private final Supplier<String> hotKeys;
    private final Supplier<String> slowLog;

    /** A report over all lanes, and of the process around them. */
    public StatsReport(Totals totals, ProcessState process, EventLog log) {
        this(totals, process, log, () -> "{}", () -> "{}", () -> "[]");
    }

    /**
     * The same with what is known of latency and of traffic.
     *
     * @param latency an object of JSON
     * @param hotKeys likewise
     * @param slowLog an array of JSON
     */
    public StatsReport(Totals totals, ProcessState process, EventLog log, Supplier<String> latency,
        Supplier<String> hotKeys, Supplier<String> slowLog) {
        this.slowLog = slowLog;
        this.latency = latency;
        this.hotKeys = hotKeys;
        this.process = process;
        this.log = log;
        this.totals = totals;
        source = host();
    }

    /** The name of this machine; where the system tells it, without asking a resolver, which may be slow. */
    private static String host() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException e) {
            // not on Linux
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** The whole text, its line end included. */
    public String json() {
        StringBuilder text = new StringBuilder(4096);
        text.append("{\"service\":\"nutcracker\", \"source\":").append(JsonText.quote(source))
            .append(", \"version\":").append(JsonText.quote(process.version()))
            .append(", \"uptime\":").append(ManagementFactory.getRuntimeMXBean().getUptime() / 1000)
            .append(", \"timestamp\":").append(Instant.now().getEpochSecond())
            .append(", \"total_connections\":").append(totalConnections())
            .append(", \"curr_connections\":").append(currentConnections());
        String separator = ", ";
        for (PoolTopology pool : totals.topology().pools()) {
            text.append(separator);
            pool(text, pool);
            separator = ",";
        }
        own(text);
        return text.append("}\n").toString();
    }

    /** What twemproxy does not have: the name can be no pool's. */
    private void own(StringBuilder text) {
        text.append(",\"millrace\": {\"ready\":").append(process.ready().getAsBoolean())
            .append(", \"max_memory\":").append(totals.maxBytes())
            .append(", \"memory_in_use\":").append(totals.bytesInUse())
            .append(", \"memory_reserved\":").append(totals.bytesReserved())
            .append(", \"log_lines_lost\":").append(log.lost())
            .append(", \"lanes\":[");
        LaneSpread spread = totals.spread();
        for (int lane = 0; lane < spread.count(); lane++) {
            text.append(lane == 0 ? "" : ", ").append("{\"clients\":").append(spread.clients(lane))
                .append(", \"busy\":").append(LaneSpread.share(spread.busy(lane)))
                .append(", \"requests_per_second\":").append(spread.requestsPerSecond(lane))
                .append(", \"moved_in\":").append(spread.count(lane, ClientHalfCounter.MOVED_IN))
                .append(", \"moved_out\":").append(spread.count(lane, ClientHalfCounter.MOVED_OUT))
                .append(", \"moves_refused\":").append(spread.count(lane, ClientHalfCounter.MOVES_REFUSED))
                .append(", \"moderated\":").append(spread.isModerated(lane))
                .append(", \"open\":").append(lane < spread.open()).append('}');
        }
        text.append("], \"ejected\":[").append(totals.topology().pools().stream().flatMap(StatsReport::ejected)
                .collect(Collectors.joining(", "))).append(']')
            .append(", \"latency\":").append(latency.get())
            .append(", \"hot_keys\":").append(hotKeys.get())
            .append(", \"slow_log\":").append(slowLog.get())
            .append(", \"reloads\":").append(process.reloads().good())
            .append(", \"reload_failures\":").append(process.reloads().failures())
            .append(", \"last_reload\":\"").append(process.reloads().lastWord())
            .append("\", \"last_reload_at\":").append(process.reloads().lastEnded().getEpochSecond()).append('}');
    }

    private static Stream<String> ejected(PoolTopology pool) {
        return pool.servers().stream().filter(server -> pool.isEjected(server.index()))
            .map(server -> JsonText.quote(pool.name() + '/' + server.ringName()));
    }

    private void pool(StringBuilder text, PoolTopology pool) {
        text.append(JsonText.quote(pool.name())).append(": {");
        for (PoolCounter counter : PoolCounter.values()) {
            text.append(counter.ordinal() == 0 ? "" : ", ").append('"').append(counter.label()).append("\":")
                .append(totals.pool(pool.index(), counter));
        }
        String separator = ", ";
        for (ServerNode server : pool.servers()) {
            text.append(separator).append(JsonText.quote(server.ringName())).append(": {");
            separator = ",";
            for (ServerCounter counter : ServerCounter.values()) {
                text.append(counter.ordinal() == 0 ? "" : ", ").append('"').append(counter.label()).append("\":")
                    .append(totals.server(pool.index(), server.index(), counter));
            }
            text.append('}');
        }
        text.append('}');
    }

    private long currentConnections() {
        long sum = 0;
        for (PoolTopology pool : totals.topology().pools()) {
            sum += 1 + totals.pool(pool.index(), PoolCounter.CLIENT_CONNECTIONS);
            for (ServerNode server : pool.servers()) {
                sum += totals.server(pool.index(), server.index(), ServerCounter.SERVER_CONNECTIONS);
            }
        }
        return sum;
    }

    private long totalConnections() {
        long sum = currentConnections();
        for (PoolTopology pool : totals.topology().pools()) {
            sum += totals.pool(pool.index(), PoolCounter.CLIENT_EOF)
                + totals.pool(pool.index(), PoolCounter.CLIENT_ERR);
            for (ServerNode server : pool.servers()) {
                sum += totals.server(pool.index(), server.index(), ServerCounter.SERVER_EOF)
                    + totals.server(pool.index(), server.index(), ServerCounter.SERVER_ERR)
                    + totals.server(pool.index(), server.index(), ServerCounter.SERVER_TIMEDOUT);
            }
        }
        return sum;
    }
}
