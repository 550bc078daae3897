package org.millrace.engine.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.client.Client;
import org.millrace.engine.client.ClientAudit;
import org.millrace.engine.client.ClosingAudit;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.filter.AdminQuestion;
import org.millrace.engine.lane.FusedTurn;
import org.millrace.engine.lane.HalfTurn;
import org.millrace.engine.lane.Lane;
import org.millrace.engine.lane.LaneCommands;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.engine.lane.Turn;
import org.millrace.engine.link.LinkAudit;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.ArenaConfig;
import org.millrace.io.CloseCause;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.SegmentArena;
import org.millrace.io.sim.SimNetwork;
import org.millrace.io.sim.SimTransport;
import org.millrace.routing.Topology;

/** A lane with its transports, stepped by the simulation; checks after each turn what must always hold. */
final class LaneUnderTest {
    static final Endpoint LISTEN = Endpoint.tcp("127.0.0.1", 22121);
    private static final int BLOCK_BYTES = 1 << 20;
    /** As much as AUTH and SELECT of a scenario take. */
    private static final int HANDSHAKE_BYTES = 64;

    private final SimNetwork network;
    private final Findings findings;
    private final PoolConfig pool;
    private final Lane lane;
    private final LaneCommands commands;
    /** Which clients leave when: a chance of its own, so that scenarios stay as they are. */
    private final Random moves;
    /** Whose links it borrows; null if it has its own. */
    private final NeighbourLane owner;
    private final SimSnapshots snapshots;
    private final RingHistory ring;
    /** Null if no server is ever ejected. */
    private final SimHealth health;
    private final List<WatchedTransport> transports = new ArrayList<>();
    private final Turn[] turns;
    private final long[] sleepsUntilNs;
    private final boolean timersMatter;
    private final boolean shortOfMemory;
    private final boolean serversFail;
    private final ClientAudit clientAudit;
    private final LinkAudit linkAudit;
    /** By handler: the connections of links that are not gone. */
    private final Map<ConnectionHandler, WatchedTransport.Watched> links = new HashMap<>();
    /** The longest request that a client has sent so far, as it goes to a server. */
    private int longestRequest;
    private int silentSent;

