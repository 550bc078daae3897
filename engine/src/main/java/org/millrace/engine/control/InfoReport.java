package org.millrace.engine.control;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.link.Link;
import org.millrace.engine.resp.LocalCommands;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.Endpoint;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/** The text of INFO: Redis's sections as far as a proxy has them, and one of our own. */
public final class InfoReport {
    private static final List<String> SECTIONS = List.of("server", "clients", "memory", "stats", "millrace", "lanes",
        "pools", "servers", "latency");
    /** A line for each link: only for who asks for it. */
    private static final String LINKS = "links";

    private final MillraceConfig config;
    private final Totals totals;
    private final long startedMs = ManagementFactory.getRuntimeMXBean().getStartTime();
    private final ProcessState process;
    private final Supplier<String> latency;

    /** A report over all lanes, and of the process around them. */
    public InfoReport(MillraceConfig config, Totals totals, ProcessState process) {
        this(config, totals, process, () -> "");
    }

    /**
     * The same with what is known of latency.
     *
     * @param latency the lines of that section, each with its end
     */
    public InfoReport(MillraceConfig config, Totals totals, ProcessState process, Supplier<String> latency) {
        this.latency = latency;
        this.config = config;
        this.totals = totals;
        this.process = process;
    }

    /**
     * INFO's text.
     *
     * @param wanted names of sections, lower case, separated by blanks; none or all/default/everything = all
     */
    String text(String wanted) {
        List<String> names = wanted.isEmpty() ? SECTIONS : List.of(wanted.split(" "));
        boolean all = names.contains("all") || names.contains("default") || names.contains("everything");
        StringBuilder text = new StringBuilder();
        for (String section : SECTIONS) {
            if (all || names.contains(section)) {
                text.append(text.isEmpty() ? "" : "\r\n").append("# ")
                    .append(Character.toUpperCase(section.charAt(0))).append(section.substring(1)).append("\r\n");
                append(text, section);
            }
        }
        if (names.contains(LINKS) || names.contains("everything")) {
            text.append(text.isEmpty() ? "" : "\r\n").append("# Links\r\n");
            links(text);
        }
        return text.toString();
    }

    /** The same as memcached tells statistics: {@code STAT name value}, a line for each, and END. */
    String statistics() {
        StringBuilder stats = new StringBuilder();
        for (String line : text("").split("\r\n")) {
            // the name of a server may hold a colon
            int colon = Math.max(line.indexOf(":requests="),
                Math.max(line.indexOf(":state="), line.indexOf(":count=")));
            colon = colon >= 0 ? colon : line.indexOf(':');
            if (colon > 0) {
                stats.append("STAT ").append(line, 0, colon).append(' ').append(line, colon + 1, line.length())
                    .append("\r\n");
            }
        }
        return stats.append("END\r\n").toString();
    }

    private void append(StringBuilder text, String section) {
        switch (section) {
            case "server" -> server(text);
            case "clients" -> line(text, "connected_clients", sum(PoolCounter.CLIENT_CONNECTIONS));
            case "memory" -> memory(text);
            case "stats" -> stats(text);
            case "millrace" -> own(text);
            case "lanes" -> lanes(text);
            case "servers" -> servers(text);
            case "latency" -> text.append(latency.get());
            default -> pools(text);
        }
    }

