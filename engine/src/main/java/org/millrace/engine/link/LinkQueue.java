package org.millrace.engine.link;

import org.agrona.DirectBuffer;
import org.agrona.collections.IntHashSet;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.PendingReleases;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.ReplyPort;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.engine.share.BorrowedConnection;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.Output;

/**
 * The requests of one link: parked ones, with their own bytes, then those in flight, in the order of their bytes on the
 * wire, which is the order of the replies.
 */
final class LinkQueue {
    /** Room in the reply ring that taking or failing one request may need: unparked or late, released and answered. */
    static final int SLOTS = 3;

    private final ServerHalfState half;
    private final ServerLinks owner;
    private final LinkOptions options;
    private final CounterSet<ServerCounter> counters;
    private final ParkedQueue parked;
    private final LinkPace pace;
    private final EntryQueue inFlight = new EntryQueue();
    private final PendingReleases releases = new PendingReleases();
    private final LinkGuests guests = new LinkGuests();

    LinkQueue(ServerHalfState half, ServerLinks owner) {
        this.half = half;
        this.owner = owner;
        this.options = owner.options();
        this.counters = owner.counters();
        parked = new ParkedQueue(half, owner);
        pace = new LinkPace(options.requestTimeoutNs(), options.maxQueue());
    }

    /** Counts a new request and sets its deadline. */
    void admit(LinkEntry entry, long length) {
        entry.requestLength = length;
        entry.deadlineNs = options.requestTimeoutNs() == Long.MAX_VALUE
            ? Long.MAX_VALUE : half.runner().nowNs() + options.requestTimeoutNs();
        counters.increment(ServerCounter.REQUESTS);
        counters.add(ServerCounter.REQUEST_BYTES, length);
    }

    /** True if a new request may go to the wire at once. */
    boolean canSend(Connection connection) {
        // where half a request of another lane is on the wire, or theirs have waited longer, it waits, too
        return !hasWaiting() && !guests.areInRequest() && windowOpen(connection);
    }

    /** Other lanes that borrow this link. */
    LinkGuests guests() {
        return guests;
    }

    /** True if requests wait, of this lane or of others. */
    boolean hasWaiting() {
        return !parked.isEmpty() || guests.haveMore();
    }

    /** True if a record of another lane's requests may go to the wire: one that begins a request, or more of it. */
    boolean mayTake(Connection connection, boolean begins) {
        return begins ? windowOpen(connection) : connection.output().unsentBytes() < options.maxUnsent();
    }

    /** A request of another lane goes to the wire. */
    void admitGuest(LinkEntry entry, int length) {
        entry.requestLength = length;
        entry.deadlineNs = Long.MAX_VALUE;
        entry.clientOrdinal = -1;
        entry.sentNs = half.runner().nowNs();
        inFlight.add(entry);
        guests.sent(length);
    }

    /** Nobody waits any more for the replies of a lane that has left. */
    void bury(Guest guest) {
        for (LinkEntry entry = inFlight.peek(); entry != null; entry = entry.next) {
            if (entry.guest == guest) {
                guests.answered(entry.requestLength);
                entry.bury();
            }
        }
    }

    int mostUnsent() {
        return options.maxUnsent();
    }

    boolean windowOpen(Connection connection) {
        if (inFlight.size() >= pace.limit()) {
            pace.reached();
            return false;
        }
        return connection.output().unsentBytes() < options.maxUnsent();
    }

    /**
     * Appends a request to the output.
     *
     * @return false if there was no memory: the stream is then broken
     */
    boolean send(Connection connection, LinkEntry entry, DirectBuffer buffer, int offset, int length,
        Message message) {
        // first, so that whatever happens below the request fails with its link
        entry.sentNs = half.runner().nowNs();
        inFlight.add(entry);
        Output output = connection.output();
        boolean appended;
        if (message == null) {
            appended = output.append(buffer, offset, length);
        } else {
            int outcome = message.writeTo(output, half.frameLimits().bodyThreshold(), half.messages());
            if (outcome == Message.COPIED) {
                half.done(message);
            } else {
                releases.add(message, output.appendedPosition());
            }
            appended = outcome != Message.NO_MEMORY;
        }
        if (appended && connection instanceof BorrowedConnection borrowed) {
            borrowed.endRequest(entry.fits);
        }
        return appended;
    }

