package org.millrace.perf.jmh;

import java.io.IOException;
import java.time.Instant;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.filter.AdminQuestion;
import org.millrace.engine.lane.FusedTurn;
import org.millrace.engine.lane.Lane;
import org.millrace.engine.lane.LaneCommands;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.ArenaConfig;
import org.millrace.io.CloseCause;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;
import org.millrace.routing.Topology;

/** A whole lane, both halves on the caller's thread, with one client and scripted servers. */
final class ScriptedLane implements AutoCloseable {
    private static final int MEMORY_BYTES = 128 << 20;
    private static final int TURNS_MAX = 10_000;
    private static final int SETTLING_TURNS = 4;

    private final SegmentArena arena = new SegmentArena(
        new ArenaConfig(MEMORY_BYTES, ArenaConfig.BLOCK_BYTES, false));
    private final ScriptedTransport transport;
    private final Outside outside = new Outside();
    private final Lane lane;
    private final FusedTurn turn;
    private final ScriptedClient client;

    /**
     * A lane whose client stands.
     *
     * @param scripts makes the script of each server
     */
    ScriptedLane(MillraceConfig config, Function<SegmentArena, ServerScript> scripts) {
        transport = new ScriptedTransport(arena, scripts);
        LaneSetup setup = new LaneSetup(config, Topology.of(config, 1), Wire.endpoints(config), outside);
        lane = new Lane(0, setup, transport, transport);
        turn = new FusedTurn(lane, transport, new LaneCommands(transport), System::nanoTime,
            System::nanoTime);
        try {
            lane.client().state().life().accept(new Socket(), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        client = transport.client();
    }

    /** Memory of the lane's arena with these bytes; the caller releases it. */
    Segment segment(DirectBuffer bytes) {
        Segment segment = arena.acquire(bytes.capacity());
        segment.buffer().putBytes(0, bytes, 0, bytes.capacity());
        return segment;
    }

    /** What stages of the client half work with. */
    ClientHalfState clientHalf() {
        return lane.client().state();
    }

    ScriptedClient client() {
        return client;
    }

    /**
     * Lets the client send these bytes, and turns until all of the answer is there.
     *
     * @param replyBytes length of the whole answer
     * @throws IllegalStateException if another answer comes, or none
     */
    void exchange(Segment segment, int offset, int length, long replyBytes) {
        client.send(segment, offset, length);
        long wanted = client.received() + replyBytes;
        for (int turns = 0; client.received() < wanted; turns++) {
            if (turns == TURNS_MAX || outside.fault != null) {
                throw new IllegalStateException("no answer after " + turns + " turns; " + (wanted - client.received())
                    + " bytes are missing", outside.fault);
            }
            turn.run(false);
        }
        if (client.received() > wanted) {
            throw new IllegalStateException(client.received() - wanted + " bytes too many have come");
        }
    }

    /** Runs some turns more, after which nothing may be left. */
    boolean isIdle() {
        for (int i = 0; i < SETTLING_TURNS; i++) {
            turn.run(false);
        }
        return lane.rings().occupied() == 0 && lane.server().state().entriesInUse() == 0
            && lane.client().state().exchanges().inUse() == 0;
    }

    /** Fails if the lane still holds memory. */
    @Override
    public void close() {
        if (!isIdle()) {
            throw new IllegalStateException("the lane is not idle, though every request was answered");
        }
        transport.close();
        arena.close();
    }

    /** There is no process around the lane; faults are kept for the caller. */
    private static final class Outside implements Lane.Outside {
        private RuntimeException fault;

        @Override
        public boolean stats(int lane, long exchangeId) {
            return false;
        }

        @Override
        public boolean administer(AdminQuestion question) {
            return false;
        }

        @Override
        public boolean info(int lane, long exchangeId, String section) {
            return false;
        }

        @Override
        public void onServerUp(int pool, int server) {
            // servers never go down
        }

        @Override
        public void onServerDown(int pool, int server, CloseCause cause) {
            fault = new IllegalStateException("server " + server + ": " + cause);
        }

        @Override
        public void onHandshakeRefused(int pool, int server, String reply) {
            fault = new IllegalStateException("server " + server + ": " + reply);
        }

        @Override
        public void onFault(String place, RuntimeException exception) {
            fault = exception;
        }

        @Override
        public long epochMicros() {
            return Instant.EPOCH.getEpochSecond();
        }
    }

    /** Nothing to accept. */
    private static final class Socket implements AcceptedSocket {
        @Override
        public String peer() {
            return "client";
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
