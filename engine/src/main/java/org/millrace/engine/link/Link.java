package org.millrace.engine.link;

import org.agrona.DirectBuffer;
import org.agrona.collections.IntHashSet;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.message.Message;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.engine.ring.ReplySource;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Segment;

/**
 * A connection to a server, opened on demand and opened again after growing pauses.
 * <pre>
 *            first request                    onConnected
 *   IDLE ───────────────────▶ CONNECTING ───────────────────▶ OPEN
 *    ▲                            │ onClosed                    │ close → CLOSING, onClosed
 *    │                            ▼                             ▼
 *    │◀── pause over ── RESTING ◀─┴──────────── ENDED ◀─────────┘
 *                                   in-flight requests fail once all replies that came are paired
 * </pre>
 */
public final class Link implements ConnectionHandler, ReplySource {
    private enum State { IDLE, CONNECTING, OPEN, CLOSING, ENDED, RESTING }

    private final ServerHalfState half;
    private final ServerLinks owner;
    private final LinkOptions options;
    private final CounterSet<ServerCounter> counters;
    private final CounterSet<LinkGauge> gauges = new CounterSet<>(LinkGauge.class);
    private final LinkReceiver receiver;
    private final LinkQueue queue;
    private final RetryPause pause;

    private State state = State.IDLE;
    private Connection connection;
    private CloseCause endCause = CloseCause.REFUSED;
    private boolean wasOpen;
    private boolean answered;
    /** What is received can no longer be told apart: it is dropped until the connection has ended. */
    private boolean faulted;
    private long connectingSinceNs;
    private long lastReceivedNs;
    boolean dirty;
    boolean resumable;
    boolean waiting;
    boolean held;

    Link(ServerHalfState half, ServerLinks owner, int index) {
        this.half = half;
        this.owner = owner;
        this.options = owner.options();
        this.counters = owner.counters();
        this.receiver = new LinkReceiver(half, this, options);
        this.queue = new LinkQueue(half, owner);
        this.pause = new RetryPause(half.limits(), ((long) owner.pool() << 40) + ((long) owner.server() << 8) + index);
    }

    /**
     * Takes a request: sends it, parks it or fails it. Needs {@link LinkQueue#SLOTS} free slots in the reply ring.
     *
     * @param entry   who takes the reply; now the link's
     * @param message the request as an object, now the link's, or null if it is resident at {@code buffer, offset,
     *         length}
     */
    void submit(LinkEntry entry, DirectBuffer buffer, int offset, int length, Message message) {
        queue.admit(entry, message == null ? length : message.length());
        if (state == State.OPEN && queue.canSend(connection)) {
            half.runner().dirty(this);
            if (!queue.send(connection, entry, buffer, offset, length, message)) {
                close(CloseCause.EXHAUSTED);
            }
        } else if (state == State.RESTING && !pause.isOver(half.runner().nowNs())) {
            queue.giveUp(entry, message, options.protocol().failures().of(endCause));
        } else if (!queue.park(entry, buffer, offset, length, message)) {
            half.counters().increment(ServerHalfCounter.NO_MEMORY);
            queue.giveUp(entry, message, options.protocol().failures().noMemory());
        } else if (state == State.IDLE || state == State.RESTING) {
            connect();
        }
    }

    /** Sends parked requests while there is room for them. Called once a turn when something may have changed. */
    void resume() {
        if (state != State.OPEN || !queue.hasParked()) {
            return;
        }
        half.runner().dirty(this);
        if (!queue.resume(connection)) {
            close(CloseCause.EXHAUSTED);
        } else if (queue.hasParked() && queue.windowOpen(connection)) {
            half.runner().resumable(this);
        }
    }

    /** Opens the link if it is closed; for preconnect. */
    public void open() {
        if (state == State.IDLE) {
            connect();
        }
    }

