package org.millrace.engine.lane;

import java.util.List;
import org.millrace.codec.FrameLimits;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.filter.ControlQuestions;
import org.millrace.engine.filter.WallClock;
import org.millrace.engine.link.LinkEvents;
import org.millrace.engine.link.LinkOptions;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.link.ServerLinks;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.Rings;
import org.millrace.engine.ring.StageFaults;
import org.millrace.io.Endpoint;
import org.millrace.io.Transport;
import org.millrace.routing.Router;

/**
 * One lane, assembled: rings, client half, server half. Has no thread; {@link FusedTurn} steps both halves, or one
 * {@link HalfTurn} each.
 */
public final class Lane {
    private final int number;
    private final Rings rings;
    private final ClientHalf client;
    private final ServerHalf server;

    /**
     * Assembles a lane.
     *
     * @param number          of the lane
     * @param setup           what all lanes have in common
     * @param clientTransport of the client half
     * @param serverTransport of the server half; the same one if both run on one thread
     */
    public Lane(int number, LaneSetup setup, Transport clientTransport, Transport serverTransport) {
        this.number = number;
        List<PoolConfig> pools = setup.config().pools();
        List<Protocol> protocols = Protocols.of(pools);
        rings = new Rings(setup.config().engine().ringSlots());
        FrameLimits frameLimits = setup.frameLimits();
        ClientHalfState clientState = new ClientHalfState(number, clientTransport, rings,
            setup.config().engine().limits(), frameLimits, pools, protocols, setup.accounts(), setup.faults(),
            setup.clientsMax(), setup.exchangesMax());
        ServerHalfState serverState = new ServerHalfState(serverTransport, rings, setup.config().engine().limits(),
            frameLimits, protocols, setup.linkEvents(), setup.faults());
        client = new ClientHalf(clientState, rings, clientState.faults(), Protocols.parsers(pools, clientState),
            Protocols.filters(pools, clientState, setup.outside()));
        Router[] routers = new Router[pools.size()];
        ServerLinks[][] links = new ServerLinks[pools.size()][];
        for (int pool = 0; pool < links.length; pool++) {
            routers[pool] = setup.topology().newRouter(pool);
            links[pool] = new ServerLinks[pools.get(pool).servers().size()];
            for (int i = 0; i < links[pool].length; i++) {
                Endpoint endpoint = setup.endpoints().get(pool).get(i);
                LinkOptions options = LinkSetup.linkOptions(protocols.get(pool), pools.get(pool),
                    pools.get(pool).servers().get(i));
                links[pool][i] = new ServerLinks(serverState, pool, i, options, endpoint);
            }
        }
        server = new ServerHalf(serverState, rings, serverState.faults(), client.filterSequence(), routers,
            Protocols.routes(pools, serverState), links);
        client.join(rings, clientState.faults(), server.pairSequence(), server.sendSequence());
        server.join(client.clientSendSequence());
        clientState.life().watchMemory(serverTransport.arena());
    }

    public int number() {
        return number;
    }

    public Rings rings() {
        return rings;
    }

    public ClientHalf client() {
        return client;
    }

    public ServerHalf server() {
        return server;
    }

    /** What a lane tells the rest of the process, see {@link LaneSetup}. */
    public interface Outside extends ControlQuestions, LinkEvents, StageFaults, WallClock {
    }
}
