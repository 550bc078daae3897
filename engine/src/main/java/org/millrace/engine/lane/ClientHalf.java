package org.millrace.engine.lane;

import com.lmax.disruptor.Sequence;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.ClientSendStage;
import org.millrace.engine.filter.FilterStage;
import org.millrace.engine.filter.RequestFilter;
import org.millrace.engine.latency.BatchSizes;
import org.millrace.engine.latency.SeriesKind;
import org.millrace.engine.parse.ParseStage;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.ring.Rings;
import org.millrace.engine.ring.StageFaults;

/** Recv, parse, filter and client send: one turn of each, in order. Belongs to one thread. */
public final class ClientHalf {
    private static final long TIMER_NS = 1_000_000;

    private final ClientHalfState state;
    private final ParseStage parse;
    private final FilterStage filter;
    private ClientSendStage clientSend;
    private Sequence send;
    private final BatchSizes batches;
    private long timerNs;

    ClientHalf(ClientHalfState state, Rings rings, StageFaults faults, RequestParser[] parsers,
        RequestFilter[] filters) {
        this.state = state;
        batches = state.recorder().batches(SeriesKind.TURN_REQUESTS, state.lane());
        parse = new ParseStage(rings.requests(), faults, state, parsers);
        filter = new FilterStage(rings.requests(), parse.sequence(), faults, state, filters);
    }

    /** Joins the rings: {@code pair} feeds client send, {@code send} frees what recv published. */
    void join(Rings rings, StageFaults faults, Sequence pair, Sequence sendSequence) {
        clientSend = new ClientSendStage(rings.replies(), pair, faults, state);
        rings.replies().addGatingSequences(clientSend.sequence());
        send = sendSequence;
    }

    Sequence filterSequence() {
        return filter.sequence();
    }

    Sequence clientSendSequence() {
        return clientSend.sequence();
    }

    /** Before the turn's I/O: clients that had to wait go first. */
    public int begin(long nowNs) {
        state.recorder().beginTurn();
        state.traffic().beginTurn();
        state.time().set(nowNs);
        int work = state.receive().beginTurn();
        state.time().beforePoll();
        return work;
    }

    /** After the turn's I/O: what was framed is parsed and filtered. */
    public int process(long nowNs) {
        state.time().set(nowNs);
        state.latency().time(nowNs);
        return batches.turn(parse.doWork()) + filter.doWork();
    }

    /** Replies go into their clients' order and out. */
    public int deliver(long nowNs) {
        int work = clientSend.doWork();
        state.order().flush();
        state.residents().releaseUpTo(send.get());
        if (nowNs - timerNs >= TIMER_NS) {
            timerNs = nowNs;
            state.life().onTimer(nowNs);
        }
        return work;
    }

    /** True if the next turn must not wait for I/O. */
    public boolean hasWork() {
        return state.receive().hasWaiting() || state.requests().hasReleases();
    }

    /** True if a slot waits for one of this half's stages. */
    public boolean hasSlots() {
        return parse.hasNext() || filter.hasNext() || clientSend.hasNext();
    }

    public ClientHalfState state() {
        return state;
    }
}
