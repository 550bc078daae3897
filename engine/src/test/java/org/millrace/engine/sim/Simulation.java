package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.millrace.engine.client.ClosingAudit;
import org.millrace.io.ArenaConfig;
import org.millrace.io.SegmentArena;
import org.millrace.io.sim.SimFaults;
import org.millrace.io.sim.SimNetwork;
import org.millrace.io.sim.SimTransport;

/** One run: a lane, its clients, its servers and the network between them, all stepped by the seed. */
final class Simulation {
    private static final int STEPS_MAX = 400_000;
    private static final int FAULTY_STEPS_MAX = 20_000;
    /** Longer than all that a scenario's limits may take to act on who stands still. */
    private static final long STANDSTILL_NS = 1_300_000_000;
    private static final int QUIET_STEPS_MAX = 400_000;
    private static final long QUIET_NS_MAX = 120_000_000_000L;
    private static final long SETTLING_NS = 300_000_000;
    private static final int CONNECTIONS_MAX = 40;

    final Scenario scenario;
    final Findings findings = new Findings();
    final SimNetwork network;
    final SimTransport clientHost;
    final SimTransport serverHost;
    private final Random random;
    private final boolean split;
    private final LaneUnderTest lane;
    private final List<SimServer> servers = new ArrayList<>();
    private final SimClient[] clients;
    private int connections;
    private boolean faultless;
    /** When a client has got its last reply. */
    private long lastReplyNs;
    private int refusedAtOnce;

    Simulation(Scenario scenario, boolean split) {
        this(scenario, scenario, split);
    }

    /**
     * A run.
     *
     * @param checked whose limits must hold: those of the scenario, but in tests of the checks
     */
    Simulation(Scenario scenario, Scenario checked, boolean split) {
        this.scenario = scenario;
        this.split = split;
        random = new Random(scenario.seed);
        network = new SimNetwork(scenario.seed, scenario.network);
        network.windows(scenario.leastWindow, scenario.mostWindow);
        clientHost = new SimTransport(network, arena());
        serverHost = new SimTransport(network, arena());
        lane = new LaneUnderTest(scenario, checked, network, findings, split);
        for (int i = 0; i < scenario.servers; i++) {
            servers.add(new SimServer(this, i));
        }
        if (lane.health() != null) {
            lane.health().probesOf(server -> servers.get(server).probesAnswered());
        }
        clients = new SimClient[scenario.clients];
    }

    private static SegmentArena arena() {
        return new SegmentArena(ArenaConfig.ofMaxBytes(512L << 20));
    }

    /** Whether, and why, the lane has ended its connection to this peer; null if it has not. */
    ClosingAudit.Closing closing(String peer) {
        return lane.closing(peer);
    }

    /** Who has which key. */
    RingHistory ring() {
        return lane.ring();
    }

    /** Which ejection of a server makes requests to it fail at once; 0 if none does. */
    int refusal(int server) {
        return lane.health() == null ? 0 : lane.health().refusal(server);
    }

    /** A request has failed at once, as its server is ejected. */
    void refusedAtOnce() {
        refusedAtOnce++;
    }

    /** A client has sent a request. */
    void sent(int bytes) {
        lane.sent(bytes);
    }

    /** A client has sent a request that nobody is to answer. */
    void sentSilent() {
        lane.sentSilent();
    }

    /** A client has got a reply. */
    void replied() {
        lastReplyNs = network.nowNs();
    }

    boolean draw(Random actor, double probability) {
        return !faultless && probability > 0 && actor.nextDouble() < probability;
    }

    /** Runs to the end; returns the hash of all that has happened. */
    long run() {
        try {
            runWithFaults();
            endFaults();
            runUntilQuiet();
            closeAll();
        } catch (RuntimeException | Error e) {
            if (!(e instanceof AssertionError)) {
                findings.wrong("the run was broken off", e);
                throwIfWrong();
            }
            throw e;
        } finally {
            clientHost.close();
            serverHost.close();
        }
        return findings.hash();
    }

    /** Adds what the lane has gone through, to see that runs reach what they are for. */
    void addTo(Map<String, Integer> reached) {
        lane.addTo(reached);
        if (refusedAtOnce > 0) {
            reached.merge("REFUSED AT ONCE", 1, Integer::sum);
        }
    }

