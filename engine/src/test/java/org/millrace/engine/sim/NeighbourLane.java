package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.millrace.engine.lane.FusedTurn;
import org.millrace.engine.lane.HalfTurn;
import org.millrace.engine.lane.Lane;
import org.millrace.engine.lane.LaneCommands;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.engine.lane.Turn;
import org.millrace.engine.link.LinkAudit;
import org.millrace.io.SegmentArena;
import org.millrace.io.sim.SimNetwork;

/** A lane without clients that owns the links which the lane under test borrows. */
final class NeighbourLane {
    private final SimNetwork network;
    private final Findings findings;
    private final List<WatchedTransport> transports;
    private final Lane lane;
    private final LaneCommands commands;
    private final Turn[] turns;
    private final long[] sleepsUntilNs;
    private final LinkAudit audit;

    /** Of a process of two lanes. */
    NeighbourLane(LaneSetup setup, List<WatchedTransport> transports, SimNetwork network, Findings findings,
        int timeoutMs) {
        this.network = network;
        this.findings = findings;
        this.transports = new ArrayList<>(transports);
        WatchedTransport clients = transports.getFirst();
        WatchedTransport servers = transports.getLast();
        lane = new Lane(0, setup, clients, servers);
        commands = new LaneCommands(clients);
        turns = transports.size() == 2 ? HalfTurn.pair(lane, clients, servers, commands, network::nowNs)
            : new Turn[] {new FusedTurn(lane, clients, commands, network::nowNs, network::nowNs)};
        sleepsUntilNs = new long[turns.length];
        audit = new LinkAudit(lane.server().state(), lane.server().linkTable(),
            setup.config().pools().getFirst().limits(), timeoutMs, findings::wrong);
    }

    Lane lane() {
        return lane;
    }

    LaneCommands commands() {
        return commands;
    }

    int turns() {
        return turns.length;
    }

    /** Another lane has done something: a turn that looked before it waits no longer, as the real one would not. */
    void wake() {
        Arrays.fill(sleepsUntilNs, 0);
    }

    /** Runs one turn, unless it would still be waiting; returns the work done. */
    int run(int index) {
        WatchedTransport transport = transports.get(index);
        long nowNs = network.nowNs();
        boolean due = transport.sim().nextDueNs() <= nowNs || transport.sim().isWokenUp();
        if (!due && sleepsUntilNs[index] > nowNs) {
            return 0;
        }
        int work = turns[index].run(true);
        sleepsUntilNs[index] = work == 0 && transport.waitNs() != 0 ? nowNs + transport.waitNs() : 0;
        if (work > 0 && turns.length == 2) {
            sleepsUntilNs[1 - index] = 0;
        }
        findings.event(work);
        if (index == turns.length - 1) {
            audit.atTurnEnd(nowNs);
        }
        return work;
    }

    /** When a sleeping turn ends its wait. */
    long nextTimerNs() {
        long next = Long.MAX_VALUE;
        for (long untilNs : sleepsUntilNs) {
            next = Math.min(next, untilNs == 0 ? network.nowNs() : untilNs);
        }
        return next;
    }

    boolean isIdle() {
        return lane.rings().occupied() == 0 && lane.server().state().entriesInUse() == 0;
    }

    boolean isQuiet() {
        return isIdle() && lane.server().state().messages().inUse() == 0;
    }

    boolean hasConnections() {
        return transports.stream().anyMatch(transport -> transport.sim().connections() > 0);
    }

    @Override
    public String toString() {
        return "of the owner: entries " + lane.server().state().entriesInUse() + ", messages "
            + lane.server().state().messages().inUse() + ", slots " + lane.rings().occupied() + ", in use "
            + transports.stream().map(each -> each.arena().bytesInUse()).toList();
    }

    void close() {
        for (WatchedTransport transport : transports) {
            transport.close();
            SegmentArena arena = transport.arena();
            findings.check(arena.segmentsInUse() == 0, arena.segmentsInUse() + " segments of the owner are still out");
            if (arena.segmentsInUse() == 0) {
                arena.close();
            }
        }
    }
}
