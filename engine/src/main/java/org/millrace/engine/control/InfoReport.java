package org.millrace.engine.control;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.link.Link;
import org.millrace.engine.resp.LocalCommands;

/** The text of INFO: Redis's sections as far as a proxy has them, and one of our own. */
public final class InfoReport {
    private static final List<String> SECTIONS = List.of("server", "clients", "memory", "stats", "millrace", "pools");
    /** A line for each link: only for who asks for it. */
    private static final String LINKS = "links";

    private final MillraceConfig config;
    private final Totals totals;
    private final long startedMs = ManagementFactory.getRuntimeMXBean().getStartTime();
    private final String version;
    private final BooleanSupplier ready;

    /**
     * A report over all lanes.
     *
     * @param ready true while every lane turns
     */
    public InfoReport(MillraceConfig config, Totals totals, String version, BooleanSupplier ready) {
        this.config = config;
        this.totals = totals;
        this.version = version;
        this.ready = ready;
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
            int server = line.indexOf(":requests=");
            int colon = server >= 0 ? server : line.indexOf(':');
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
            default -> pools(text);
        }
    }

    private void server(StringBuilder text) {
        line(text, "redis_version", LocalCommands.REDIS_VERSION);
        line(text, "redis_mode", "standalone");
        line(text, "millrace_version", version);
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
        for (int pool = 0; pool < config.pools().size(); pool++) {
            line(text, "pool_" + config.pools().get(pool).name() + "_client_bytes", totals.clientBytes(pool));
        }
    }

    private void stats(StringBuilder text) {
        line(text, "total_commands_processed", totals.clients(ClientHalfCounter.REQUESTS));
        line(text, "total_error_replies", sum(PoolCounter.FORWARD_ERROR));
        line(text, "local_answers", totals.clients(ClientHalfCounter.LOCAL_ANSWERS));
    }

    private void own(StringBuilder text) {
        line(text, "ready", ready.getAsBoolean() ? 1 : 0);
        line(text, "lanes", totals.lanes());
        for (ClientHalfCounter counter : ClientHalfCounter.values()) {
            line(text, "client_half_" + counter.name().toLowerCase(Locale.ROOT), totals.clients(counter));
        }
        for (ServerHalfCounter counter : ServerHalfCounter.values()) {
            line(text, "server_half_" + counter.name().toLowerCase(Locale.ROOT), totals.servers(counter));
        }
    }

    private void pools(StringBuilder text) {
        for (int pool = 0; pool < config.pools().size(); pool++) {
            PoolConfig conf = config.pools().get(pool);
            for (int server = 0; server < conf.servers().size(); server++) {
                line(text, "pool_" + conf.name() + '_' + conf.servers().get(server).ringName(),
                    "requests=" + totals.server(pool, server, ServerCounter.REQUESTS)
                    + ",responses=" + totals.server(pool, server, ServerCounter.RESPONSES)
                    + ",connections=" + totals.server(pool, server, ServerCounter.SERVER_CONNECTIONS)
                    + ",in_queue=" + totals.server(pool, server, ServerCounter.IN_QUEUE)
                    + ",in_queue_bytes=" + totals.server(pool, server, ServerCounter.IN_QUEUE_BYTES)
                    + ",out_queue=" + totals.server(pool, server, ServerCounter.OUT_QUEUE)
                    + ",out_queue_bytes=" + totals.server(pool, server, ServerCounter.OUT_QUEUE_BYTES));
            }
        }
    }

    private void links(StringBuilder text) {
        for (int pool = 0; pool < config.pools().size(); pool++) {
            PoolConfig conf = config.pools().get(pool);
            for (int server = 0; server < conf.servers().size(); server++) {
                String name = "link_" + conf.name() + '_' + conf.servers().get(server).ringName() + "_lane";
                for (int lane = 0; lane < totals.lanes(); lane++) {
                    Link[] links = totals.links(lane, pool, server);
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
        for (int pool = 0; pool < config.pools().size(); pool++) {
            sum += totals.pool(pool, counter);
        }
        return sum;
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(':').append(value).append("\r\n");
    }
}
