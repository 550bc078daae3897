package org.millrace.routing;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.PoolConfig;
import org.millrace.routing.distribution.Distribution;
import org.millrace.routing.distribution.DistributionKind;
import org.millrace.routing.distribution.ServerNode;
import org.millrace.routing.hash.HashKind;

/** One pool of a {@link Topology}: its servers and who has which key. Immutable, so any thread may hold it. */
public final class PoolTopology {
    private final PoolConfig config;
    private final List<ServerNode> servers;
    private final HashKind hashKind;
    private final DistributionKind distributionKind;
    private final Distribution distribution;
    private final HashTag hashTag;

    private PoolTopology(PoolConfig config) {
        this.config = config;
        servers = ServerNode.listOf(config.servers());
        hashKind = HashKind.byName(config.hash());
        distributionKind = DistributionKind.byName(config.distribution());
        distribution = distributionKind.over(servers);
        hashTag = HashTag.of(config.hashTag());
    }

    /**
     * Builds the topology of a pool with all its servers live.
     *
     * @throws IllegalArgumentException if the configuration names an unknown hash or distribution, has no server, a
     *                                  hash tag that is not two bytes long, or weights whose sum is out of range
     */
    public static PoolTopology of(PoolConfig config) {
        return new PoolTopology(config);
    }

    /** What the operator wrote. */
    public PoolConfig config() {
        return config;
    }

    /** The pool's name. */
    public String name() {
        return config.name();
    }

    /** All servers in file order. */
    public List<ServerNode> servers() {
        return servers;
    }

    /** A server by its index in file order. */
    public ServerNode server(int index) {
        return servers.get(index);
    }

    /** How many servers the pool has. */
    public int serverCount() {
        return servers.size();
    }

    /** The hash that keys go through. */
    public HashKind hashKind() {
        return hashKind;
    }

    /** How hashes are spread. */
    public DistributionKind distributionKind() {
        return distributionKind;
    }

    /** Ring points or slots of a server, by its index in file order; a server with none gets no keys. */
    public long slotsOf(int server) {
        return distribution.slotsOf(server);
    }

    /** Makes a router for one thread; a random distribution starts at a random place. */
    public Router newRouter() {
        return newRouter(ThreadLocalRandom.current().nextLong());
    }

    /**
     * Makes a router for one thread.
     *
     * @param seed start of a random distribution's sequence, so that a run can be repeated
     */
    public Router newRouter(long seed) {
        return new Router(hashKind.newHash(), distribution.forRouter(seed), hashTag, servers.size());
    }

    /**
     * The server of one key, for tools: it makes a router for the call. Under the random distribution the answer says
     * nothing about where another request for the key will go.
     */
    public ServerNode serverOf(byte[] key) {
        return servers.get(newRouter().route(new UnsafeBuffer(key), 0, key.length));
    }
}
