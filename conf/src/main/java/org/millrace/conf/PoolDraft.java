package org.millrace.conf;

import java.util.ArrayList;
import java.util.List;

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
    int redisDb;
    boolean preconnect;
    boolean autoEjectHosts;
    int serverConnections;
    int serverRetryTimeoutMs;
    int serverFailureLimit;
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
            tcpKeepAlive, reusePort, redisAuth, redisDb, preconnect, autoEjectHosts, serverConnections,
            serverRetryTimeoutMs, Math.max(1, serverFailureLimit), servers, limits.build(0));
    }
}