    private void connect() {
        state = State.CONNECTING;
        connectingSinceNs = half.runner().nowNs();
        wasOpen = false;
        answered = false;
        faulted = false;
        if (owner.endpoint() == null) {
            connection = null;
            onClosed(CloseCause.HOST_DOWN);
            return;
        }
        connection = half.transport().connect(owner.endpoint(), this);
        receiver.open(connection);
    }

    @Override
    public void onConnected() {
        state = State.OPEN;
        wasOpen = true;
        lastReceivedNs = half.runner().nowNs();
        counters.increment(ServerCounter.SERVER_CONNECTIONS);
        half.counters().increment(ServerHalfCounter.LINKS_OPENED);
        if (!owner.isUp()) {
            owner.up(true);
            half.events().onServerUp(owner.pool(), owner.server());
        }
        if (options.handshakeReplies() > 0) {
            if (!connection.output().append(options.handshake(), 0, options.handshake().capacity())) {
                close(CloseCause.EXHAUSTED);
                return;
            }
            queue.expectHandshake(options.handshakeReplies());
            half.runner().dirty(this);
        }
        half.runner().resumable(this);
    }

    @Override
    public void onReceived(Segment segment, int offset, int length) {
        lastReceivedNs = half.runner().nowNs();
        receiver.onReceived(segment, offset, length);
    }

    @Override
    public void onWritten(long position) {
        queue.written(position);
        if (queue.hasParked()) {
            half.runner().resumable(this);
        }
    }

    @Override
    public void onPeerClosed() {
        close(CloseCause.PEER_CLOSED);
    }

    /** From here on requests wait for the next connection. */
    void close(CloseCause cause) {
        if (connection != null) {
            state = State.CLOSING;
            connection.close(cause);
        }
    }

    @Override
    public void onClosed(CloseCause cause) {
        state = State.ENDED;
        endCause = cause;
        connection = null;
        receiver.close();
        queue.written(Long.MAX_VALUE);
        count(cause);
        if (owner.isUp() && cause != CloseCause.LOCAL && (!wasOpen || queue.inFlightCount() > 0)) {
            owner.up(false);
            half.events().onServerDown(owner.pool(), owner.server(), cause);
        }
        half.runner().ended(this);
    }

    private void count(CloseCause cause) {
        switch (cause) {
            case PEER_CLOSED -> counters.increment(ServerCounter.SERVER_EOF);
            case TIMED_OUT -> counters.increment(ServerCounter.SERVER_TIMEDOUT);
            case LOCAL -> { }
            default -> counters.increment(ServerCounter.SERVER_ERR);
        }
        if (wasOpen) {
            counters.add(ServerCounter.SERVER_CONNECTIONS, -1);
        } else {
            half.counters().increment(ServerHalfCounter.LINKS_REFUSED);
        }
    }

    /**
     * After the end of a connection: fails what was in flight, once every reply that came is paired. What is parked for
     * a server that could be reached waits for the next connection.
     *
     * @return true if all is done and the link may be opened again
     */
    boolean finishEnd() {
        if (!receiver.isDrained()) {
            return false;
        }
        DirectBuffer error = options.protocol().failures().of(endCause);
        if (!queue.failInFlight(error) || !wasOpen && !queue.failParked(error)) {
            return false;
        }
        receiver.discard();
        if (wasOpen && answered) {
            pause.reset();
            state = State.IDLE;
            if (queue.hasParked()) {
                connect();
            }
        } else {
            // what is parked waits for the end of the pause: a server that hangs up at once is not stormed
            pause.begin(half.runner().nowNs());
            state = State.RESTING;
        }
        return true;
    }

    /** After an exception while serving this link: ends it, and takes no more replies from it. */
    void fault() {
        faulted = true;
        receiver.giveUp();
        close(CloseCause.OTHER);
    }

    /** A reply that fits nobody: whose those behind it are cannot be known any more. */
    private void endOutOfStep() {
        faulted = true;
        receiver.giveUp();
        close(CloseCause.PROTOCOL);
    }

