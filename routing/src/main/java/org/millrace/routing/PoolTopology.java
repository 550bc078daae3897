package org.millrace.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.PoolConfig;
import org.millrace.routing.distribution.Distribution;
import org.millrace.routing.distribution.DistributionKind;
import org.millrace.routing.distribution.ServerNode;
import org.millrace.routing.hash.HashKind;

/**
 * One pool of a {@link Topology}: its servers, which of them are ejected, and who has which key. Immutable, so any
 * thread may hold it.
 *
 * <p>Pools and servers are known by indexes that they keep from snapshot to snapshot, whatever comes and goes beside
 * them. At first these are the places in the file; later there may be gaps.
 */
public final class PoolTopology {
    private final int index;
    private final PoolConfig config;
    private final List<ServerNode> servers;
    private final ServerNode[] byIndex;
    private final Set<Integer> ejected;
    private final List<ServerNode> keyed;
    private final HashKind hashKind;
    private final DistributionKind distributionKind;
    private final Distribution distribution;
    private final HashTag hashTag;

    private PoolTopology(int index, PoolConfig config, List<ServerNode> servers, Set<Integer> ejected) {
        this.index = index;
        this.config = config;
        this.servers = List.copyOf(servers);
        this.ejected = Set.copyOf(ejected);
        byIndex = new ServerNode[servers.stream().mapToInt(ServerNode::index).max().orElse(-1) + 1];
        servers.forEach(server -> byIndex[server.index()] = server);
        hashKind = HashKind.byName(config.hash());
        distributionKind = DistributionKind.byName(config.distribution());
        // those that keep their keys though they are ejected stay on the ring
        keyed = config.rehashesEjected() ? this.servers.stream().filter(each -> !isEjected(each.index())).toList()
            : this.servers;
        distribution = keyed.isEmpty() && !servers.isEmpty() ? null : distributionKind.over(keyed);
        hashTag = HashTag.of(config.hashTag());
    }

    /**
     * Builds the topology of a pool with all its servers live, each known by its place in the file.
     *
     * @throws IllegalArgumentException if the configuration names an unknown hash or distribution, has no server, a
     *                                  hash tag that is not two bytes long, or weights whose sum is out of range
     */
    public static PoolTopology of(PoolConfig config) {
        return of(0, config);
    }

    /** The same for a pool with this index. */
    static PoolTopology of(int index, PoolConfig config) {
        return new PoolTopology(index, config, ServerNode.listOf(config.servers()), Set.of());
    }

    /** The same pool with these servers ejected, by index, and no others. */
    public PoolTopology withEjected(Set<Integer> servers) {
        return new PoolTopology(index, config, this.servers, servers);
    }

    /**
     * The pool as another configuration has it. A server is the same if its name on the ring is: it keeps its index,
     * and stays ejected unless its address is another. A new one takes the lowest index that no server has now.
     */
    PoolTopology with(PoolConfig next) {
        if (next.equals(config)) {
            return this;
        }
        List<ServerNode> nodes = new ArrayList<>();
        int free = 0;
        for (ServerNode fresh : ServerNode.listOf(next.servers())) {
            ServerNode known = serverNamed(fresh.ringName());
            int place;
            if (known != null) {
                place = known.index();
            } else {
                while (server(free) != null) {
                    free++;
                }
                place = free++;
            }
            nodes.add(new ServerNode(place, fresh.ringName(), fresh.config()));
        }
        List<Integer> out = !next.autoEjectHosts() ? List.of() : nodes.stream()
            .filter(node -> isEjected(node.index()) && server(node.index()).ringName().equals(node.ringName())
                && server(node.index()).config().address().equals(node.config().address()))
            .map(ServerNode::index).toList();
        return new PoolTopology(index, next, nodes, Set.copyOf(out));
    }

    /** The index of this pool, which it keeps. */
    public int index() {
        return index;
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

    /** A server by its index; null if none has it. */
    public ServerNode server(int index) {
        return index >= 0 && index < byIndex.length ? byIndex[index] : null;
    }

    /** A server by its name on the ring; null if there is none. */
    public ServerNode serverNamed(String ringName) {
        return servers.stream().filter(each -> each.ringName().equals(ringName)).findFirst().orElse(null);
    }

    /** How many servers the pool has. */
    public int serverCount() {
        return servers.size();
    }

    /** One more than the greatest index of a server. */
    public int serverIndexes() {
        return byIndex.length;
    }

    /** The servers that are ejected, by index. */
    public Set<Integer> ejected() {
        return ejected;
    }

    /** True if this server is ejected: its keys are others', or fail at once. */
    public boolean isEjected(int server) {
        return ejected.contains(server);
    }

    /** The hash that keys go through. */
    public HashKind hashKind() {
        return hashKind;
    }

    /** How hashes are spread. */
    public DistributionKind distributionKind() {
        return distributionKind;
    }

    /** Ring points or slots of a server, by its index; a server with none gets no keys. */
    public long slotsOf(int server) {
        return distribution == null ? 0 : distribution.slotsOf(server);
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
        return new Router(hashKind.newHash(), distribution == null ? null : distribution.forRouter(seed), hashTag,
            keyed.size() == 1 ? keyed.getFirst().index() : Router.SEVERAL,
            servers.stream().mapToInt(ServerNode::index).toArray());
    }

    /**
     * The server of one key, for tools: it makes a router for the call. Under the random distribution the answer says
     * nothing about where another request for the key will go. Null if all servers are ejected.
     */
    public ServerNode serverOf(byte[] key) {
        Router router = newRouter();
        return router.isEmpty() ? null : server(router.route(new UnsafeBuffer(key), 0, key.length));
    }
}
