package org.millrace.engine.control;

import java.util.List;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.link.Link;
import org.millrace.engine.link.ServerLinks;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.MemoryBudget;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Topology;
import org.millrace.routing.distribution.ServerNode;

/** Counters summed over all lanes. */
public final class Totals {
    private final List<LaneHandle> lanes;
    private final Health health;
    private final LaneSpread spread;

    /** Of lanes whose servers are never ejected. */
    public Totals(List<LaneHandle> lanes) {
        this(lanes, null, LaneSpread.even(lanes));
    }

    /** Of lanes, of the health of their servers, and of how busy they are. */
    public Totals(List<LaneHandle> lanes, Health health, LaneSpread spread) {
        this.lanes = lanes;
        this.health = health;
        this.spread = spread;
    }

    /** The pools and servers to ask for, as clients see them by now. */
    public Topology topology() {
        return snapshot().topology();
    }

    /** The same, and where servers are. */
    public Snapshot snapshot() {
        return lanes.getFirst().lane().snapshot();
    }

    /** What is known of the health of a server; null if it has never failed. */
    ServerHealth health(PoolTopology pool, ServerNode server) {
        return health == null ? null : health.of(pool.name(), server.ringName());
    }

    /** How often a server was ejected. */
    public long ejections(PoolTopology pool, ServerNode server) {
        ServerHealth known = health(pool, server);
        return known == null ? 0 : known.ejections;
    }

    /** Why a server is ejected; empty if it is not. */
    public String whyEjected(PoolTopology pool, ServerNode server) {
        ServerHealth known = health(pool, server);
        return known == null || !pool.isEjected(server.index()) ? "" : known.why.strip();
    }

    /** A counter of a pool, whichever half writes it. */
    public long pool(int pool, PoolCounter counter) {
        long sum = counter == PoolCounter.CLIENT_CONNECTIONS
            ? lanes.getFirst().lane().client().state().travels().sum(pool, () -> sum(pool, counter))
            : sum(pool, counter);
        PoolTopology found = topology().pool(pool);
        return counter == PoolCounter.SERVER_EJECTS && health != null && found != null
            ? health.ejections(found.name()) : sum;
    }

    private long sum(int pool, PoolCounter counter) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            sum += lane.lane().client().state().poolCounters(pool).get(counter);
            sum += lane.lane().server().poolCounters(pool).get(counter);
        }
        return sum;
    }

    /** A counter of a server. */
    public long server(int pool, int server, ServerCounter counter) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            ServerLinks links = lane.lane().server().linkTable().links(pool, server);
            sum += links == null ? 0 : links.counters().get(counter);
        }
        return counter == ServerCounter.SERVER_EJECTED_AT ? ejectedAtMicros(pool, server) : sum;
    }

    private long ejectedAtMicros(int pool, int server) {
        PoolTopology found = topology().pool(pool);
        ServerNode node = found == null ? null : found.server(server);
        ServerHealth known = node == null ? null : health(found, node);
        return known == null ? 0 : known.ejectedAtMicros;
    }

    /** Replies of a server that show that it works. */
    public long goodReplies(int pool, int server) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            ServerLinks links = lane.lane().server().linkTable().links(pool, server);
            sum += links == null ? 0 : links.goodReplies();
        }
        return sum;
    }

    /** The links of a lane to a server. */
    public Link[] links(int lane, int pool, int server) {
        ServerLinks links = lanes.get(lane).lane().server().linkTable().links(pool, server);
        return links == null ? new Link[0] : links.links();
    }

    /** A counter of the client halves. */
    public long clients(ClientHalfCounter counter) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            sum += lane.lane().client().state().counters().get(counter);
        }
        return sum;
    }

    /** A counter of the server halves. */
    public long servers(ServerHalfCounter counter) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            sum += lane.lane().server().state().counters().get(counter);
        }
        return sum;
    }

    public long bytesInUse() {
        return lanes.stream().mapToLong(LaneHandle::bytesInUse).sum();
    }

    /** Memory held for the clients of a pool. */
    public long clientBytes(int pool) {
        return lanes.stream().mapToLong(lane -> lane.lane().client().state().account(pool).bytes()).sum();
    }

    /** The limit of all lanes' memory together. */
    public long maxBytes() {
        return lanes.stream().flatMap(lane -> lane.transports().stream()).map(each -> each.arena().allowance().budget())
            .distinct().mapToLong(MemoryBudget::totalBytes).sum();
    }

    public long bytesReserved() {
        return lanes.stream().mapToLong(LaneHandle::bytesReserved).sum();
    }

    /** How busy the lanes are. */
    public LaneSpread spread() {
        return spread;
    }

    public int lanes() {
        return lanes.size();
    }
}