    @Override
    public void pair(ReplySlot slot) {
        receiver.paired(slot.more);
        if (faulted) {
            drop(slot);
            return;
        }
        int taker = slot.more ? queue.pairPart(slot) : queue.pair(slot);
        switch (taker) {
            case LinkEntry.CLIENT, LinkEntry.PLAN -> answered = true;
            case LinkEntry.PROXY -> onHandshakeReply(slot);
            case LinkEntry.NOBODY -> {
                if (!slot.more) {
                    half.counters().increment(ServerHalfCounter.LATE_REPLIES);
                }
                drop(slot);
            }
            default -> {
                half.counters().increment(ServerHalfCounter.STRAY_REPLIES);
                drop(slot);
                endOutOfStep();
            }
        }
        if (queue.hasParked()) {
            half.runner().resumable(this);
        }
    }

    private void onHandshakeReply(ReplySlot slot) {
        if (slot.buffer.getByte(slot.offset) == '-') {
            half.events().onHandshakeRefused(owner.pool(), owner.server(),
                slot.buffer.getStringWithoutLengthAscii(slot.offset, Math.min(slot.length, 128)));
        }
        drop(slot);
    }

    private void drop(ReplySlot slot) {
        slot.kind = ReplySlot.NOTHING;
        if (slot.message != null) {
            half.messages().release(slot.message);
        }
    }

    LinkEntry taker(int behind) {
        return queue.taker(behind);
    }

    /** True if the link is not held for a client any longer. */
    boolean endHold() {
        return receiver.endHold();
    }

    LinkReceiver receiver() {
        return receiver;
    }

    void resumeReceiving() {
        receiver.resume();
    }

    /** Fails requests whose time is up, and ends a link whose server says nothing any more. */
    void onTimer(long nowNs) {
        if (state == State.RESTING && queue.hasParked() && pause.isOver(nowNs)) {
            connect();
        }
        queue.expire(nowNs);
        if (options.requestTimeoutNs() == Long.MAX_VALUE) {
            return;
        }
        if (receiver.isPaused()) {
            // it is not the server that is silent
            lastReceivedNs = nowNs;
        }
        long silenceNs = half.limits().linkSilenceMs() * 1_000_000L;
        if (state == State.OPEN && queue.inFlightCount() > 0
            && nowNs - Math.max(lastReceivedNs, queue.oldestSentNs()) > silenceNs) {
            close(CloseCause.TIMED_OUT);
        }
        if (state == State.CONNECTING && nowNs - connectingSinceNs > options.requestTimeoutNs()) {
            close(CloseCause.TIMED_OUT);
        }
    }

    void flush() {
        if (connection != null) {
            connection.flush();
        }
    }

    /** Gives up what is here for clients that are gone; false if that has to be gone on with next turn. */
    boolean dropOf(IntHashSet gone) {
        return queue.dropOf(gone);
    }

    /** Brings the gauges up to date. */
    void report() {
        gauges.set(LinkGauge.OPEN, state == State.OPEN ? 1 : 0);
        gauges.set(LinkGauge.PARKED, queue.parkedCount());
        gauges.set(LinkGauge.PARKED_BYTES, queue.parkedBytes());
        gauges.set(LinkGauge.IN_FLIGHT, queue.inFlightCount());
        gauges.set(LinkGauge.IN_FLIGHT_BYTES, queue.inFlightBytes());
        gauges.set(LinkGauge.IN_FLIGHT_MAX, queue.inFlightMax());
        gauges.set(LinkGauge.UNSENT_BYTES, connection == null ? 0 : connection.output().unsentBytes());
        gauges.set(LinkGauge.HELD, held ? 1 : 0);
    }

    /** How this link is. Any thread may read it. */
    public CounterSet<LinkGauge> gauges() {
        return gauges;
    }

    /** Requests waiting for this link. */
    public int parkedCount() {
        return queue.parkedCount();
    }

    /** Requests sent and not answered, tombstones included. */
    public int inFlightCount() {
        return queue.inFlightCount();
    }
}
