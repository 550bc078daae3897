package org.millrace.engine.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.client.Client;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.lane.FusedTurn;
import org.millrace.engine.lane.HalfTurn;
import org.millrace.engine.lane.Lane;
import org.millrace.engine.lane.LaneCommands;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.engine.lane.Turn;
import org.millrace.engine.link.Link;
import org.millrace.engine.link.ServerLinks;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.ArenaConfig;
import org.millrace.io.CloseCause;
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

    private final SimNetwork network;
    private final Findings findings;
    private final PoolConfig pool;
    private final Lane lane;
    private final List<WatchedTransport> transports = new ArrayList<>();
    private final Turn[] turns;
    private final long[] sleepsUntilNs;
    private final boolean timersMatter;
    private final boolean shortOfMemory;
    private final int handshake;

    LaneUnderTest(Scenario scenario, SimNetwork network, Findings findings, boolean split) {
        this.network = network;
        this.findings = findings;
        MillraceConfig config = ConfigReader.read("simulation.yml", scenario.yaml());
        pool = config.pools().getFirst();
        timersMatter = scenario.serversFail() || scenario.outputLimit != null || scenario.poolLimit
            || scenario.halfSent > 0;
        shortOfMemory = scenario.shortOfMemory;
        handshake = (scenario.auth ? 1 : 0) + (scenario.db ? 1 : 0);
        for (int i = 0; i <= (split ? 1 : 0); i++) {
            SegmentArena arena = new SegmentArena(new ArenaConfig(scenario.memoryBytes, BLOCK_BYTES, true)
                .withReserve(scenario.memoryBytes / 4));
            transports.add(new WatchedTransport(new SimTransport(network, arena), findings));
        }
        WatchedTransport clients = transports.getFirst();
        WatchedTransport servers = transports.getLast();
        List<List<Endpoint>> endpoints = List.of(pool.servers().stream()
            .map(server -> Endpoint.tcp(server.address().host(), server.address().port())).toList());
        lane = new Lane(0, new LaneSetup(config, Topology.of(config, 1), endpoints, new Outside()), clients, servers);
        LaneCommands commands = new LaneCommands(clients);
        turns = split ? HalfTurn.pair(lane, clients, servers, commands, network::nowNs)
            : new Turn[] {new FusedTurn(lane, clients, commands, network::nowNs)};
        sleepsUntilNs = new long[turns.length];
        try {
            clients.listen(LISTEN, ListenOptions.defaults(), new Acceptor());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int turns() {
        return turns.length;
    }

    /** Runs one turn, unless it would still be waiting for I/O. */
    boolean run(int index) {
        WatchedTransport transport = transports.get(index);
        long nowNs = network.nowNs();
        boolean due = transport.sim().nextDueNs() <= nowNs || transport.sim().isWokenUp();
        boolean timedOut = sleepsUntilNs[index] != 0 && sleepsUntilNs[index] <= nowNs;
        if (!due && !timedOut && sleepsUntilNs[index] != 0) {
            return false;
        }
        int work = turns[index].run(true);
        if (work > 0 && !due && timedOut && !timersMatter) {
            findings.wrong("the lane has slept over work that was there");
        }
        sleepsUntilNs[index] = work == 0 && transport.waitNs() != 0 ? nowNs + transport.waitNs() : 0;
        if (work > 0 && turns.length == 2) {
            // what one half has passed on wakes the other
            sleepsUntilNs[1 - index] = 0;
        }
        if (turns.length == 1 && sleepsUntilNs[0] != 0) {
            findings.check(lane.rings().occupied() == 0, "the lane sleeps, but its rings are not empty");
        }
        findings.event(work);
        checkLimits();
        return true;
    }

    /** When a sleeping turn ends its wait. */
    long nextTimerNs() {
        long next = Long.MAX_VALUE;
        for (long untilNs : sleepsUntilNs) {
            next = Math.min(next, untilNs == 0 ? network.nowNs() : untilNs);
        }
        return next;
    }

    private void checkLimits() {
        int outstanding = 0;
        for (Client client : lane.client().state().life().clients()) {
            outstanding += client.outstanding();
            findings.check(client.outstanding() <= pool.limits().clientMaxQueue(),
                client.outstanding() + " requests of a client are outstanding");
        }
        findings.check(outstanding == lane.client().state().exchanges().inUse(),
            "clients have " + outstanding + " outstanding, exchanges: " + lane.client().state().exchanges().inUse());
        int entries = 0;
        for (ServerLinks server : lane.server().links()[0]) {
            for (Link link : server.links()) {
                findings.check(link.inFlightCount() <= pool.limits().serverMaxQueue() + handshake,
                    link.inFlightCount() + " requests are in flight on a link");
                entries += link.inFlightCount() + link.parkedCount();
            }
        }
        findings.check(entries == lane.server().state().entriesInUse(),
            "links have " + entries + " entries, in use: " + lane.server().state().entriesInUse());
        for (WatchedTransport transport : transports) {
            findings.check(transport.arena().bytesReserved() <= transport.arena().maxBytes(), "arena beyond its limit");
        }
    }

    boolean isIdle() {
        return lane.rings().occupied() == 0 && lane.client().state().exchanges().inUse() == 0
            && lane.server().state().entriesInUse() == 0;
    }

    String state() {
        return "exchanges " + lane.client().state().exchanges().inUse() + ", entries "
            + lane.server().state().entriesInUse() + ", messages " + lane.client().state().messages().inUse() + " and "
            + lane.server().state().messages().inUse() + ", ring slots " + lane.rings().occupied() + ", clients "
            + lane.client().state().life().clients().size() + ", not read " + count(ClientHalfCounter.NOT_READ)
            + ", reservations waiting " + count(ClientHalfCounter.NOT_READ_BY_RESERVATION) + ", set aside "
            + count(ClientHalfCounter.RESERVED_BYTES) + ", in use " + transports.stream()
                .map(each -> each.arena().bytesInUse() + " of " + each.arena().plainBytes()).toList();
    }

    String stats() {
        StringBuilder text = new StringBuilder();
        for (ClientHalfCounter counter : ClientHalfCounter.values()) {
            text.append(counter).append(' ').append(lane.client().state().counters().get(counter)).append(' ');
        }
        for (ServerHalfCounter counter : ServerHalfCounter.values()) {
            text.append(counter).append(' ').append(lane.server().state().counters().get(counter)).append(' ');
        }
        return text.toString();
    }

    /** At the end of a run: nothing may be left but connections. */
    void checkQuiet() {
        findings.check(isIdle() && lane.client().state().messages().inUse() == 0
            && lane.server().state().messages().inUse() == 0, "the lane is quiet but holds " + state());
    }

    /** At the end of a run: whoever was closed was closed for a reason, and for want of memory only if it is short. */
    void checkClosed(int clients) {
        long closed = count(ClientHalfCounter.CLOSED_IN_REPLY) + count(ClientHalfCounter.CLOSED_BY_HOLDING)
            + count(ClientHalfCounter.CLOSED_BY_OUTPUT_HARD) + count(ClientHalfCounter.CLOSED_BY_OUTPUT_SOFT)
            + count(ClientHalfCounter.CLOSED_BY_GATHER_TIMEOUT);
        findings.check(clients <= closed, clients + " clients were closed, reasons were counted for " + closed);
        long forMemory = count(ClientHalfCounter.NO_MEMORY) + count(ClientHalfCounter.CLOSED_BY_HOLDING)
            + count(ClientHalfCounter.REFUSED_BY_MEMORY);
        findings.check(forMemory == 0 || shortOfMemory, forMemory + " clients were closed though there was memory");
        findings.check(lane.client().state().account(0).bytes() == 0, "the pool's account is not empty: "
            + lane.client().state().account(0).bytes());
        findings.check(count(ClientHalfCounter.RESERVED_BYTES) == 0, "memory is still set aside");
    }

    private long count(ClientHalfCounter counter) {
        return lane.client().state().counters().get(counter);
    }

    boolean hasConnections() {
        return transports.stream().anyMatch(transport -> transport.sim().connections() > 0);
    }

    void close() {
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
                lane.client().state().life().accept(socket, 0);
            } catch (IOException e) {
                findings.wrong("the lane cannot accept", e);
            }
        }

        @Override
        public void onAcceptFailed(String reason) {
            findings.wrong("accept failed: " + reason);
        }
    }

    /** There is no process around the lane. */
    private final class Outside implements Lane.Outside {
        @Override
        public boolean info(int number, long exchangeId, String section) {
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