    /** The proxy itself awaits so many replies before all others. */
    void expectHandshake(int replies) {
        for (int i = 0; i < replies; i++) {
            LinkEntry entry = half.entries().acquire();
            entry.taker = LinkEntry.PROXY;
            entry.fits = Protocol.ALL_REPLIES;
            entry.heldBack = 0;
            entry.requestLength = 0;
            entry.sentNs = half.runner().nowNs();
            entry.deadlineNs = Long.MAX_VALUE;
            inFlight.add(entry);
        }
    }

    /** Lets a request wait, with bytes of its own; null, or the error if it may not. */
    DirectBuffer park(LinkEntry entry, DirectBuffer buffer, int offset, int length, Message message) {
        return parked.add(entry, buffer, offset, length, message);
    }

    /**
     * Sends what waits while there is room for it: of each lane by turns, so that none waits for all of another's.
     *
     * @param own parked requests, too
     * @return false if the stream is broken for want of memory
     */
    boolean resume(Connection connection, boolean own) {
        int taken = guests.take(connection, parked.isEmpty() ? Integer.MAX_VALUE : LinkGuests.ROUND);
        if (taken < 0) {
            return false;
        }
        boolean alone = !guests.haveMore();
        return !own || guests.areInRequest()
            || sendParked(connection, alone ? Integer.MAX_VALUE : LinkGuests.ROUND);
    }

    /** True if {@link #resume} could send more now. */
    boolean canGoOn(Connection connection, boolean own) {
        boolean begins = !guests.areInRequest();
        return (begins && own && !parked.isEmpty() || guests.haveMore()) && mayTake(connection, begins);
    }

    private boolean sendParked(Connection connection, int most) {
        int left = most;
        while (left-- > 0 && !parked.isEmpty() && windowOpen(connection) && half.replies().hasRoom(SLOTS)) {
            if (isHopeless(parked.peek())) {
                parked.timeOut();
                continue;
            }
            LinkEntry entry = parked.poll();
            DirectBuffer bytes = entry.bytes == null ? null : entry.bytes.buffer();
            boolean sent = send(connection, entry, bytes, 0, (int) entry.requestLength, entry.message);
            ParkedQueue.free(entry);
            if (!sent) {
                return false;
            }
        }
        return true;
    }

    /** True if the time of a request is up before its reply can come: the server is spared the work. */
    private boolean isHopeless(LinkEntry entry) {
        return parked.isHopeless(entry, half.runner().nowNs(), pace.expectedNs(inFlight.size()));
    }

    /** Output is written up to a position: messages that it has borrowed go back. */
    void written(long position) {
        Message message = releases.poll(position);
        while (message != null) {
            half.done(message);
            message = releases.poll(position);
        }
    }

    /** Fails a request that is not in flight, and frees what it holds. */
    void giveUp(LinkEntry entry, Message message, DirectBuffer error) {
        parked.giveUp(entry, message, error);
    }

    /** Refuses the parked request that has waited longest; returns the bytes that are freed. */
    long shed() {
        return parked.shed();
    }

    boolean isEmpty() {
        return inFlight.isEmpty() && parked.isEmpty();
    }

    /** Fails all that is in flight; false if the reply ring is full before that is done. */
    boolean failInFlight(DirectBuffer error) {
        while (!inFlight.isEmpty()) {
            if (!half.replies().hasRoom(SLOTS)) {
                return false;
            }
            LinkEntry entry = inFlight.poll();
            if (entry.taker == LinkEntry.GUEST) {
                guests.answered(entry.requestLength);
            }
            owner.failSent(entry, error);
            half.release(entry);
        }
        return true;
    }

    /** Fails all that is parked; false if the reply ring is full before that is done. */
    boolean failParked(DirectBuffer error) {
        return parked.failAll(error);
    }

    /**
     * For clients that are gone: drops their reads that were not sent, and gives up the plans whose parts are in
     * flight, so that nothing is gathered for nobody.
     *
     * @return false if the reply ring is full before that is done
     */
    boolean dropOf(IntHashSet gone) {
        boolean done = parked.drop(gone);
        for (LinkEntry entry = inFlight.peek(); entry != null; entry = entry.next) {
            if (entry.taker == LinkEntry.PLAN && gone.contains(entry.clientOrdinal)) {
                if (!half.replies().hasRoom(SLOTS)) {
                    return false;
                }
                owner.failSent(entry, options.protocol().failures().noClient());
                entry.bury();
            }
        }
        return done;
    }

