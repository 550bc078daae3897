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
    List<ServerConfig> servers) {

    public PoolConfig {
        servers = List.copyOf(servers);
    }
}
