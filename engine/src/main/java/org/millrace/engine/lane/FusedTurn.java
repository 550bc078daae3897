package org.millrace.engine.lane;

import java.util.function.LongSupplier;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.latency.TurnLatency;
import org.millrace.io.Transport;

/** Both halves of a lane on one thread: stage after stage over the turn's batch. */
public final class FusedTurn implements Turn {
    private final Lane lane;
    private final ClientHalf client;
    private final ServerHalf server;
    private final Transport transport;
    private final LaneCommands commands;
    private final LongSupplier clock;
    private final IdleMemory memory;
    private final Moderation moderation;
    private final TurnLatency latency;

    /**
     * The duty cycle of a fused lane.
     *
     * @param transport the one of both halves
     * @param clock     nanoseconds, monotonic
     * @param cpuClock  CPU time of the thread that runs the turns, in nanoseconds
     */
    public FusedTurn(Lane lane, Transport transport, LaneCommands commands, LongSupplier clock,
        LongSupplier cpuClock) {
        this.lane = lane;
        this.client = lane.client();
        this.server = lane.server();
        this.transport = transport;
        this.commands = commands;
        this.clock = clock;
        this.memory = new IdleMemory(transport.arena());
        var counters = client.state().counters();
        this.moderation = new Moderation(lane.gatherNs(), () -> counters.get(ClientHalfCounter.REQUESTS), cpuClock,
            counters);
        latency = client.state().recorder().turns("lane-" + lane.number());
        client.state().time().by(clock);
        commands.serve(lane.client().state().faults());
    }

    @Override
    public int run(boolean mayWait) {
        long beginNs = clock.getAsLong();
        latency.begin(beginNs);
        int work = commands.run() + client.begin(beginNs) + server.begin(beginNs);
        // work done so far may have appended replies, which leave at the end of the turn
        boolean waits = (mayWait || lane.isResting()) && work == 0 && !mustNotWait();
        work += waits ? transport.poll(PollWait.ns(lane, isBusy()), moderation.gatherNs()) : transport.poll(0);
        long nowNs = clock.getAsLong();
        latency.waited(nowNs);
        // Where no poll can gather a trial would compare noise with noise.
        if (mayWait && transport.canGather()) {
            moderation.turn(nowNs);
        }
        work += client.process(nowNs);
        work += server.process(nowNs);
        work += client.deliver(nowNs);
        memory.look(nowNs);
        latency.end(work);
        return work;
    }

    private boolean mustNotWait() {
        return server.mustNotWait() || client.hasWork() || client.hasSlots() || !commands.isEmpty();
    }

    private boolean isBusy() {
        return server.state().entriesInUse() > 0 || client.state().life().waitsForMemory();
    }
}
