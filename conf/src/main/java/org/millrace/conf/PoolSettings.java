package org.millrace.conf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.conf.YamlNode.Scalar;

/** The directives of a pool as an administrator sees and changes them while it serves. Passwords are none of these. */
public final class PoolSettings {
    /** What can be changed in a pool that serves: it takes effect at once, moves no key and ends no client. */
    public static final Set<String> CHANGEABLE = Set.of("timeout", "client_connections", "client_idle_timeout",
        "auto_eject_hosts", "server_retry_timeout", "server_failure_limit", "eject", "client_max_queue",
        "client_max_bytes", "client_max_output", "client_max_expected", "client_output_limit", "pool_max_bytes",
        "server_max_queue", "server_max_unsent", "queue_timeout");

    private PoolSettings() {
    }

    /** All directives but passwords and servers, with their values as they could stand in the file. */
    public static Map<String, String> of(PoolConfig pool) {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("listen", pool.listen());
        values.put("hash", pool.hash());
        values.put("hash_tag", pool.hashTag() == null ? "" : pool.hashTag());
        values.put("distribution", pool.distribution());
        values.put("timeout", pool.timeoutMs());
        values.put("backlog", pool.backlog());
        values.put("client_connections", pool.clientConnections());
        values.put("redis", pool.redis());
        values.put("tcpkeepalive", pool.tcpKeepAlive());
        values.put("reuseport", pool.reusePort());
        values.put("redis_db", pool.redisDb());
        values.put("preconnect", pool.preconnect());
        values.put("auto_eject_hosts", pool.autoEjectHosts());
        values.put("server_connections", pool.serverConnections());
        values.put("server_connections_total", pool.serverConnectionsTotal());
        values.put("server_retry_timeout", pool.serverRetryTimeoutMs());
        values.put("server_failure_limit", pool.serverFailureLimit());
        values.put("client_idle_timeout", pool.clientIdleMs());
        values.put("eject", pool.eject());
        values.put("admin_commands", pool.adminCommands());
        values.put("capture", pool.captured());
        final PoolLimits limits = pool.limits();
        values.put("client_max_queue", limits.clientMaxQueue());
        values.put("client_max_bytes", limits.clientMaxBytes());
        values.put("client_max_output", limits.clientMaxOutput());
        values.put("client_max_expected", limits.clientMaxExpected());
        values.put("client_output_limit", limits.clientOutputLimit().hardBytes() + " "
            + limits.clientOutputLimit().softBytes() + " " + limits.clientOutputLimit().softSeconds());
        values.put("pool_max_bytes", limits.poolMaxBytes() == 0 ? "auto" : limits.poolMaxBytes());
        values.put("server_max_queue", limits.serverMaxQueue());
        values.put("server_max_unsent", limits.serverMaxUnsent());
        values.put("queue_timeout", limits.queueTimeoutMs());
        final Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }

    /** Whether a pool has a directive of this name. */
    public static boolean isKnown(String name) {
        return PoolDirectives.TABLE.names().contains(name);
    }

    /**
     * The configuration with some directives of one pool changed, each checked as when it stands in the file.
     *
     * @param changes values by directive, of {@link #CHANGEABLE}
     * @throws ConfigException if a value is refused, or the pool is not there
     */
    public static MillraceConfig with(MillraceConfig config, String pool, Map<String, String> changes) {
        final Findings findings = new Findings(config.file());
        final List<PoolConfig> pools = new ArrayList<>();
        boolean found = false;
        for (final PoolConfig each : config.pools()) {
            found |= each.name().equals(pool);
            pools.add(each.name().equals(pool) ? change(each, changes, config.engine().limits(), findings) : each);
        }
        if (!found) {
            findings.error(0, 0, pool, null, "the pool is gone");
        }
        if (!findings.isClean()) {
            throw findings.exception();
        }
        return new MillraceConfig(config.file(), config.engine(), pools);
    }

    private static PoolConfig change(PoolConfig pool, Map<String, String> changes, LimitsConfig limits,
        Findings findings) {
        final PoolDraft draft = new PoolDraft(new Scalar(pool.name(), 0, 0), limits).copy(pool);
        for (final Directive<PoolDraft> directive : PoolDirectives.TABLE.directives()) {
            final String value = changes.get(directive.name());
            if (value != null && CHANGEABLE.contains(directive.name())) {
                directive.reader().read(draft, new Scalar(value, 0, 0), pool.name() + '.' + directive.name(), findings);
            }
        }
        if (changes.containsKey("client_max_bytes") && findings.isClean()) {
            final long bytes = draft.limits.clientMaxBytes;
            if (bytes < limits.maxMessage()) {
                findings.error(0, 0, pool.name() + ".client_max_bytes", Long.toString(bytes),
                    "is less than max_message; allowed: at least " + limits.maxMessage());
            }
            if (limits.maxMemory() > 0 && bytes > limits.maxMemory()) {
                findings.error(0, 0, pool.name() + ".client_max_bytes", Long.toString(bytes),
                    "is more than max_memory; allowed: at most " + limits.maxMemory());
            }
        }
        return findings.isClean() ? draft.build() : pool;
    }
}
