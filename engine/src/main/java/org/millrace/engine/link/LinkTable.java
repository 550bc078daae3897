package org.millrace.engine.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.Endpoint;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Topology;
import org.millrace.routing.distribution.ServerNode;

/**
 * All links of a lane, as the snapshot of pools and servers wants them. A server that is in the next snapshot as it was
 * keeps its links. One whose address, or whatever else its links depend on, has changed gets new links under the same
 * counters, and those wait until the old ones have nothing left to do, so that no request overtakes another. Links that
 * are wanted no more send what they have taken, and are closed when it is answered, at the latest after drain_ms.
 *
 * <p>Server half's thread, but for what says otherwise.
 */
public final class LinkTable {
    private final ServerHalfState half;
    private final BiFunction<PoolConfig, ServerConfig, LinkOptions> options;
    private final long drainNs;
    private final long salt;
    private final Lending lending;
    private final ArrayList<ServerLinks> draining = new ArrayList<>();
    private volatile ServerLinks[][] links = new ServerLinks[0][];
    private volatile long version;

    /**
     * The links of a lane that begins.
     *
     * @param options what the links to a server shall be like
     * @param drainNs longest time for links that have left the snapshot
     * @param salt    differs from lane to lane and from proxy to proxy: what is jittered by it does not coincide
     */
    public LinkTable(ServerHalfState half, BiFunction<PoolConfig, ServerConfig, LinkOptions> options, long drainNs,
        long salt, Snapshot snapshot) {
        this.half = half;
        this.options = options;
        this.drainNs = drainNs;
        this.salt = salt;
        lending = new Lending(half, this);
        half.crossings().lender(lending::onBorrower, this::version);
        take(snapshot);
    }

    /** By the indexes of pools and servers; null where there is none. Any thread may look, and must not change it. */
    public ServerLinks[][] links() {
        return links;
    }

    /** The version of the topology that was taken last. Any thread. */
    public long version() {
        return version;
    }

    /** The links to a server; null if there are none. Any thread. */
    public ServerLinks links(int pool, int server) {
        return at(links, pool, server);
    }

    private static ServerLinks at(ServerLinks[][] table, int pool, int server) {
        ServerLinks[] servers = pool < table.length ? table[pool] : null;
        return servers != null && server < servers.length ? servers[server] : null;
    }

    /** Requests from here on go by this snapshot. */
    void take(Snapshot snapshot) {
        Topology topology = snapshot.topology();
        ServerLinks[][] next = new ServerLinks[topology.poolIndexes()][];
        for (PoolTopology pool : topology.pools()) {
            next[pool.index()] = new ServerLinks[pool.serverIndexes()];
            for (ServerNode server : pool.servers()) {
                ServerLinks taken = take(pool, server, snapshot.endpoint(pool.index(), server.index()),
                    topology.version());
                next[pool.index()][server.index()] = taken;
            }
        }
        for (int pool = 0; pool < links.length; pool++) {
            for (int server = 0; links[pool] != null && server < links[pool].length; server++) {
                ServerLinks before = links[pool][server];
                if (before != null && before != at(next, pool, server)) {
                    before.retire(half.runner().nowNs() + drainNs, topology.version());
                    draining.add(before);
                }
            }
        }
        links = next;
        topology.pools().forEach(this::refuse);
        version = topology.version();
        lending.taken();
    }

    /** Requests for servers that are ejected and keep their keys fail: those of links that drain, too. */
    private void refuse(PoolTopology pool) {
        for (ServerNode server : pool.servers()) {
            ServerLinks present = links[pool.index()][server.index()];
            boolean refusing = pool.isEjected(server.index()) && !pool.config().rehashesEjected();
            present.refuse(refusing);
            for (int i = 0; i < draining.size(); i++) {
                ServerLinks before = draining.get(i);
                if (before.poolName().equals(pool.name()) && before.name().equals(server.ringName())
                    && Objects.equals(before.endpoint(), present.endpoint())) {
                    before.refuse(refusing);
                }
            }
        }
    }

    private ServerLinks take(PoolTopology pool, ServerNode server, Endpoint endpoint, long taken) {
        ServerLinks before = at(links, pool.index(), server.index());
        boolean known = before != null && before.poolName().equals(pool.name())
            && before.name().equals(server.ringName());
        LinkOptions wanted = options.apply(pool.config(), server.config());
        if (known && before.options().equals(wanted) && Objects.equals(before.endpoint(), endpoint)) {
            return before;
        }
        ServerLinks made = new ServerLinks(half, pool, server, wanted, endpoint, salt, taken,
            known ? before : lastDraining(pool.name(), server.ringName()));
        if (version > 0 && pool.config().preconnect()) {
            made.open();
        }
        return made;
    }

    /** The links of a server that has gone and comes back; null if there are none. */
    private ServerLinks lastDraining(String pool, String server) {
        for (int i = draining.size() - 1; i >= 0; i--) {
            ServerLinks links = draining.get(i);
            if (links.poolName().equals(pool) && links.name().equals(server)) {
                return links;
            }
        }
        return null;
    }

    /** Opens the links of a pool, as far as they are not. */
    public void preconnect(int pool) {
        for (ServerLinks server : links[pool]) {
            if (server != null) {
                server.open();
            }
        }
    }

    /**
     * Lets all links look at the time.
     *
     * @return false if the reply ring may have been too full for all requests whose time is up
     */
    public boolean onTimer(long nowNs) {
        boolean done = true;
        ServerLinks[][] all = links;
        for (ServerLinks[] pool : all) {
            for (int i = 0; pool != null && i < pool.length; i++) {
                if (pool[i] != null) {
                    done &= pool[i].onTimer(nowNs);
                }
            }
        }
        for (int i = draining.size() - 1; i >= 0; i--) {
            if (draining.get(i).drain(nowNs)) {
                draining.remove(i);
            } else {
                done &= half.replies().hasRoom(LinkQueue.SLOTS);
            }
        }
        return done;
    }

    /** Sends the replies of other lanes' requests on their way: once a turn, after all stages. */
    public void flushLent() {
        lending.flush();
    }

    /** Gives the memory of all that is lent back, without events. When no lane has a thread any more. */
    public void closeLent() {
        lending.close();
    }

    List<ServerLinks> draining() {
        return draining;
    }

    /** Servers that have left the snapshot and whose links are not closed yet. */
    public int drainingCount() {
        return draining.size();
    }
}
