package org.millrace.engine.link;

import org.agrona.DirectBuffer;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.message.Message;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.engine.ring.ReplySource;
import org.millrace.engine.share.BorrowedConnection;
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
 * Where requests must wait for what the server says to the handshake, GREETING comes between CONNECTING and OPEN.
 */
public final class Link implements ConnectionHandler, ReplySource {
    private enum State { IDLE, CONNECTING, GREETING, OPEN, CLOSING, ENDED, RESTING }

    private final ServerHalfState half;
    private final ServerLinks owner;
    private final LinkOptions options;
    private final LinkAccounts accounts;
    private final LinkReceiver receiver;
    private final LinkQueue queue;
    private final Greeting greeting;
    private final LinkHistory history = new LinkHistory();
    private final LinkGuests guests;
    private final RetryPause pause;
    private final LinkClock clock = new LinkClock();
    private State state = State.IDLE;
    private Connection connection;
    /** What is received can no longer be told apart: it is dropped until the connection has ended. */
    private boolean faulted;
    boolean dirty;
    boolean resumable;
    boolean waiting;
    boolean listedAsHeld;
    /** Its server is ejected and keeps its keys: requests fail at once. */
    boolean refusing;

    Link(ServerHalfState half, ServerLinks owner, int index, long salt) {
        this.half = half;
        this.owner = owner;
        this.options = owner.options();
        this.accounts = new LinkAccounts(owner, half.counters());
        this.receiver = new LinkReceiver(half, this, options);
        this.queue = new LinkQueue(half, owner);
        this.guests = queue.guests();
        this.greeting = new Greeting(owner);
        this.pause = new RetryPause(half.limits(),
            salt + ((long) owner.pool() << 40) + ((long) owner.server() << 8) + index);
    }

    /**
     * Takes a request: sends it, parks it or fails it. Needs {@link LinkQueue#SLOTS} free slots in the reply ring.
     *
     * @param entry   who takes the reply; now the link's
     * @param message the request as an object, now the link's, or null if it is resident at {@code buffer, offset,
     *         length}
     */
    void submit(LinkEntry entry, DirectBuffer buffer, int offset, int length, Message message) {
        if (queue.isEmpty()) {
            clock.progress(half.runner().nowNs());
        }
        queue.admit(entry, message == null ? length : message.length());
        if (state == State.OPEN && !refusing && queue.canSend(connection)) {
            half.runner().dirty(this);
            if (!queue.send(connection, entry, buffer, offset, length, message)) {
                close(CloseCause.EXHAUSTED);
            }
        } else if (refusing || state == State.RESTING && !pause.isOver(half.runner().nowNs())) {
            queue.giveUp(entry, message, options.protocol().failures()
                .of(refusing ? CloseCause.REFUSED : history.endCause()));
        } else {
            DirectBuffer refusal = queue.park(entry, buffer, offset, length, message);
            if (refusal != null) {
                queue.giveUp(entry, message, refusal);
            } else if ((state == State.IDLE || state == State.RESTING) && !owner.isBlocked()) {
                connect();
            }
        }
    }

    /** Sends parked requests while there is room, or fails them. Once a turn when something may have changed. */
    void resume() {
        if (refusing && !queue.failParked(options.protocol().failures().of(CloseCause.REFUSED))) {
            half.runner().resumable(this);
        }
        if (state != State.OPEN || !queue.hasWaiting()) {
            return;
        }
        half.runner().dirty(this);
        if (!queue.resume(connection, !refusing)) {
            close(CloseCause.EXHAUSTED);
        } else if (queue.canGoOn(connection, !refusing)) {
            half.runner().resumable(this);
        }
    }

    /** Another lane borrows this link. */
    void join(Guest guest) {
        if (state == State.RESTING && !pause.isOver(half.runner().nowNs())) {
            guest.linkEnded(history.endCause(), pause.leftNs(half.runner().nowNs()));
            return;
        }
        guests.add(guest);
        if (state == State.OPEN) {
            guest.open();
        } else if ((state == State.IDLE || state == State.RESTING) && !owner.isBlocked()) {
            connect();
        }
    }

    /** Opens the link if it is closed; for preconnect. */
    void open() {
        if (state == State.IDLE && !owner.isBlocked()) {
            connect();
        }
    }

    private void connect() {
        state = State.CONNECTING;
        clock.connecting(half.runner().nowNs());
        history.begin();
        faulted = false;
        if (owner.endpoint() == null) {
            onClosed(CloseCause.HOST_DOWN);
            return;
        }
        connection = owner.isBorrowed() ? owner.borrow(this) : half.transport().connect(owner.endpoint(), this);
        receiver.open(connection);
    }

    @Override
    public void onConnected() {
        state = State.GREETING;
        history.stands();
        clock.received(half.runner().nowNs());
        accounts.opened();
        half.runner().dirty(this);
        if (!greeting.say(connection, queue)) {
            close(CloseCause.EXHAUSTED);
        } else if (!greeting.decides()) {
            serve();
        }
    }

    private void serve() {
        state = State.OPEN;
        history.serves();
        owner.stands();
        guests.open();
        half.runner().resumable(this);
    }

    @Override
    public void onReceived(Segment segment, int offset, int length) {
        clock.received(half.runner().nowNs());
        receiver.onReceived(segment, offset, length);
    }

    @Override
    public void onWritten(long position) {
        queue.written(position);
        clock.progress(half.runner().nowNs());
        resumeSoon();
    }

