package org.millrace.perf.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The configuration of a pool, or of several, as a user would write it, for Millrace and for nutcracker. */
public final class ProxyYaml {
    private static final Set<String> SHARED = Set.of("hash", "distribution", "redis", "timeout", "preconnect",
        "backlog", "client_connections", "server_connections", "auto_eject_hosts", "server_retry_timeout",
        "server_failure_limit");

    private final Map<String, String> pool = new LinkedHashMap<>();
    private final Map<String, String> engine = new LinkedHashMap<>();
    private final Map<String, String> limits = new LinkedHashMap<>();
    private final List<String> others = new ArrayList<>();

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
        copy.others.addAll(others);
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

    /**
     * The pool of another configuration as one more in this one; no effect on nutcracker.
     *
     * @param name unlike that of any other; the first one is {@code alpha}
     */
    public ProxyYaml beside(String name, ProxyYaml other, int port, List<Integer> servers) {
        others.add(other.pool(name, port, servers, Set.copyOf(other.pool.keySet())).toString());
        return this;
    }

    /** Whether the pool's servers are Redis; memcached otherwise. */
    public boolean isRedis() {
        return Boolean.parseBoolean(pool.get("redis"));
    }

    /** All of it, for Millrace. */
    public String millrace(int port, List<Integer> servers) {
        StringBuilder yaml = pool("alpha", port, servers, Set.copyOf(pool.keySet()));
        others.forEach(yaml::append);
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
        return pool("alpha", port, servers, SHARED).toString();
    }

    private StringBuilder pool(String name, int port, List<Integer> servers, Set<String> directives) {
        StringBuilder yaml = new StringBuilder(name).append(":\n  listen: 127.0.0.1:").append(port).append('\n');
        pool.forEach((directive, value) -> {
            if (directives.contains(directive)) {
                line(yaml, "  ", directive, value);
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
