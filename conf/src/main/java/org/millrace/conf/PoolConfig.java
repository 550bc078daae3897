package org.millrace.conf;

import java.util.List;

/**
 * One pool as the operator wrote it, defaults filled in. Times are milliseconds as in twemproxy's file.
 *
 * @param name                 pool name
 * @param listen               where clients connect
 * @param hash                 name of the key hash, one of {@link Directives#HASHES}
 * @param hashTag              two characters, or null
 * @param distribution         name of the distribution, one of {@link Directives#DISTRIBUTIONS}
 * @param timeoutMs            limit for one request from the moment it is queued for its server; 0 = none
 * @param backlog              listen backlog
 * @param clientConnections    most clients at a time; 0 = no limit
 * @param redis                true: RESP, false: memcached ASCII
 * @param tcpKeepAlive         SO_KEEPALIVE on client sockets
 * @param reusePort            SO_REUSEPORT on the listening socket
 * @param redisAuth            password, or null
 * @param redisDb              database to select on the servers; 0 = do not send SELECT
 * @param preconnect           open the links at start
 * @param autoEjectHosts       take failing servers off the ring
 * @param serverConnections    links for each server (and lane), at least 1
 * @param serverRetryTimeoutMs how long an ejected server stays out
 * @param serverFailureLimit   failures in a row before a server is ejected
 * @param servers              in file order, at least one
 * @param limits               Millrace's own: what this pool's clients and links may hold
 */
public record PoolConfig(
    String name,
    AddressConfig listen,
    String hash,
    String hashTag,
    String distribution,
    int timeoutMs,
    int backlog,
    int clientConnections,
    boolean redis,
    boolean tcpKeepAlive,
    boolean reusePort,
    String redisAuth,
    int redisDb,
    boolean preconnect,
    boolean autoEjectHosts,
    int serverConnections,
    int serverRetryTimeoutMs,
    int serverFailureLimit,
    List<ServerConfig> servers,
    PoolLimits limits) {

    public PoolConfig {
        servers = List.copyOf(servers);
    }

    /** A pool with twemproxy's directives alone; Millrace's own take their defaults. */
    public PoolConfig(String name, AddressConfig listen, String hash, String hashTag, String distribution,
        int timeoutMs, int backlog, int clientConnections, boolean redis, boolean tcpKeepAlive, boolean reusePort,
        String redisAuth, int redisDb, boolean preconnect, boolean autoEjectHosts, int serverConnections,
        int serverRetryTimeoutMs, int serverFailureLimit, List<ServerConfig> servers) {
        this(name, listen, hash, hashTag, distribution, timeoutMs, backlog, clientConnections, redis, tcpKeepAlive,
            reusePort, redisAuth, redisDb, preconnect, autoEjectHosts, serverConnections, serverRetryTimeoutMs,
            serverFailureLimit, servers, PoolLimits.defaults());
    }

    /** Names the pool; leaves out the password, because this text ends up in logs. */
    @Override
    public String toString() {
        return "PoolConfig[name=" + name + ", listen=" + listen + ", servers=" + servers.size() + ']';
    }
}
