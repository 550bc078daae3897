package org.millrace.engine;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.ConfigError;
import org.millrace.conf.ConfigException;
import org.millrace.conf.Directives;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Router;

/** What changes from one configuration to another, as an operator would say it. */
public final class ConfigDiff {
    /** Keys that are looked for before and after: the share of those that move is right to a third of a percent. */
    static final int KEYS = 100_000;

    /** What stands before a change that no reload can make. */
    private static final String RESTART = "needs a restart: ";
    private static final Map<String, String> NAMES = Map.ofEntries(Map.entry("tcpKeepAlive", "tcpkeepalive"),
        Map.entry("reusePort", "reuseport"), Map.entry("auth", "redis_auth"),
        Map.entry("clientIdleMs", "client_idle_timeout"), Map.entry("resolveMs", "resolve_interval"),
        Map.entry("drainMs", "drain_ms"), Map.entry("moderationUs", "moderation_us"),
        Map.entry("linkHoldMs", "link_hold_ms"), Map.entry("captured", "capture"),
        Map.entry("linkRetryMinMs", "link_retry_min_ms"), Map.entry("linkRetryMaxMs", "link_retry_max_ms"),
        Map.entry("linkSilenceMs", "link_silence_ms"));
    /** Said of themselves, or not to be said. */
    private static final Set<String> ELSEWHERE = Set.of("name", "servers", "limits", "capture", "pool",
        "histograms", "adminPort");
    /** Settings of the process that a reload can change. */
    private static final Set<String> LIVE = Set.of("resolveMs", "hotKeys", "dir", "maxSize", "maxAgeS", "segmentSize",
        "sample", "redact", "ring");
    /** Where 0 is not what the file says. */
    private static final Set<String> AUTO = Set.of("lanes", "maxMemory");
    private static final Set<String> SECRETS = Set.of("auth", "serverAuth", "adminToken");
    /** What takes effect when the address is bound, which it stays. */
    private static final Set<String> BOUND = Set.of("backlog", "reusePort", "tcpKeepAlive");

    private ConfigDiff() {
    }

    /**
     * Refuses what no reload can do.
     *
     * @throws ConfigException that says what, and what to do instead
     */
    public static void check(MillraceConfig before, MillraceConfig after) {
        List<ConfigError> errors = new ArrayList<>();
        for (PoolConfig pool : after.pools()) {
            PoolConfig known = pool(before, pool.name());
            if (known != null && known.redis() != pool.redis()) {
                errors.add(new ConfigError(after.file(), 0, 0, pool.name() + ".redis", Boolean.toString(pool.redis()),
                    "a pool cannot change its protocol while it serves; give the pool another name, or restart"));
            }
        }
        if (!errors.isEmpty()) {
            throw new ConfigException(after.file(), errors);
        }
    }

    /** The changes, a line each; none if there is no difference. */
    public static List<String> lines(MillraceConfig before, MillraceConfig after) {
        List<String> lines = new ArrayList<>();
        addSettings("millrace.", before.engine(), after.engine(), lines);
        addSettings("millrace.", before.engine().histograms(), after.engine().histograms(), lines);
        addSettings("millrace.", before.engine().adminPort(), after.engine().adminPort(), lines);
        addSettings("millrace.limits.", before.engine().limits(), after.engine().limits(), lines);
        addSettings("millrace.capture.", before.engine().capture(), after.engine().capture(), lines);
        for (PoolConfig pool : after.pools()) {
            PoolConfig known = pool(before, pool.name());
            if (known == null) {
                lines.add("pool " + pool.name() + ": new, listens on " + pool.listen() + ", " + pool.servers().size()
                    + (pool.servers().size() == 1 ? " server" : " servers"));
            } else if (!known.equals(pool)) {
                addChanges(known, pool, lines);
            }
        }
        for (PoolConfig pool : before.pools()) {
            if (pool(after, pool.name()) == null) {
                lines.add("pool " + pool.name() + ": removed; its clients get the replies that are due, and are "
                    + "closed");
            }
        }
        return lines;
    }

    private static PoolConfig pool(MillraceConfig config, String name) {
        return config.pools().stream().filter(pool -> pool.name().equals(name)).findFirst().orElse(null);
    }

