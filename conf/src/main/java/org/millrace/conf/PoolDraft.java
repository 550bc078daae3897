package org.millrace.conf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pool while it is being read: one field for each directive. */
final class PoolDraft {
    final String name;
    final YamlNode.Scalar at;
    AddressConfig listen;
    /** Where the listen address stands; null if there is none. */
    YamlNode.Scalar listenAt;
    String hash;
    String hashTag;
    String distribution;
    int timeoutMs;
    int backlog;
    int clientConnections;
    boolean redis;
    boolean tcpKeepAlive;
    boolean reusePort;
    String redisAuth;
    String redisUser;
    /** By ring name: passwords, and where the names stand. */
    final Map<String, String> serverAuth = new LinkedHashMap<>();
    final Map<String, YamlNode.Scalar> serverAuthAt = new LinkedHashMap<>();
    int clientIdleMs;
    int redisDb;
    boolean preconnect;
    boolean autoEjectHosts;
    int serverConnections;
    /** 0 if there is no limit over all lanes. */
    int serverConnectionsTotal;
    int serverRetryTimeoutMs;
    int serverFailureLimit;
    String eject;
    String adminCommands;
    boolean captured;
    /** Where that stands; null if it does not. */
    YamlNode.Scalar capturedAt;
    List<ServerConfig> servers = new ArrayList<>();
    final PoolLimitsDraft limits;

    /** A pool with the name and place of its key. */
    PoolDraft(YamlNode.Scalar at, LimitsConfig limits) {
        this.name = at.text();
        this.at = at;
        this.limits = new PoolLimitsDraft().copy(limits.pool());
        PoolDirectives.TABLE.applyDefaults(this);
    }

    /** Begins with what another one has come to. */
    PoolDraft copy(PoolConfig pool) {
        listen = pool.listen();
        hash = pool.hash();
        hashTag = pool.hashTag();
        distribution = pool.distribution();
        timeoutMs = pool.timeoutMs();
        backlog = pool.backlog();
        clientConnections = pool.clientConnections();
        redis = pool.redis();
        tcpKeepAlive = pool.tcpKeepAlive();
        reusePort = pool.reusePort();
        redisAuth = pool.auth() == null ? null : pool.auth().password();
        redisUser = pool.auth() == null ? null : pool.auth().user();
        serverAuth.putAll(pool.serverAuth());
        clientIdleMs = pool.clientIdleMs();
        redisDb = pool.redisDb();
        preconnect = pool.preconnect();
        autoEjectHosts = pool.autoEjectHosts();
        serverConnections = pool.serverConnections();
        serverConnectionsTotal = pool.serverConnectionsTotal();
        serverRetryTimeoutMs = pool.serverRetryTimeoutMs();
        serverFailureLimit = pool.serverFailureLimit();
        eject = pool.eject();
        adminCommands = pool.adminCommands();
        captured = pool.captured();
        servers = new ArrayList<>(pool.servers());
        limits.copy(pool.limits());
        return this;
    }

    PoolConfig build() {
        return new PoolConfig(name, listen, hash, hashTag, distribution, timeoutMs, backlog, clientConnections, redis,
            tcpKeepAlive, reusePort, redisAuth == null ? null : new Credentials(redisUser, redisAuth), serverAuth,
            clientIdleMs, redisDb, preconnect, autoEjectHosts, serverConnections, serverConnectionsTotal,
            serverRetryTimeoutMs, Math.max(1, serverFailureLimit), eject, adminCommands,
            captured, servers, limits.build(0));
    }
}
