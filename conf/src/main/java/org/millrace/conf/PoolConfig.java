package org.millrace.conf;

import java.util.List;
import java.util.Map;

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
 * @param auth                 what clients must say, and what is said to servers without their own; or null
 * @param serverAuth           passwords of servers that have their own, by ring name
 * @param clientIdleMs         a client with nothing outstanding is closed after so long without a byte; 0 = never
 * @param redisDb              database to select on the servers; 0 = do not send SELECT
 * @param preconnect           open the links at start
 * @param autoEjectHosts       take failing servers off the ring
 * @param serverConnections    links for each server (and lane), at least 1
 * @param serverConnectionsTotal most links to each server over all lanes, which share them where they are fewer than
 *                             lanes; 0 = no limit
 * @param serverRetryTimeoutMs how long an ejected server stays out
 * @param serverFailureLimit   failures in a row before a server is ejected
 * @param eject                what becomes of the keys of an ejected server, one of {@link Directives#EJECT_MODES}
 * @param adminCommands        which commands about the proxy its clients may give, one of
 *                             {@link Directives#ADMIN_COMMANDS}
 * @param captured             what its clients ask and get is written to files, see {@link CaptureConfig}
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
    Credentials auth,
    Map<String, String> serverAuth,
    int clientIdleMs,
    int redisDb,
    boolean preconnect,
    boolean autoEjectHosts,
    int serverConnections,
    int serverConnectionsTotal,
    int serverRetryTimeoutMs,
    int serverFailureLimit,
    String eject,
    String adminCommands,
    boolean captured,
    List<ServerConfig> servers,
    PoolLimits limits) {

    public PoolConfig {
        servers = List.copyOf(servers);
        serverAuth = Map.copyOf(serverAuth);
    }

    /** A pool with twemproxy's directives alone; Millrace's own take their defaults. */
    public PoolConfig(String name, AddressConfig listen, String hash, String hashTag, String distribution,
        int timeoutMs, int backlog, int clientConnections, boolean redis, boolean tcpKeepAlive, boolean reusePort,
        Credentials auth, int redisDb, boolean preconnect, boolean autoEjectHosts, int serverConnections,
        int serverRetryTimeoutMs, int serverFailureLimit, List<ServerConfig> servers) {
        this(name, listen, hash, hashTag, distribution, timeoutMs, backlog, clientConnections, redis, tcpKeepAlive,
            reusePort, auth, Map.of(), 0, redisDb, preconnect, autoEjectHosts, serverConnections, 0,
            serverRetryTimeoutMs, serverFailureLimit, Directives.REHASH, Directives.ADMIN_NONE, false,
            servers, PoolLimits.defaults());
    }

    /** The same pool, captured or not. */
    public PoolConfig withCaptured(boolean value) {
        return new PoolConfig(name, listen, hash, hashTag, distribution, timeoutMs, backlog, clientConnections, redis,
            tcpKeepAlive, reusePort, auth, serverAuth, clientIdleMs, redisDb, preconnect, autoEjectHosts,
            serverConnections, serverConnectionsTotal, serverRetryTimeoutMs, serverFailureLimit, eject, adminCommands,
            value, servers, limits);
    }

    /** True if the keys of an ejected server go to others; else they fail at once. */
    public boolean rehashesEjected() {
        return eject.equals(Directives.REHASH);
    }

    /**
     * Whether its clients may give administrative commands.
     *
     * @param changing those that change something, and do not only tell
     */
    public boolean allowsAdmin(boolean changing) {
        return changing ? adminCommands.equals(Directives.ADMIN_ALL) : !adminCommands.equals(Directives.ADMIN_NONE);
    }

    /** What is to be said to a server before all else, or null. */
    public Credentials authFor(ServerConfig server) {
        String own = serverAuth.get(server.ringName());
        return own == null ? auth : new Credentials(auth == null ? null : auth.user(), own);
    }

    /** Names the pool; leaves out the password, because this text ends up in logs. */
    @Override
    public String toString() {
        return "PoolConfig[name=" + name + ", listen=" + listen + ", servers=" + servers.size() + ']';
    }
}
