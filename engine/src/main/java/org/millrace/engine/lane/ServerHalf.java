package org.millrace.engine.lane;

import com.lmax.disruptor.Sequence;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.latency.BatchSizes;
import org.millrace.engine.latency.SeriesKind;
import org.millrace.engine.link.LinkTable;
import org.millrace.engine.link.PairStage;
import org.millrace.engine.link.SendStage;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.link.ServerLinks;
import org.millrace.engine.ring.Rings;
import org.millrace.engine.ring.StageFaults;
import org.millrace.engine.route.RequestRoutes;
import org.millrace.engine.route.RouteStage;
import org.millrace.engine.topology.Snapshot;

/** Route, send, recv of replies and pair: one turn of each, in order. Belongs to one thread. */
public final class ServerHalf {
    private static final long TIMER_NS = 1_000_000;

    private final ServerHalfState state;
    private final LinkTable links;
    private final RouteStage route;
    private final SendStage send;
    private final PairStage pair;
    private Sequence clientSend;
    private final BatchSizes batches;
    private long timerNs;
    /** The reply ring was too full at the last look at the time: what is left of it is for the next turn. */
    private boolean cutShort;

    ServerHalf(int lane, ServerHalfState state, Rings rings, StageFaults faults, Sequence filter, Snapshot snapshot,
        RequestRoutes[] routes, LinkTable links) {
        this.state = state;
        batches = state.recorder().batches(SeriesKind.TURN_REPLIES, lane);
        this.links = links;
        route = new RouteStage(rings.requests(), filter, faults, state, snapshot, routes);
        send = new SendStage(rings.requests(), route.sequence(), faults, state, links);
        pair = new PairStage(rings.replies(), faults, state);
        rings.requests().addGatingSequences(send.sequence());
    }

    /** Joins the rings: {@code clientSendSequence} frees what the links published. */
    void join(Sequence clientSendSequence) {
        clientSend = clientSendSequence;
        state.delivered(clientSendSequence);
    }

    Sequence sendSequence() {
        return send.sequence();
    }

    Sequence pairSequence() {
        return pair.sequence();
    }

    /** Before the turn's I/O: replies that had to wait go first. */
    public int begin(long nowNs) {
        state.recorder().beginTurn();
        return state.runner().beginTurn(nowNs);
    }

    /** After the turn's I/O: requests go out, replies are paired. */
    public int process(long nowNs) {
        state.runner().time(nowNs);
        // what other lanes bring is I/O like any other; pair before send: what has arrived answers requests that were
        // sent before it, never one of this turn
        int work = state.crossings().poll() + batches.turn(pair.doWork()) + route.doWork() + send.doWork();
        work += state.runner().endTurn();
        // failures and plans that were published since need no pairing, but must pass its stage
        work += pair.doWork();
        state.residents().releaseUpTo(clientSend.get());
        if (cutShort || nowNs - timerNs >= TIMER_NS) {
            timerNs = nowNs;
            work += onTimer(nowNs);
        }
        links.flushLent();
        return work;
    }

    private int onTimer(long nowNs) {
        state.runner().onTimer();
        state.crossings().onTimer();
        cutShort = !links.onTimer(nowNs);
        return pair.doWork();
    }

    /** Opens the links of a pool, as far as they are not. */
    public void preconnect(int pool, long nowNs) {
        state.runner().time(nowNs);
        links.preconnect(pool);
    }

    /** True if the next turn must not wait for I/O; if it may, other lanes will wake it from now on. */
    public boolean mustNotWait() {
        state.crossings().arm();
        return hasWork() || hasSlots();
    }

    /** True if there is something to do before anything arrives. */
    public boolean hasWork() {
        return cutShort || state.crossings().hasWork() || state.runner().hasWork() || state.replies().hasReleases();
    }

    /** True if a slot waits for one of this half's stages. */
    public boolean hasSlots() {
        return route.hasNext() || send.hasNext() || pair.hasNext();
    }

    /** Gives the memory of links that lanes share back. When no lane has a thread any more. */
    public void closeShared() {
        links.closeLent();
        state.crossings().close();
    }

    public ServerHalfState state() {
        return state;
    }

    /** What this half counts for a pool: the fragments. Any thread may read it. */
    public CounterSet<PoolCounter> poolCounters(int pool) {
        return route.poolCounters(pool);
    }

    /** By the indexes of pools and servers; null where there is none. Any thread may look. */
    public ServerLinks[][] links() {
        return links.links();
    }

    /** All links. */
    public LinkTable linkTable() {
        return links;
    }
}
