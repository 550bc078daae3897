package org.millrace.conf;

import static org.millrace.conf.NumberTypes.milliseconds;
import static org.millrace.conf.NumberTypes.whole;
import static org.millrace.conf.WordTypes.BOOL;
import static org.millrace.conf.WordTypes.HASH_TAG;
import static org.millrace.conf.WordTypes.TEXT;
import static org.millrace.conf.WordTypes.oneOf;

import java.util.ArrayList;
import java.util.List;

/** The directives of a pool: twemproxy's, then Millrace's own, which a plain nutcracker.yml does without. */
final class PoolDirectives {
    /** Every key below a pool's name. */
    static final DirectiveTable<PoolDraft> TABLE;

    private static final int MAX_INT = Integer.MAX_VALUE;
    private static final int MAX_CONNECTIONS = 65_535;

    static {
        final List<Directive<PoolDraft>> directives = new ArrayList<>(List.of(
            Directive.required("listen", AddressType.LISTEN, (pool, v) -> pool.listen = v),
            Directive.of("hash", oneOf(Directives.HASHES), "fnv1a_64", (pool, v) -> pool.hash = v),
            Directive.optional("hash_tag", HASH_TAG, "none", (pool, v) -> pool.hashTag = v),
            Directive.of("distribution", oneOf(Directives.DISTRIBUTIONS), "ketama", (pool, v) -> pool.distribution = v),
            Directive.of("timeout", milliseconds(0, MAX_INT), "0", (pool, v) -> pool.timeoutMs = v),
            Directive.of("backlog", whole(0, MAX_INT), "512", (pool, v) -> pool.backlog = v),
            Directive.of("client_connections", whole(0, MAX_INT), "0", (pool, v) -> pool.clientConnections = v),
            Directive.of("redis", BOOL, "false", (pool, v) -> pool.redis = v),
            Directive.of("tcpkeepalive", BOOL, "false", (pool, v) -> pool.tcpKeepAlive = v),
            Directive.of("reuseport", BOOL, "false", (pool, v) -> pool.reusePort = v),
            Directive.optional("redis_auth", SecretType.SECRET, "none", (pool, v) -> pool.redisAuth = v),
            Directive.of("redis_db", whole(0, MAX_INT), "0", (pool, v) -> pool.redisDb = v),
            Directive.of("preconnect", BOOL, "false", (pool, v) -> pool.preconnect = v),
            Directive.of("auto_eject_hosts", BOOL, "false", (pool, v) -> pool.autoEjectHosts = v),
            Directive.of("server_connections", whole(1, MAX_CONNECTIONS), "1", (pool, v) -> pool.serverConnections = v),
            Directive.of("server_retry_timeout", milliseconds(0, MAX_INT), "30000",
                (pool, v) -> pool.serverRetryTimeoutMs = v),
            Directive.of("server_failure_limit", whole(0, MAX_INT), "2", (pool, v) -> pool.serverFailureLimit = v),
            new Directive<>("servers", null, false, "a list, one '- " + ServerLine.SERVER.allowed() + "' a line",
                ServersReader::read)));
        directives.addAll(List.of(
            Directive.optional("redis_user", TEXT, "none", (pool, v) -> pool.redisUser = v),
            new Directive<>("server_auth", "redis_auth", false, ServerAuthReader.ALLOWED, ServerAuthReader::read),
            Directive.optional("server_connections_total", whole(1, MAX_CONNECTIONS), "none",
                (pool, v) -> pool.serverConnectionsTotal = v),
            Directive.of("client_idle_timeout", milliseconds(0, MAX_INT), "0", (pool, v) -> pool.clientIdleMs = v),
            Directive.of("eject", oneOf(Directives.EJECT_MODES), Directives.REHASH, (pool, v) -> pool.eject = v),
            Directive.of("admin_commands", oneOf(Directives.ADMIN_COMMANDS), Directives.ADMIN_NONE,
                (pool, v) -> pool.adminCommands = v),
            Directive.of("capture", BOOL, "false", (pool, v) -> pool.captured = v)));
        directives.addAll(PoolLimitDirectives.ofOnePool(pool -> pool.limits));
        TABLE = new DirectiveTable<>(directives)
            .hint(EngineDirectives.TABLE.names(), "under the top-level key millrace:")
            .hint(LimitDirectives.TABLE.names(), "under the top-level key millrace:, in its limits:")
            .hint(CaptureDirectives.TABLE.names(), "under the top-level key millrace:, in its capture:");
    }

    private PoolDirectives() {
    }
}