    private void server(StringBuilder text) {
        line(text, "redis_version", LocalCommands.REDIS_VERSION);
        line(text, "redis_mode", "standalone");
        line(text, "millrace_version", process.version());
        line(text, "process_id", ProcessHandle.current().pid());
        line(text, "uptime_in_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
        line(text, "started_at_ms", startedMs);
        line(text, "config_file", config.file());
    }

    private void memory(StringBuilder text) {
        line(text, "maxmemory", totals.maxBytes());
        line(text, "used_memory", totals.bytesInUse());
        line(text, "reserved_memory", totals.bytesReserved());
        Runtime runtime = Runtime.getRuntime();
        line(text, "used_heap", runtime.totalMemory() - runtime.freeMemory());
        for (PoolTopology pool : totals.topology().pools()) {
            line(text, "pool_" + pool.name() + "_client_bytes", totals.clientBytes(pool.index()));
        }
    }

    private void stats(StringBuilder text) {
        line(text, "total_commands_processed", totals.clients(ClientHalfCounter.REQUESTS));
        line(text, "total_error_replies", sum(PoolCounter.FORWARD_ERROR));
        line(text, "local_answers", totals.clients(ClientHalfCounter.LOCAL_ANSWERS));
    }

    private void own(StringBuilder text) {
        line(text, "ready", process.ready().getAsBoolean() ? 1 : 0);
        line(text, "lanes", totals.lanes());
        line(text, "lanes_open", totals.spread().open());
        line(text, "control_queue_full", process.controlQueueFull().getAsLong());
        line(text, "control_reports_held", process.reportsHeld().getAsLong());
        Reloads reloads = process.reloads();
        line(text, "reloads", reloads.good());
        line(text, "reload_failures", reloads.failures());
        line(text, "last_reload", reloads.lastLine());
        line(text, "last_reload_at", reloads.lastEnded());
        for (ClientHalfCounter counter : ClientHalfCounter.values()) {
            line(text, "client_half_" + counter.name().toLowerCase(Locale.ROOT), totals.clients(counter));
        }
        for (ServerHalfCounter counter : ServerHalfCounter.values()) {
            line(text, "server_half_" + counter.name().toLowerCase(Locale.ROOT), totals.servers(counter));
        }
    }

    /** How busy each is, as a share of a processor. */
    private void lanes(StringBuilder text) {
        LaneSpread spread = totals.spread();
        for (int lane = 0; lane < spread.count(); lane++) {
            line(text, "lane_" + lane, "clients=" + spread.clients(lane)
                + ",busy=" + LaneSpread.share(spread.busy(lane))
                + ",requests_per_second=" + spread.requestsPerSecond(lane)
                + ",moved_in=" + spread.count(lane, ClientHalfCounter.MOVED_IN)
                + ",moved_out=" + spread.count(lane, ClientHalfCounter.MOVED_OUT)
                + ",moves_refused=" + spread.count(lane, ClientHalfCounter.MOVES_REFUSED)
                + ",moderated=" + (spread.isModerated(lane) ? 1 : 0)
                + ",open=" + (lane < spread.open() ? 1 : 0));
        }
    }

    private void pools(StringBuilder text) {
        for (PoolTopology pool : totals.topology().pools()) {
            for (ServerNode server : pool.servers()) {
                line(text, "pool_" + pool.name() + '_' + server.ringName(),
                    "requests=" + count(pool, server, ServerCounter.REQUESTS)
                    + ",responses=" + count(pool, server, ServerCounter.RESPONSES)
                    + ",connections=" + count(pool, server, ServerCounter.SERVER_CONNECTIONS)
                    + ",in_queue=" + count(pool, server, ServerCounter.IN_QUEUE)
                    + ",in_queue_bytes=" + count(pool, server, ServerCounter.IN_QUEUE_BYTES)
                    + ",out_queue=" + count(pool, server, ServerCounter.OUT_QUEUE)
                    + ",out_queue_bytes=" + count(pool, server, ServerCounter.OUT_QUEUE_BYTES));
            }
        }
    }

    private long count(PoolTopology pool, ServerNode server, ServerCounter counter) {
        return totals.server(pool.index(), server.index(), counter);
    }

    /** Who is ejected, why and until when. */
    private void servers(StringBuilder text) {
        Snapshot snapshot = totals.snapshot();
        line(text, "topology_version", snapshot.topology().version());
        for (PoolTopology pool : snapshot.topology().pools()) {
            for (ServerNode server : pool.servers()) {
                Endpoint endpoint = snapshot.endpoint(pool.index(), server.index());
                ServerHealth health = totals.health(pool, server);
                boolean ejected = pool.isEjected(server.index());
                line(text, "server_" + pool.name() + '_' + server.ringName(), "state=" + (ejected ? "ejected" : "live")
                    + ",address=" + (endpoint == null ? "unresolved" : endpoint)
                    + ",failures=" + (health == null ? 0 : health.failures)
                    + ",ejections=" + (health == null ? 0 : health.ejections)
                    + (ejected && health != null ? ",why=" + health.why.replace(',', ';').strip()
                        + ",since=" + time(health.ejectedAtMicros) + ",asked_at=" + time(health.askedAtMicros) : ""));
            }
        }
    }

    private static Instant time(long micros) {
        return Instant.ofEpochMilli(micros / 1000);
    }

    private void links(StringBuilder text) {
        for (PoolTopology pool : totals.topology().pools()) {
            for (ServerNode server : pool.servers()) {
                String name = "link_" + pool.name() + '_' + server.ringName() + "_lane";
                for (int lane = 0; lane < totals.lanes(); lane++) {
                    Link[] links = totals.links(lane, pool.index(), server.index());
                    for (int i = 0; i < links.length; i++) {
                        line(text, name + lane + '_' + i, gauges(links[i].gauges()));
                    }
                }
            }
        }
    }

    private static String gauges(CounterSet<LinkGauge> gauges) {
        return Arrays.stream(LinkGauge.values())
            .map(gauge -> gauge.name().toLowerCase(Locale.ROOT) + '=' + gauges.get(gauge))
            .collect(Collectors.joining(","));
    }

    private long sum(PoolCounter counter) {
        long sum = 0;
        for (PoolTopology pool : totals.topology().pools()) {
            sum += totals.pool(pool.index(), counter);
        }
        return sum;
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(':').append(value).append("\r\n");
    }
}
