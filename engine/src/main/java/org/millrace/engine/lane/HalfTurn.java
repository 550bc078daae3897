package org.millrace.engine.lane;

import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;
import org.millrace.engine.latency.TurnLatency;
import org.millrace.io.Transport;

/**
 * One half of a lane on a thread of its own. The halves meet in the rings alone; a half that waits for I/O is woken by
 * the other when that has passed slots on.
 */
public final class HalfTurn implements Turn {
    private final Lane lane;
    private final Transport transport;
    private final LongSupplier clock;
    private final IdleMemory memory;
    private final IntSupplier commands;
    private final LongToIntFunction begin;
    private final LongToIntFunction process;
    private final BooleanSupplier mustNotWait;
    private final BooleanSupplier busy;
    private final TurnLatency latency;
    private HalfTurn other;
    private volatile boolean waiting;

    private HalfTurn(Lane lane, Transport transport, LongSupplier clock, IntSupplier commands, LongToIntFunction begin,
        LongToIntFunction process, BooleanSupplier mustNotWait, BooleanSupplier busy, TurnLatency latency) {
        this.latency = latency;
        this.lane = lane;
        this.transport = transport;
        this.clock = clock;
        this.memory = new IdleMemory(transport.arena());
        this.commands = commands;
        this.begin = begin;
        this.process = process;
        this.mustNotWait = mustNotWait;
        this.busy = busy;
    }

    /** Both halves' turns, client half first. */
    public static HalfTurn[] pair(Lane lane, Transport clientTransport, Transport serverTransport,
        LaneCommands commands, LongSupplier clock) {
        ClientHalf client = lane.client();
        ServerHalf server = lane.server();
        client.state().time().by(clock);
        commands.serve(client.state().faults());
        HalfTurn clientTurn = new HalfTurn(lane, clientTransport, clock, commands::run, client::begin,
            nowNs -> client.process(nowNs) + client.deliver(nowNs),
            () -> client.hasWork() || client.hasSlots() || !commands.isEmpty(),
            () -> client.state().exchanges().inUse() > 0 || client.state().life().waitsForMemory(),
            client.state().recorder().turns("lane-" + lane.number() + "-clients"));
        HalfTurn serverTurn = new HalfTurn(lane, serverTransport, clock, () -> 0, server::begin, server::process,
            server::mustNotWait, () -> server.state().entriesInUse() > 0,
            server.state().recorder().turns("lane-" + lane.number() + "-servers"));
        clientTurn.other = serverTurn;
        serverTurn.other = clientTurn;
        return new HalfTurn[] {clientTurn, serverTurn};
    }

    @Override
    public int run(boolean mayWait) {
        long beginNs = clock.getAsLong();
        latency.begin(beginNs);
        int work = commands.getAsInt() + begin.applyAsInt(beginNs);
        // work done so far may have appended replies, which leave at the end of the turn
        work += transport.poll((mayWait || lane.isResting()) && work == 0 ? waitNs() : 0);
        waiting = false;
        long nowNs = clock.getAsLong();
        latency.waited(nowNs);
        work += process.applyAsInt(nowNs);
        memory.look(nowNs);
        latency.end(work);
        if (work > 0) {
            wakeOther();
        }
        return work;
    }

    /** Says that this half will wait before it looks for the last time whether it may. */
    private long waitNs() {
        waiting = true;
        VarHandle.fullFence();
        return mustNotWait.getAsBoolean() ? 0 : PollWait.ns(lane, busy.getAsBoolean());
    }

    /** What was published must be visible before it is asked whether the other waits. */
    private void wakeOther() {
        VarHandle.fullFence();
        if (other.waiting) {
            other.waiting = false;
            other.transport.wakeUp();
        }
    }
}
