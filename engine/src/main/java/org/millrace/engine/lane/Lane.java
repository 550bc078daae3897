package org.millrace.engine.lane;

import org.millrace.codec.FrameLimits;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.filter.ControlQuestions;
import org.millrace.engine.filter.WallClock;
import org.millrace.engine.link.LinkEvents;
import org.millrace.engine.link.LinkTable;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.ring.Rings;
import org.millrace.engine.ring.StageFaults;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.Transport;

/**
 * One lane, assembled: rings, client half, server half. Has no thread; {@link FusedTurn} steps both halves, or one
 * {@link HalfTurn} each.
 */
public final class Lane {
    private final int number;
    private final Rings rings;
    private final ClientHalf client;
    private final ServerHalf server;
    private final long gatherNs;
    /** Has never been used; then it waits, whatever the strategy, until somebody wakes it. */
    private volatile boolean resting;

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
        gatherNs = setup.config().engine().moderationUs() * 1_000L;
        Snapshot snapshot = setup.snapshot();
        rings = new Rings(setup.config().engine().ringSlots());
        FrameLimits frameLimits = setup.frameLimits();
        ClientHalfState clientState = new ClientHalfState(number, clientTransport, rings,
            setup.config().engine().limits(), frameLimits, snapshot, Protocols::of, setup.accounts(), setup.faults(),
            setup.clientsMax(), setup.exchangesMax(), setup.newRecorder(), setup.newTrafficRecorder(),
            setup.newSlowRequests());
        ServerHalfState serverState = new ServerHalfState(serverTransport, rings, setup.config().engine().limits(),
            frameLimits, Protocols.ALL, setup.linkEvents(), setup.faults(), setup.newRecorder(), number,
            setup.neighbours());
        serverState.crossings().onUse(this::use);
        client = new ClientHalf(clientState, rings, clientState.faults(), Protocols.parsers(clientState),
            Protocols.filters(clientState, setup.outside()));
        LinkTable links = new LinkTable(serverState, LinkSetup::linkOptions,
            setup.config().engine().drainMs() * 1_000_000L,
            setup.outside().epochMicros() * 31 + number, snapshot);
        server = new ServerHalf(number, serverState, rings, serverState.faults(), client.filterSequence(), snapshot,
            Protocols.routes(serverState), links);
        client.join(rings, clientState.faults(), server.pairSequence(), server.sendSequence());
        server.join(client.clientSendSequence());
        clientState.life().watchMemory(serverTransport.arena());
        serverState.runner().watchMemory(clientTransport.arena());
        clientState.life().moves().stayFor(() -> serverState.counters().get(ServerHalfCounter.TOMBSTONES));
    }

    public int number() {
        return number;
    }

    /** Nobody needs this lane yet: it costs no CPU until it is used. Before its threads start. */
    public void rest() {
        resting = true;
    }

    /** A client comes, or another lane wants to borrow a link. Any thread of the lane's. */
    public void use() {
        if (resting) {
            resting = false;
        }
    }

    /** True until the lane is used for the first time. Any thread. */
    public boolean isResting() {
        return resting;
    }

    /** How long a poll may gather events. */
    long gatherNs() {
        return gatherNs;
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

    /**
     * Takes over another snapshot of pools and servers: the client half at once, the server half with the request that
     * is framed next. Clients of a pool that is gone get what they are waiting for, and are closed. Client half's
     * thread, between turns.
     */
    public void take(Snapshot snapshot) {
        client.state().take(snapshot);
        client.state().requests().topology(snapshot);
    }

    /** The pools and servers that clients see. Any thread. */
    public Snapshot snapshot() {
        return client.state().snapshot();
    }

    /** True once both halves have taken over this snapshot, or a later one. Any thread. */
    public boolean hasTaken(Snapshot snapshot) {
        return server.linkTable().version() >= snapshot.topology().version();
    }

    /** What a lane tells the rest of the process, see {@link LaneSetup}. */
    public interface Outside extends ControlQuestions, LinkEvents, StageFaults, WallClock {
    }
}