    /** Fails requests whose time is up: parked ones leave, those in flight leave a tombstone. */
    void expire(long nowNs) {
        pace.look(nowNs, inFlight.size());
        parked.expire(nowNs, pace.expectedNs(inFlight.size()));
        LinkEntry entry = half.replies().hasRoom(SLOTS) ? inFlight.pollExpired(nowNs) : null;
        while (entry != null) {
            if (!entry.streaming) {
                pace.expired();
                owner.failed(CloseCause.TIMED_OUT);
                owner.timeOut(entry, options.protocol().failures().timedOut());
            }
            entry = half.replies().hasRoom(SLOTS) ? inFlight.pollExpired(nowNs) : null;
        }
    }

    /**
     * Gives a received reply to the oldest request in flight.
     *
     * @return the taker's kind, or -1 if no request waits for a reply of this kind
     */
    int pair(ReplySlot slot) {
        LinkEntry entry = inFlight.peek();
        if (entry == null || (entry.fits & slot.replyKind) == 0) {
            return -1;
        }
        int taker = entry.taker;
        pace.replied(half.runner().nowNs() - entry.sentNs);
        if (taker == LinkEntry.GUEST) {
            replyToGuest(entry, slot);
        } else {
            owner.recordReply(entry, slot);
        }
        if (taker == LinkEntry.CLIENT) {
            slot.exchangeId = entry.exchangeId;
            if ((entry.heldBack & slot.replyKind) == 0) {
                slot.kind = ReplySlot.REPLY;
            } else {
                holdBack(slot);
            }
        } else if (taker == LinkEntry.PLAN) {
            slot.kind = ReplySlot.NOTHING;
            if (entry.plan.onReply(entry.fragment, slot.buffer, slot.offset, slot.length, slot.message)) {
                half.complete(entry.plan, slot);
            }
        }
        // last, so that whatever happens above the request fails with its link
        inFlight.poll();
        if (entry.taker == LinkEntry.GUEST) {
            guests.answered(entry.requestLength);
        }
        half.release(entry);
        return taker;
    }

    /** The borrower counts it, and looks whose it is. */
    private void replyToGuest(LinkEntry entry, ReplySlot slot) {
        Message message = slot.message;
        slot.kind = ReplySlot.NOTHING;
        slot.message = null;
        if (entry.streaming && message == null && slot.buffer == options.protocol().failures().noMemory()) {
            // the error in place of a reply's end must not be taken for its bytes
            entry.guest.fail();
        } else {
            entry.guest.reply(slot.buffer, slot.offset, slot.length, message);
        }
    }

    /** The client gets nothing of it, but its request is answered. */
    private void holdBack(ReplySlot slot) {
        if (slot.message != null) {
            half.messages().release(slot.message);
        }
        ReplyPort.silent(slot);
    }

    /**
     * Gives a part of a reply, which is not the last, to the oldest request in flight.
     *
     * @return the taker's kind, or -1 if no request waits for a reply of this kind
     */
    int pairPart(ReplySlot slot) {
        LinkEntry entry = inFlight.peek();
        if (entry == null || (entry.fits & slot.replyKind) == 0) {
            return -1;
        }
        if (entry.taker == LinkEntry.GUEST) {
            entry.streaming = true;
            replyToGuest(entry, slot);
            return LinkEntry.GUEST;
        }
        counters.add(ServerCounter.RESPONSE_BYTES, slot.message.length());
        if (entry.taker == LinkEntry.CLIENT && (entry.heldBack & slot.replyKind) != 0) {
            return LinkEntry.NOBODY;
        }
        if (entry.taker == LinkEntry.CLIENT) {
            entry.streaming = true;
            slot.kind = ReplySlot.REPLY_PART;
            slot.exchangeId = entry.exchangeId;
        }
        return entry.taker;
    }

    /** Who takes the reply that comes behind so many others; null if nobody waits for it. */
    LinkEntry taker(int behind) {
        return inFlight.peek(behind);
    }

    boolean hasParked() {
        return !parked.isEmpty();
    }

    int parkedCount() {
        return parked.size();
    }

    int inFlightCount() {
        return inFlight.size();
    }

    /** When the oldest request in flight was sent; only if there is one. */
    long oldestSentNs() {
        return inFlight.peek().sentNs;
    }

    /** Brings its gauges up to date. */
    void report(CounterSet<LinkGauge> gauges) {
        gauges.set(LinkGauge.PARKED, parked.size());
        gauges.set(LinkGauge.PARKED_BYTES, parked.bytes());
        gauges.set(LinkGauge.IN_FLIGHT, inFlight.size());
        gauges.set(LinkGauge.IN_FLIGHT_BYTES, inFlight.bytes());
        gauges.set(LinkGauge.IN_FLIGHT_MAX, pace.limit());
    }
}
