package org.millrace.perf.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The configuration of one pool, as a user would write it, for Millrace and for nutcracker. */
public final class ProxyYaml {
    private static final Set<String> SHARED = Set.of("hash", "distribution", "redis", "timeout", "preconnect",
        "backlog", "client_connections", "server_connections", "auto_eject_hosts", "server_retry_timeout",
        "server_failure_limit");

    private final Map<String, String> pool = new LinkedHashMap<>();
    private final Map<String, String> engine = new LinkedHashMap<>();
    private final Map<String, String> limits = new LinkedHashMap<>();

    /** A pool of Redis servers with the usual hash and distribution. */
    public ProxyYaml() {
        pool("redis", "true").pool("hash", "fnv1a_64").pool("distribution", "ketama").pool("preconnect", "true");
    }

    /** A copy that can be changed without changing this one. */
    public ProxyYaml copy() {
        ProxyYaml copy = new ProxyYaml();
        copy.pool.putAll(pool);
        copy.engine.putAll(engine);
        copy.limits.putAll(limits);
        return copy;
    }

    /** A directive of the pool. */
    public ProxyYaml pool(String name, String value) {
        pool.put(name, value);
        return this;
    }

    /** A directive under {@code millrace}; no effect on nutcracker. */
    public ProxyYaml engine(String name, String value) {
        engine.put(name, value);
        return this;
    }

    /** A directive under {@code millrace: limits}; no effect on nutcracker. */
    public ProxyYaml limit(String name, String value) {
        limits.put(name, value);
        return this;
    }

    /** All of it, for Millrace. */
    public String millrace(int port, List<Integer> servers) {
        StringBuilder yaml = pool(port, servers, Set.copyOf(pool.keySet()));
        if (!engine.isEmpty() || !limits.isEmpty()) {
            yaml.append("millrace:\n");
            engine.forEach((name, value) -> line(yaml, "  ", name, value));
        }
        if (!limits.isEmpty()) {
            yaml.append("  limits:\n");
            limits.forEach((name, value) -> line(yaml, "    ", name, value));
        }
        return yaml.toString();
    }

    /** What nutcracker understands of it. */
    public String nutcracker(int port, List<Integer> servers) {
        return pool(port, servers, SHARED).toString();
    }

    private StringBuilder pool(int port, List<Integer> servers, Set<String> names) {
        StringBuilder yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:").append(port).append('\n');
        pool.forEach((name, value) -> {
            if (names.contains(name)) {
                line(yaml, "  ", name, value);
            }
        });
        yaml.append("  servers:\n");
        for (int i = 0; i < servers.size(); i++) {
            yaml.append("    - 127.0.0.1:").append(servers.get(i)).append(":1 s").append(i + 1).append('\n');
        }
        return yaml;
    }

    private static void line(StringBuilder yaml, String indent, String name, String value) {
        yaml.append(indent).append(name).append(": ").append(value).append('\n');
    }
}
