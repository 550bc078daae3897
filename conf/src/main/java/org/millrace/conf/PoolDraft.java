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

    PoolConfig build() {
        return new PoolConfig(name, listen, hash, hashTag, distribution, timeoutMs, backlog, clientConnections, redis,
            tcpKeepAlive, reusePort, redisAuth == null ? null : new Credentials(redisUser, redisAuth), serverAuth,
            clientIdleMs, redisDb, preconnect, autoEjectHosts, serverConnections, serverConnectionsTotal,
            serverRetryTimeoutMs, Math.max(1, serverFailureLimit), eject, captured, servers,
            limits.build(0));
    }
}