    private void runWithFaults() {
        for (int step = 0; step < STEPS_MAX && !allDone(); step++) {
            for (int i = 0; i < clients.length; i++) {
                if ((clients[i] == null || clients[i].isClosed()) && connections < CONNECTIONS_MAX
                    && random.nextInt(4) == 0) {
                    int number = connections++;
                    clients[i] = new SimClient(this, number, new Random(scenario.seed * 17 + number));
                }
            }
            step();
            if (step > FAULTY_STEPS_MAX || network.nowNs() - lastReplyNs > STANDSTILL_NS) {
                // some fault keeps the last clients from getting on
                return;
            }
        }
    }

    private boolean allDone() {
        for (SimClient client : clients) {
            if (client == null || !client.isDone() || client.isClosed() && connections < CONNECTIONS_MAX) {
                return false;
            }
        }
        return true;
    }

    private void step() {
        for (SimClient client : clients) {
            if (client != null) {
                client.step();
            }
        }
        clientHost.poll(0);
        for (int i = random.nextInt(3); i >= 0; i--) {
            lane.run(random.nextInt(lane.turns()));
        }
        serverHost.poll(0);
        servers.forEach(SimServer::step);
        for (int i = random.nextInt(3); i > 0; i--) {
            lane.run(random.nextInt(lane.turns()));
        }
        if (lane.health() != null) {
            lane.health().step();
        }
        network.advance(passingNs());
        findings.check(clientHost.handlerFailures() + serverHost.handlerFailures() == 0, "a simulated host has thrown");
        throwIfWrong();
    }

    /** Mostly the time passes in small steps; when nothing happens it leaps. */
    private long passingNs() {
        long nextNs = Math.min(network.nextDueNs(), lane.nextTimerNs()) - network.nowNs();
        if (nextNs <= 0 || random.nextInt(4) != 0) {
            return random.nextInt(20_000);
        }
        return Math.min(nextNs, 2_000_000);
    }

    private void endFaults() {
        faultless = true;
        SimFaults faults = scenario.network;
        network.faults(new SimFaults(faults.partialWrite(), faults.chunked(), faults.delayed(), 0, 0, 0,
            faults.deliverAfterPause(), faults.maxDelayNs(), 0));
        servers.forEach(SimServer::endFaults);
        for (SimClient client : clients) {
            if (client != null) {
                client.endFaults();
            }
        }
    }

    private void runUntilQuiet() {
        long untilNs = network.nowNs() + QUIET_NS_MAX;
        for (int step = 0; !isQuiet(); step++) {
            step();
            if (step > QUIET_STEPS_MAX || network.nowNs() > untilNs) {
                findings.wrong("not quiet after " + step + " steps and "
                    + (network.nowNs() - untilNs + QUIET_NS_MAX) / 1_000_000 + " ms: " + lane.state() + "; "
                    + (lane.health() == null ? "" : lane.health() + "; ")
                    + java.util.Arrays.stream(clients).filter(client -> client != null && !client.isDone()).toList());
                break;
            }
        }
        settle();
        lane.checkQuiet();
        throwIfWrong();
    }

    /** Lets everything that is under way arrive. */
    private void settle() {
        long untilNs = network.nowNs() + SETTLING_NS;
        while (network.nowNs() < untilNs) {
            step();
        }
        // halves of requests of clients that are gone can hold each other up, until gather_timeout ends it; and a
        // snapshot may have come just now
        long lastNs = network.nowNs() + STANDSTILL_NS;
        while (!lane.isQuiet() && network.nowNs() < lastNs) {
            step();
        }
    }

    private boolean isQuiet() {
        for (SimClient client : clients) {
            if (client != null && !client.isDone()) {
                return false;
            }
        }
        boolean allIn = lane.health() == null || lane.health().isQuiet();
        return allIn && lane.isIdle() && servers.stream().allMatch(SimServer::isQuiet);
    }

    private void closeAll() {
        for (SimClient client : clients) {
            if (client != null) {
                client.leave(scenario.shortOfMemory || random.nextBoolean());
            }
        }
        servers.forEach(SimServer::closeAll);
        for (int step = 0; lane.hasConnections() && step < QUIET_STEPS_MAX; step++) {
            step();
        }
        settle();
        findings.check(!lane.hasConnections(), "the lane keeps connections that their peers have closed");
        lane.checkQuiet();
        lane.checkClosed();
        lane.close();
        throwIfWrong();
    }

    private void throwIfWrong() {
        findings.throwIfAny("seed " + scenario.seed + (split ? ", split" : ", fused") + ", at "
            + network.nowNs() / 1000 + " us (again: -Dtest=SimulationTest#shouldAnswerEveryRequestInOrder"
            + (split ? "InTwoHalves" : "OnOneThread") + " -Dmillrace.sim.seed=" + scenario.seed + ")");
    }
}
