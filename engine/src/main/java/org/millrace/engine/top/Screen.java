package org.millrace.engine.top;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The picture: lines of text made of two samples, and of those before for the bars. */
public final class Screen {
    private static final int NAME_MIN = 24;
    private static final int BAR = 20;
    private static final long MIB = 1 << 20;
    private static final String[] FAULTS = {"server_eof", "server_err", "server_timedout"};

    private final Map<String, History> histories = new HashMap<>();
    private final int width;

    /** A picture so many characters wide, at the most. */
    public Screen(int width) {
        this.width = width;
    }

    /** The lines of what happened between two samples. */
    public List<String> lines(Sample before, Sample now) {
        Rates rates = new Rates(before, now);
        List<String> lines = new ArrayList<>();
        head(lines, now);
        lanes(lines, now);
        histories.keySet().retainAll(now.pools().keySet());
        for (String pool : now.pools().keySet()) {
            lines.add("");
            pool(lines, rates, pool);
        }
        lines.replaceAll(line -> line.length() > width ? line.substring(0, width) : line);
        return lines;
    }

    private static void head(List<String> lines, Sample now) {
        Map<?, ?> own = now.own();
        lines.add("Millrace " + now.text("version") + " on " + now.text("source") + ", up " + time(now.number("uptime"))
            + (Boolean.FALSE.equals(own.get("ready")) ? ", NOT READY" : ", ready"));
        long max = Sample.number(own, "max_memory");
        if (max > 0) {
            long used = Sample.number(own, "memory_in_use");
            lines.add(bar("memory", (double) used / max) + String.format(Locale.ROOT, "  %,d of %,d MiB, %,d set aside",
                used / MIB, max / MIB, Sample.number(own, "memory_reserved") / MIB));
        }
    }

    private static void lanes(List<String> lines, Sample now) {
        for (int lane = 0; lane < now.lanes().size(); lane++) {
            Map<?, ?> each = now.lanes().get(lane) instanceof Map<?, ?> members ? members : Map.of();
            String name = "lane " + lane;
            if (Boolean.FALSE.equals(each.get("open")) && Sample.number(each, "clients") == 0) {
                lines.add(bar(name, 0) + "  rests");
            } else {
                lines.add(bar(name, each.get("busy") instanceof Number busy ? busy.doubleValue() : 0)
                    + String.format(Locale.ROOT, "  %,d clients, %,d requests/s%s", Sample.number(each, "clients"),
                    Sample.number(each, "requests_per_second"),
                    Boolean.TRUE.equals(each.get("moderated")) ? ", gathers" : ""));
            }
        }
    }

    private void pool(List<String> lines, Rates rates, String pool) {
        Map<?, ?> now = rates.now().pool(pool);
        double requests = rates.ofServers(pool, "requests");
        History history = histories.computeIfAbsent(pool, name -> new History());
        history.add(requests);
        lines.add(String.format(Locale.ROOT, "pool %s: %,d clients, %,.0f requests/s to servers  %s", pool,
            Sample.number(now, "client_connections"), requests, history.line()));
        lines.add(String.format(Locale.ROOT, "  %,.0f errors/s, %,.0f clients gone/s, %,d ejections",
            rates.ofPool(pool, "forward_error"), rates.ofPool(pool, "client_eof") + rates.ofPool(pool, "client_err"),
            Sample.number(now, "server_ejects")));
        lines.addAll(LatencyText.lines(rates.now(), pool));
        Map<String, Map<?, ?>> servers = Sample.objects(now);
        int name = servers.keySet().stream().mapToInt(String::length).max().orElse(0);
        name = Math.max(NAME_MIN, name);
        lines.add(String.format("  %-" + name + "s %10s %10s %8s %8s %6s %8s %9s %8s", "server", "requests/s",
            "replies/s", "MB/s", "back", "links", "in queue", "out queue", "faults/s"));
        for (Map.Entry<String, Map<?, ?>> server : servers.entrySet()) {
            lines.add(server(rates, pool, server.getKey(), server.getValue(), name));
        }
    }

    private static String server(Rates rates, String pool, String name, Map<?, ?> now, int nameWidth) {
        double faults = 0;
        for (String fault : FAULTS) {
            faults += rates.ofServer(pool, name, fault);
        }
        return String.format(Locale.ROOT, "  %-" + nameWidth + "s %,10.0f %,10.0f %8.1f %8.1f %,6d %,8d %,9d %8.1f%s",
            name, rates.ofServer(pool, name, "requests"), rates.ofServer(pool, name, "responses"),
            rates.ofServer(pool, name, "request_bytes") / 1e6, rates.ofServer(pool, name, "response_bytes") / 1e6,
            Sample.number(now, "server_connections"), Sample.number(now, "in_queue"),
            Sample.number(now, "out_queue"), faults, isEjected(rates.now(), pool, name) ? "  EJECTED" : "");
    }

    private static boolean isEjected(Sample now, String pool, String server) {
        return now.own().get("ejected") instanceof List<?> ejected && ejected.contains(pool + '/' + server);
    }

    /** A share of a whole, drawn. */
    private static String bar(String name, double share) {
        int filled = (int) Math.round(Math.clamp(share, 0, 1) * BAR);
        return String.format(Locale.ROOT, "%-8s [%s%s] %3.0f %%", name, "#".repeat(filled), ".".repeat(BAR - filled),
            share * 100);
    }

    private static String time(long seconds) {
        long days = seconds / 86_400;
        return (days > 0 ? days + " d " : "") + String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600 % 24,
            seconds / 60 % 60, seconds % 60);
    }
}
