package org.millrace.engine.sim;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToLongFunction;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.Health;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.ServerNames;
import org.millrace.engine.control.Snapshots;
import org.millrace.engine.control.Totals;
import org.millrace.engine.lane.Lane;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;
import org.millrace.io.sim.SimNetwork;
import org.millrace.routing.Topology;

/**
 * The part of the control thread that ejects servers and lets them come back, stepped by the simulation; checks that
 * none is ejected without a failure or comes back unasked or too soon, and knows whom the lane must not ask.
 */
final class SimHealth {
    private final Scenario scenario;
    private final SimNetwork network;
    private final Findings findings;
    private final RingHistory ring;
    private final boolean failFast;
    private final Lane lane;
    private final Random random;
    private final SimProbes probes;
    private final Snapshots snapshots;
    private final Health health;
    private final ArrayDeque<Runnable> failures = new ArrayDeque<>();
    private final Set<Integer> failed = new HashSet<>();
    private final Map<Integer, Out> out = new HashMap<>();
    private Snapshot seen;
    private IntToLongFunction probesOf = server -> 0;
    private int ejections;
    private int returns;

    /** A server that is ejected. */
    private static final class Out {
        private final int number;
        private final long sinceNs;
        private final long probes;
        /** When the lane has learned of it; negative before. */
        private long takenNs = -1;

        Out(int number, long sinceNs, long probes) {
            this.number = number;
            this.sinceNs = sinceNs;
            this.probes = probes;
        }
    }

    /**
     * All are well.
     *
     * @param topology of the lanes
     * @param lanes    the one under test first
     * @param ring     that must hold
     * @param failFast whether requests to who is ejected must fail
     */
    SimHealth(Scenario scenario, Topology topology, List<LaneHandle> lanes, SimNetwork network, Findings findings,
        RingHistory ring, boolean failFast) {
        this.scenario = scenario;
        this.network = network;
        this.findings = findings;
        this.ring = ring;
        this.failFast = failFast;
        lane = lanes.getFirst().lane();
        random = new Random(scenario.seed * 13 + 5);
        probes = new SimProbes(scenario, network);
        EventLog log = new EventLog(new PrintStream(OutputStream.nullOutputStream()), 0);
        snapshots = new Snapshots(topology, new ServerNames(topology,
            address -> Endpoint.tcp(address.host(), address.port()), log, 0));
        snapshots.start(lanes);
        health = new Health(snapshots, probes, log, () -> network.nowNs() / 1000, random::nextLong);
        health.start(new Totals(lanes)::goodReplies);
        seen = snapshots.current();
    }

    /** How many probes a server has answered well. */
    void probesOf(IntToLongFunction answered) {
        probesOf = answered;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    /** The lane tells a failure of a server. */
    void onFailure(int pool, int server, CloseCause cause) {
        failures.add(() -> {
            if (pool == 0) {
                // heard of now: what is told while a server is out may come to be heard when it is back
                failed.add(server);
            }
            health.onFailure(pool, server, cause, network.nowNs());
        });
    }

    void step() {
        probes.step(this::look);
        if (random.nextInt(4) != 0) {
            while (!failures.isEmpty()) {
                failures.poll().run();
                look();
            }
        }
        health.look(network.nowNs());
        look();
        snapshots.look();
        if (lane.hasTaken(seen)) {
            ring.taken();
            out.values().forEach(each -> each.takenNs = each.takenNs < 0 ? network.nowNs() : each.takenNs);
        }
        findings.check(probes.handlerFailures() == 0, "a probe has thrown");
    }

    /** After whatever may have changed the snapshot. */
    private void look() {
        if (seen == snapshots.current()) {
            return;
        }
        seen = snapshots.current();
        Set<Integer> now = seen.topology().pool(0).ejected();
        if (now.equals(out.keySet())) {
            return;
        }
        findings.event(now.hashCode());
        for (int server : now) {
            if (!out.containsKey(server)) {
                findings.check(failed.contains(server) && scenario.serversFail(), "server " + server
                    + " is ejected though it has not failed");
                out.put(server, new Out(++ejections, network.nowNs(), probesOf.applyAsLong(server)));
            }
        }
        for (int server : new ArrayList<>(out.keySet())) {
            if (!now.contains(server)) {
                returned(server, out.remove(server));
            }
        }
        String wrong = ring.change(now);
        if (wrong != null) {
            findings.wrong(wrong);
        }
    }

    private void returned(int server, Out was) {
        returns++;
        failed.remove(server);
        findings.check(probesOf.applyAsLong(server) > was.probes, "server " + server
            + " has come back though it has answered no probe");
        findings.check(network.nowNs() - was.sinceNs >= scenario.retryTimeoutMs * 1_000_000L, "server " + server
            + " has come back after " + (network.nowNs() - was.sinceNs) / 1_000_000 + " ms");
    }

    /**
     * Which ejection of a server it is that makes requests to it fail at once; 0 if they must not, or if the lane may
     * not have learned of it.
     */
    int refusal(int server) {
        Out known = failFast ? out.get(server) : null;
        return known == null || known.takenNs < 0 ? 0 : known.number;
    }

    /** Since when the lane must not ask this server; negative if it may. */
    long refusedSinceNs(int server) {
        return refusal(server) == 0 ? -1 : out.get(server).takenNs;
    }

    /** Everybody is back. */
    boolean isQuiet() {
        return out.isEmpty() && failures.isEmpty() && snapshots.isTaken();
    }

    @Override
    public String toString() {
        return "ejected " + out.keySet();
    }

    void addTo(Map<String, Integer> reached) {
        if (ejections > 0) {
            reached.merge(failFast ? "EJECTED, FAIL_FAST" : "EJECTED, REHASH", 1, Integer::sum);
        }
        if (returns > 0) {
            reached.merge("RETURNED", 1, Integer::sum);
        }
    }

    void close() {
        probes.close();
    }
}