    /**
     * A lane as the scenario configures it.
     *
     * @param checked the limits that are to hold, which are those of the lane unless the checks themselves are tested
     */
    LaneUnderTest(Scenario scenario, Scenario checked, SimNetwork network, Findings findings, boolean split) {
        this.network = network;
        this.findings = findings;
        MillraceConfig config = ConfigReader.read("simulation.yml", scenario.yaml());
        MillraceConfig limits = checked == scenario ? config : ConfigReader.read("checked.yml", checked.yaml());
        pool = limits.pools().getFirst();
        // requests of clients that are gone are looked for by the time, too
        timersMatter = scenario.clientReset + scenario.quit + scenario.halfClose + scenario.broken > 0
            || scenario.serversFail() || scenario.limits.hasOutputLimit() || scenario.limits.poolLimit
            || scenario.halfSent > 0 || scenario.snapshots > 0;
        shortOfMemory = scenario.shortOfMemory;
        serversFail = scenario.serversFail();
        transports.addAll(newTransports(scenario, split, true));
        WatchedTransport clients = transports.getFirst();
        WatchedTransport servers = transports.getLast();
        Topology topology = Topology.of(config, 1);
        LaneSetup setup = new LaneSetup(config, topology, SimSnapshots.endpoints(topology), new Outside())
            .withLanes(scenario.borrows ? 2 : 1);
        owner = scenario.borrows ? new NeighbourLane(setup, newTransports(scenario, split, false), network, findings,
            pool.timeoutMs()) : null;
        lane = new Lane(scenario.borrows ? 1 : 0, setup, clients, servers);
        clientAudit = new ClientAudit(lane.client().state(), pool.limits(), limits.engine().limits(), servers.arena(),
            connection -> ((WatchedTransport.Watched) connection).isReadPaused(), findings::wrong);
        linkAudit = new LinkAudit(lane.server().state(), lane.server().linkTable(), pool.limits(),
            pool.timeoutMs(), findings::wrong);
        commands = new LaneCommands(clients);
        moves = new Random(scenario.seed * 31 + 7);
        ring = new RingHistory(Topology.of(limits, 1).pool(0));
        health = scenario.eject == null ? null : new SimHealth(scenario, topology, handles(commands), network, findings,
            ring, !pool.rehashesEjected());
        snapshots = new SimSnapshots(scenario, next -> handles(commands).forEach(each -> each.commands().offer(
            () -> each.lane().take(next))), topology, health == null ? null : health.snapshots());
        turns = split ? HalfTurn.pair(lane, clients, servers, commands, network::nowNs)
            : new Turn[] {new FusedTurn(lane, clients, commands, network::nowNs, network::nowNs)};
        sleepsUntilNs = new long[turns.length];
        try {
            clients.listen(LISTEN, ListenOptions.defaults(), new Acceptor());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<LaneHandle> handles(LaneCommands commands) {
        LaneHandle own = new LaneHandle(lane, commands, List.of(), List.of());
        return owner == null ? List.of(own)
            : List.of(own, new LaneHandle(owner.lane(), owner.commands(), List.of(), List.of()));
    }

    private List<WatchedTransport> newTransports(Scenario scenario, boolean split, boolean own) {
        List<WatchedTransport> made = new ArrayList<>();
        for (int i = 0; i <= (split ? 1 : 0); i++) {
            SegmentArena arena = new SegmentArena(new ArenaConfig(scenario.memoryBytes, BLOCK_BYTES, true)
                .withReserve(scenario.memoryBytes / 4));
            made.add(new WatchedTransport(new SimTransport(network, arena), findings, new Watch(own && i == 0)));
        }
        return made;
    }

    /** A client sends a request that goes to a server with so many bytes. */
    void sent(int bytes) {
        longestRequest = Math.max(longestRequest, bytes);
    }

    /** A client sends a request that nobody is to answer, and that may be lost without a word. */
    void sentSilent() {
        silentSent++;
    }

    /** Whether, and why, the lane has ended its connection to this peer; null if it has not. */
    ClosingAudit.Closing closing(String peer) {
        return clientAudit.closings().of(peer);
    }

    /** Who has which key. */
    RingHistory ring() {
        return ring;
    }

    /** Who is ejected; null if nobody ever is. */
    SimHealth health() {
        return health;
    }

    int turns() {
        return turns.length + (owner == null ? 0 : owner.turns());
    }

    /** Runs one turn, unless it would still be waiting for I/O. */
    boolean run(int index) {
        if (index >= turns.length) {
            boolean worked = owner.run(index - turns.length) > 0;
            if (worked) {
                Arrays.fill(sleepsUntilNs, 0);
            }
            return worked;
        }
        WatchedTransport transport = transports.get(index);
        long nowNs = network.nowNs();
        boolean due = transport.sim().nextDueNs() <= nowNs || transport.sim().isWokenUp();
        boolean timedOut = sleepsUntilNs[index] != 0 && sleepsUntilNs[index] <= nowNs;
        if (!due && !timedOut && sleepsUntilNs[index] != 0) {
            return false;
        }
        boolean held = linkAudit.isAnyHeld();
        if (index == 0) {
            snapshots.step();
            moveSome();
        }
        int work = turns[index].run(true);
        if (work > 0 && !due && timedOut && !timersMatter && !held) {
            findings.wrong("the lane has slept over work that was there");
        }
        sleepsUntilNs[index] = work == 0 && transport.waitNs() != 0 ? nowNs + transport.waitNs() : 0;
        if (work > 0 && owner != null) {
            owner.wake();
        }
        if (work > 0 && turns.length == 2) {
            // what one half has passed on wakes the other
            sleepsUntilNs[1 - index] = 0;
        }
        if (turns.length == 1 && sleepsUntilNs[0] != 0 && lane.rings().occupied() != 0) {
            findings.wrong("the lane sleeps, but its rings are not empty");
        }
        findings.event(work);
        if (index == 0) {
            clientAudit.atTurnEnd(nowNs);
            checkExchanges();
        }
        if (index == turns.length - 1) {
            linkAudit.atTurnEnd(nowNs);
            checkUnsent();
            // what another lane has got before it was told of the ejection may still go out
            if (health != null && owner == null) {
                checkEjected();
            }
        }
        SegmentArena arena = transport.arena();
        if (arena.bytesReserved() > arena.maxBytes()) {
            findings.wrong("the arena has taken " + arena.bytesReserved() + " bytes of " + arena.maxBytes());
        }
        return true;
    }

    /** Clients that pause leave and come back by the queue, as they would come to another lane; some find it full. */
    private void moveSome() {
        if (moves.nextInt(8) == 0) {
            lane.client().state().life().moves().begin(1 + moves.nextInt(3), traveller -> moves.nextInt(4) > 0
                && commands.offer(() -> lane.client().state().life().moves().arrive(traveller)));
        }
    }

    /** When a sleeping turn ends its wait. */
    long nextTimerNs() {
        long next = owner == null ? Long.MAX_VALUE : owner.nextTimerNs();
        for (long untilNs : sleepsUntilNs) {
            next = Math.min(next, untilNs == 0 ? network.nowNs() : untilNs);
        }
        return next;
    }

    private void checkExchanges() {
        int outstanding = 0;
        for (Client client : lane.client().state().life().clients()) {
            outstanding += client.outstanding();
        }
        if (outstanding != lane.client().state().exchanges().inUse()) {
            findings.wrong("clients have " + outstanding + " outstanding, exchanges: "
                + lane.client().state().exchanges().inUse());
        }
    }

    /** Below the send window one request more goes out, whatever its length; AUTH and SELECT come on top. */
    private void checkUnsent() {
        for (WatchedTransport.Watched link : links.values()) {
            long unsent = link.output().unsentBytes();
            if (unsent >= pool.limits().serverMaxUnsent() + longestRequest + HANDSHAKE_BYTES) {
                findings.wrong(unsent + " bytes are unsent on a link, the longest request has " + longestRequest);
            }
        }
    }

    /** To a server that is ejected and keeps its keys nothing is sent from when the lane has learned of it. */
    private void checkEjected() {
        for (WatchedTransport.Watched link : links.values()) {
            long sinceNs = health.refusedSinceNs(link.port() - Scenario.port(0));
            long sent = link.output().appendedPosition();
            if (sinceNs >= 0 && sent > Math.max(link.sentBefore(), HANDSHAKE_BYTES)) {
                findings.wrong("a server is asked for " + (sent - link.sentBefore()) + " bytes though it is ejected");
            }
            link.sentBefore(sent);
        }
    }

    boolean isIdle() {
        return lane.rings().occupied() == 0 && lane.client().state().exchanges().inUse() == 0
            && lane.server().state().entriesInUse() == 0 && (owner == null || owner.isIdle());
    }

    String state() {
        List<ClientHalfCounter> reasons = Arrays.stream(ClientHalfCounter.values())
            .filter(counter -> counter.name().startsWith("NOT_READ_BY") && count(counter) > 0).toList();
        return "exchanges " + lane.client().state().exchanges().inUse() + ", entries "
            + lane.server().state().entriesInUse() + ", messages " + lane.client().state().messages().inUse() + " and "
            + lane.server().state().messages().inUse() + ", ring slots " + lane.rings().occupied() + ", clients "
            + lane.client().state().life().clients().size() + ", not read " + count(ClientHalfCounter.NOT_READ) + ' '
            + reasons + ", set aside " + count(ClientHalfCounter.RESERVED_BYTES) + ", in use " + transports.stream()
                .map(each -> each.arena().bytesInUse() + " of " + each.arena().plainBytes()).toList()
            + (owner == null ? "" : ", " + owner);
    }

    /** Adds what the lane has counted: how many runs have reached what. */
    void addTo(Map<String, Integer> reached) {
        for (ClientHalfCounter counter : ClientHalfCounter.values()) {
            if (count(counter) > 0) {
                reached.merge(counter.toString(), 1, Integer::sum);
            }
        }
        if (health != null) {
            health.addTo(reached);
        }
        for (ServerHalfCounter counter : ServerHalfCounter.values()) {
            if (lane.server().state().counters().get(counter) > 0) {
                reached.merge("links: " + counter, 1, Integer::sum);
            }
        }
    }

    /** At the end of a run: nothing may be left but connections. */
    void checkQuiet() {
        findings.check(isQuiet(), "the lane is quiet but holds " + state());
    }

    boolean isQuiet() {
        return isIdle() && lane.client().state().messages().inUse() == 0
            && lane.server().state().messages().inUse() == 0 && (owner == null || owner.isQuiet());
    }

    /** At the end of a run: nobody was closed for want of memory unless it is short. */
    void checkClosed() {
        long forMemory = count(ClientHalfCounter.NO_MEMORY) + count(ClientHalfCounter.REFUSED_BY_MEMORY);
        findings.check(forMemory == 0 || shortOfMemory, forMemory + " clients were closed though there was memory");
        findings.check(lane.client().state().account(0).bytes() == 0, "the pool's account is not empty: "
            + lane.client().state().account(0).bytes());
        findings.check(count(ClientHalfCounter.RESERVED_BYTES) == 0, "memory is still set aside");
        long lost = lane.server().state().counters().get(ServerHalfCounter.SILENT_LOST);
        findings.check(lost <= (serversFail ? silentSent : 0), lost + " of " + silentSent
            + " requests without a reply are counted as lost");
    }

    private long count(ClientHalfCounter counter) {
        return lane.client().state().counters().get(counter);
    }

    boolean hasConnections() {
        return transports.stream().anyMatch(transport -> transport.sim().connections() > 0)
            || owner != null && (owner.hasConnections() || lane.server().state().crossings().borrowedCount() > 0);
    }

    void close() {
        if (health != null) {
            health.close();
        }
        if (owner != null) {
            owner.close();
        }
        for (WatchedTransport transport : transports) {
            transport.close();
            findings.check(transport.arena().segmentsInUse() == 0, transport.arena().segmentsInUse()
                + " segments are still out; " + state());
            if (transport.arena().segmentsInUse() == 0) {
                transport.arena().close();
            }
        }
    }

    /** New clients of the lane. */
    private final class Acceptor implements AcceptHandler {
        @Override
        public void onAccepted(AcceptedSocket socket) {
            try {
                boolean mustRefuse = clientAudit.mustRefuse();
                lane.client().state().life().accept(socket, 0);
                clientAudit.afterAccept(mustRefuse);
            } catch (IOException e) {
                findings.wrong("the lane cannot accept", e);
            }
        }

        @Override
        public void onAcceptFailed(String reason) {
            findings.wrong("accept failed: " + reason);
        }
    }

    /** Hands on what the lane does and is given. */
    private final class Watch implements WatchedTransport.Watch {
        private final boolean hasClients;

        Watch(boolean hasClients) {
            this.hasClients = hasClients;
        }

        @Override
        public void onPoll() {
            if (hasClients) {
                clientAudit.atPoll();
            }
        }

        @Override
        public void onConnect(WatchedTransport.Watched link) {
            links.put(link.handler(), link);
        }

        @Override
        public void beforeReceived(ConnectionHandler handler) {
            if (handler instanceof Client client) {
                clientAudit.beforeReceived(client);
            }
        }

        @Override
        public void afterReceived(ConnectionHandler handler) {
            if (handler instanceof Client client) {
                clientAudit.afterReceived(client);
            }
        }

        @Override
        public void onShutdown(ConnectionHandler handler) {
            if (handler instanceof Client client) {
                clientAudit.closings().ending(client);
            }
        }

        @Override
        public void onClose(ConnectionHandler handler, CloseCause cause) {
            if (handler instanceof Client client) {
                clientAudit.closings().closing(client, cause);
            }
        }
    }

    /** There is no process around the lane. */
    private final class Outside implements Lane.Outside {
        @Override
        public boolean administer(AdminQuestion question) {
            return false;
        }

        @Override
        public boolean info(int number, long exchangeId, String section) {
            return false;
        }

        @Override
        public boolean stats(int number, long exchangeId) {
            return false;
        }

        @Override
        public void onServerUp(int poolIndex, int server) {
            findings.event(server);
        }

        @Override
        public void onServerDown(int poolIndex, int server, CloseCause cause) {
            findings.event(cause.ordinal());
        }

        @Override
        public void onServerFailure(int poolIndex, int server, CloseCause cause) {
            if (health != null) {
                health.onFailure(poolIndex, server, cause);
            }
        }

        @Override
        public void onHandshakeRefused(int poolIndex, int server, String reply) {
            findings.event(reply.hashCode());
        }

        @Override
        public void onFault(String place, RuntimeException exception) {
            findings.wrong("fault in " + place, exception);
        }

        @Override
        public long epochMicros() {
            return network.nowNs() / 1000;
        }
    }
}