    private void resumeSoon() {
        if (queue.hasWaiting()) {
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
        history.ends(cause, connection instanceof BorrowedConnection borrowed ? borrowed.restNs() : -1);
        connection = null;
        receiver.close();
        queue.written(Long.MAX_VALUE);
        accounts.ended(cause, history.hasStood());
        if (history.isLeft()) {
            owner.left();
        }
        if (cause != CloseCause.LOCAL && (!history.hasServed() || queue.inFlightCount() > 0)) {
            owner.down(cause);
        }
        half.runner().ended(this);
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
        CloseCause cause = history.endCause();
        if (history.judge(queue)) {
            owner.failed(cause);
        }
        DirectBuffer error = options.protocol().failures().of(cause);
        boolean unusable = history.isUnusable();
        if (!queue.failInFlight(error) || unusable && !queue.failParked(error)) {
            return false;
        }
        receiver.discard();
        if (history.wasUseful()) {
            pause.reset();
            state = State.IDLE;
            guests.linkEnded(cause, 0, false);
            if (isWanted()) {
                connect();
            }
        } else {
            // what is parked waits for the end of the pause: a server that hangs up at once is not stormed
            long nowNs = half.runner().nowNs();
            history.pause(pause, nowNs);
            state = State.RESTING;
            guests.linkEnded(cause, pause.leftNs(nowNs), unusable);
        }
        return true;
    }

    /** True if somebody waits for it to be opened, and it may be. */
    private boolean isWanted() {
        return (queue.hasParked() && !refusing || guests.areWaiting()) && !owner.isBlocked();
    }

    /** After an exception while serving this link: ends it, and takes no more replies from it. */
    void fault() {
        endOutOfStep(CloseCause.OTHER);
    }

    /** Whose the replies to come are cannot be known any more. */
    private void endOutOfStep(CloseCause cause) {
        faulted = true;
        receiver.giveUp();
        close(cause);
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
            case LinkEntry.CLIENT, LinkEntry.PLAN, LinkEntry.GUEST -> history.answers();
            case LinkEntry.PROXY -> onHandshakeReply(slot);
            case LinkEntry.NOBODY -> {
                if (!slot.more) {
                    owner.otherReply();
                    half.counters().increment(ServerHalfCounter.LATE_REPLIES);
                }
                drop(slot);
            }
            default -> {
                half.counters().increment(ServerHalfCounter.STRAY_REPLIES);
                drop(slot);
                endOutOfStep(CloseCause.PROTOCOL);
            }
        }
        resumeSoon();
    }

    private void onHandshakeReply(ReplySlot slot) {
        boolean refusal = greeting.isRefusal(slot);
        if (state == State.GREETING && queue.inFlightCount() == 0) {
            if (refusal) {
                close(CloseCause.REFUSED);
            } else {
                serve();
            }
        }
        drop(slot);
    }

    private void drop(ReplySlot slot) {
        slot.kind = ReplySlot.NOTHING;
        if (slot.message != null) {
            half.messages().release(slot.message);
        }
    }

    LinkReceiver receiver() {
        return receiver;
    }

    LinkQueue queue() {
        return queue;
    }

    /** Fails requests whose time is up, and ends a link whose server says nothing any more. */
    void onTimer(long nowNs) {
        if ((state == State.IDLE || state == State.RESTING && pause.isOver(nowNs)) && isWanted()) {
            connect();
        }
        queue.expire(nowNs);
        if (options.requestTimeoutNs() == Long.MAX_VALUE) {
            return;
        }
        if (receiver.isPaused()) {
            clock.paused(nowNs);
        }
        long silenceNs = half.limits().linkSilenceMs() * 1_000_000L;
        if (state == State.OPEN && queue.inFlightCount() > 0
            && clock.silentNs(nowNs, queue.oldestSentNs()) > silenceNs) {
            close(CloseCause.TIMED_OUT);
        }
        if ((state == State.CONNECTING || state == State.GREETING)
            && clock.connectingNs(nowNs) > options.requestTimeoutNs()) {
            close(CloseCause.TIMED_OUT);
        }
    }

    /** For how long the server has neither taken nor sent a byte while requests are parked for it; else 0. */
    long stalledNs(long nowNs) {
        // while the link is held for a client it is not the server that stands still
        return queue.hasParked() && !receiver.isPaused() ? clock.stalledNs(nowNs) : 0;
    }

    /**
     * Ends a link that has left the snapshot.
     *
     * @param late what is still to be done is given up
     * @return true once it is closed and nothing is left of it
     */
    boolean drain(boolean late) {
        boolean idle = queue.isEmpty() && guests.isEmpty();
        if (state == State.OPEN || state == State.CONNECTING || state == State.GREETING) {
            if (idle || late) {
                close(idle ? CloseCause.LOCAL : CloseCause.TIMED_OUT);
            }
            return false;
        }
        if (late && state != State.ENDED) {
            queue.failParked(options.protocol().failures().timedOut());
            guests.linkEnded(CloseCause.TIMED_OUT, 0, true);
        }
        return idle && (state == State.IDLE || state == State.RESTING);
    }

    void flush() {
        if (connection != null) {
            connection.flush();
        }
    }

    /** Brings the gauges up to date. */
    void report() {
        accounts.report(state == State.OPEN, queue, connection, listedAsHeld, guests.size());
    }

    /** How this link is. Any thread may read it. */
    public CounterSet<LinkGauge> gauges() {
        return accounts.gauges();
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
