package org.millrace.conf;

import java.util.List;
import java.util.Map;
import org.millrace.conf.YamlNode.Entry;
import org.millrace.conf.YamlNode.Mapping;
import org.millrace.conf.YamlNode.Refused;
import org.millrace.conf.YamlNode.Scalar;

/** Reads one pool and checks how its directives fit together. */
final class PoolReader {
    private final PoolDraft pool;
    private final Findings findings;
    private Map<String, YamlNode> given = Map.of();

    private PoolReader(PoolDraft pool, Findings findings) {
        this.pool = pool;
        this.findings = findings;
    }

    /** The pool, to be used only if nothing was reported; null if there is nothing to read. */
    static PoolDraft read(Entry entry, LimitsConfig limits, Findings findings) {
        final String name = entry.key().text();
        if (name.isEmpty()) {
            findings.error(entry.key(), "", "a pool has no name; write one before the colon");
            return null;
        }
        if (!(entry.value() instanceof Mapping mapping)) {
            if (!(entry.value() instanceof Refused)) {
                findings.error(entry.key(), name, PoolDirectives.TABLE.names().contains(name)
                    ? "is a directive and belongs in a pool; indent it below the name of one"
                    : "a pool must be a mapping; write its directives, one 'key: value' a line, indented below it");
            }
            return null;
        }
        if (mapping.flow()) {
            findings.error(mapping, name, "the { } style is not allowed here; write one 'key: value' a line");
            return null;
        }
        final PoolReader reader = new PoolReader(new PoolDraft(entry.key(), limits), findings);
        reader.read(mapping);
        reader.checkClientBytes(limits.maxMessage(), limits.maxMemory());
        return reader.pool;
    }

    private void read(Mapping mapping) {
        final Mapping atName = new Mapping(mapping.entries(), false, pool.at.line(), pool.at.column());
        given = PoolDirectives.TABLE.read(atName, pool, pool.name, findings);
        pool.listenAt = given.get("listen") instanceof Scalar scalar ? scalar : null;
        pool.capturedAt = given.get("capture") instanceof Scalar scalar ? scalar : null;
        final YamlNode servers = given.get("servers");
        if (servers != null) {
            ServersReader.checkWeights(pool, servers, path("servers"), findings);
        }
        ServerAuthReader.checkNames(pool, path("server_auth"), findings);
        checkRedis();
        checkConnections();
        warnOfTimes();
        warnOfLoop();
    }

    private void checkClientBytes(long maxMessage, long maxMemory) {
        if (given.get("client_max_bytes") instanceof Scalar scalar && pool.limits.clientMaxBytes < maxMessage) {
            findings.refuse(scalar, path("client_max_bytes"), "is less than max_message",
                "allowed: at least " + maxMessage + ", or lower max_message");
        }
        if (given.get("client_max_bytes") instanceof Scalar scalar && maxMemory > 0
            && pool.limits.clientMaxBytes > maxMemory) {
            findings.refuse(scalar, path("client_max_bytes"), "is more than max_memory",
                "allowed: at most " + maxMemory + ", or raise max_memory");
        }
    }

    private void checkConnections() {
        if (given.get("server_connections_total") instanceof Scalar total && pool.serverConnectionsTotal > 0
            && pool.serverConnections > pool.serverConnectionsTotal) {
            findings.refuse(total, path("server_connections_total"), "is less than the server_connections of one lane",
                "allowed: at least " + pool.serverConnections + ", or lower server_connections");
        }
    }

    private void checkRedis() {
        final YamlNode auth = given.get("redis_auth");
        if (pool.redis || isNotABool(given.get("redis"))) {
            if (given.containsKey("redis_user") && auth == null) {
                findings.error(given.get("redis_user"), path("redis_user"), "is a name without a password; add "
                    + "redis_auth or remove it");
            }
            if (auth != null && pool.redisDb > 0) {
                findings.warn(given.get("redis_db"), path("redis_db"), "twemproxy selects before it logs in, which "
                    + "fails: with redis_auth its data is in database 0, and here it will be in database "
                    + pool.redisDb + "; remove redis_db to stay with the data there is");
            }
            if (Directives.ADMIN_ALL.equals(pool.adminCommands) && auth == null) {
                findings.warn(given.get("admin_commands"), path("admin_commands"), "whoever reaches this port can "
                    + "close clients and change limits; ask for a password with redis_auth");
            }
            return;
        }
        for (final String directive : List.of("redis_auth", "redis_user", "server_auth")) {
            if (given.containsKey(directive)) {
                findings.error(given.get(directive), path(directive),
                    "is only valid in a redis pool; add 'redis: true' or remove it");
            }
        }
        if (!Directives.ADMIN_NONE.equals(pool.adminCommands)) {
            findings.warn(given.get("admin_commands"), path("admin_commands"), "has no effect without 'redis: true'");
        }
        if (pool.redisDb > 0) {
            findings.warn(given.get("redis_db"), path("redis_db"), "has no effect without 'redis: true'");
        }
    }

    private void warnOfTimes() {
        if (pool.timeoutMs == 0 && (given.get("timeout") == null || isText("timeout"))) {
            findings.warn(given.getOrDefault("timeout", pool.at), path("timeout"), "there is no timeout: a request to "
                + "a server that does not answer waits for ever; set one in milliseconds, such as 'timeout: 1000'");
        }
        if (pool.clientConnections > 0) {
            findings.warn(given.get("client_connections"), path("client_connections"), "twemproxy ignores this; here "
                + "it holds: client number " + (pool.clientConnections + 1L) + " is turned away");
        }
        if (!pool.autoEjectHosts && !isNotABool(given.get("auto_eject_hosts"))) {
            warnIfGiven("server_retry_timeout", "has no effect without 'auto_eject_hosts: true'");
            warnIfGiven("server_failure_limit", "has no effect without 'auto_eject_hosts: true'");
            warnIfGiven("eject", "has no effect without 'auto_eject_hosts: true'");
        } else if (pool.serverFailureLimit == 0) {
            warnIfGiven("server_failure_limit", "0 means the same as 1: out after the first failure");
        }
    }

    private void warnOfLoop() {
        for (final ServerConfig server : pool.servers) {
            if (pool.listen != null && server.address().toString().equals(pool.listen.toString())) {
                findings.warn(given.get("servers"), path("servers"), "the pool is its own server: " + pool.listen
                    + " is where it listens; its requests would go round in circles");
            }
        }
    }

    private void warnIfGiven(String directive, String message) {
        if (given.containsKey(directive)) {
            findings.warn(given.get(directive), path(directive), message);
        }
    }

    private boolean isText(String directive) {
        return given.get(directive) instanceof Scalar scalar && NumberTypes.digits(scalar.text()) == 0;
    }

    /** A switch whose value was refused: nothing can be concluded from it. */
    private static boolean isNotABool(YamlNode value) {
        return value != null
            && !(value instanceof Scalar scalar && ("true".equals(scalar.text()) || "false".equals(scalar.text())));
    }

    private String path(String directive) {
        return pool.name + '.' + directive;
    }
}