    private static void addChanges(PoolConfig before, PoolConfig after, List<String> lines) {
        String pool = "pool " + after.name() + ": ";
        addDirectives(pool, before, after, before.listen().equals(after.listen()), lines);
        addDirectives(pool, before.limits(), after.limits(), true, lines);
        for (ServerConfig server : after.servers()) {
            ServerConfig known = server(before, server.ringName());
            if (known == null) {
                lines.add(pool + "server " + server.ringName() + " is new, at " + server.address() + ", weight "
                    + server.weight());
            } else {
                if (!known.address().equals(server.address())) {
                    lines.add(pool + "server " + server.ringName() + " moves from " + known.address() + " to "
                        + server.address());
                }
                if (known.weight() != server.weight()) {
                    lines.add(pool + "server " + server.ringName() + " has weight " + server.weight() + ", had "
                        + known.weight());
                }
            }
        }
        for (ServerConfig server : before.servers()) {
            if (server(after, server.ringName()) == null) {
                lines.add(pool + "server " + server.ringName() + " is removed; its links are closed when what they "
                    + "were asked is answered");
            }
        }
        lines.add(pool + moved(before, after));
    }

    private static ServerConfig server(PoolConfig pool, String ringName) {
        return pool.servers().stream().filter(each -> each.ringName().equals(ringName)).findFirst().orElse(null);
    }

    /** Settings of the process. */
    private static void addSettings(String section, Record before, Record after, List<String> lines) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            String name = component.getName();
            Object was = value(component, before);
            Object is = value(component, after);
            if (!ELSEWHERE.contains(name) && !Objects.equals(was, is)) {
                lines.add((LIVE.contains(name) ? "" : RESTART) + section + directive(name) + (SECRETS.contains(name)
                    ? " changes" : " is " + setting(name, is) + ", was " + setting(name, was)));
            }
        }
    }

    private static String setting(String component, Object value) {
        if (value instanceof String text && text.isEmpty()) {
            return "none";
        }
        boolean auto = AUTO.contains(component) && value instanceof Number number && number.longValue() == 0;
        return auto ? "auto" : value == null ? "none" : String.valueOf(value);
    }

    private static void addDirectives(String pool, Record before, Record after, boolean bound, List<String> lines) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            String name = component.getName();
            Object was = value(component, before);
            Object is = value(component, after);
            if (!ELSEWHERE.contains(name) && !Objects.equals(was, is)) {
                lines.add(pool + (bound && BOUND.contains(name) ? RESTART : "") + directive(name)
                    + (SECRETS.contains(name) ? " changes" : " is " + is + ", was " + was)
                    + (name.equals("auth") ? "; clients that are connected stay as they are" : ""));
            }
        }
    }

    private static Object value(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The name in the file. */
    private static String directive(String component) {
        String snake = component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        return NAMES.getOrDefault(component, snake.endsWith("_ms") ? snake.substring(0, snake.length() - 3) : snake);
    }

    private static String moved(PoolConfig before, PoolConfig after) {
        if (Directives.DISTRIBUTIONS.getLast().equals(after.distribution())
            || Directives.DISTRIBUTIONS.getLast().equals(before.distribution())) {
            return "keys have no place of their own under the distribution random";
        }
        double share = movedShare(before, after);
        double percent = Math.round(share * 1000) / 10.0;
        return share == 0 ? "no key moves"
            : (percent == 0 ? "less than 0.1" : Double.toString(percent)) + " % of keys move to another server";
    }

    /** The share of keys whose server has another name on the ring. */
    static double movedShare(PoolConfig before, PoolConfig after) {
        PoolTopology from = PoolTopology.of(before);
        PoolTopology to = PoolTopology.of(after);
        Router fromRouter = from.newRouter(1);
        Router toRouter = to.newRouter(1);
        UnsafeBuffer key = new UnsafeBuffer(new byte[16]);
        int moved = 0;
        long seed = 1;
        for (int i = 0; i < KEYS; i++) {
            for (int at = 0; at < 16; at++) {
                seed = seed * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
                key.putByte(at, (byte) ('a' + ((seed >>> 40) & 15)));
            }
            String was = from.server(fromRouter.route(key, 0, 16)).ringName();
            moved += was.equals(to.server(toRouter.route(key, 0, 16)).ringName()) ? 0 : 1;
        }
        return (double) moved / KEYS;
    }
}
