package org.millrace.engine.link;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.PendingReleases;
import org.millrace.engine.share.BorrowedConnection;
import org.millrace.engine.share.Crossing;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.Output;

/**
 * Another lane that borrows this lane's link: its requests are taken from the ring as far as they can be sent at once,
 * the others stay there; replies go into the ring, and wait here, in order, while it is full. Owner's thread.
 */
final class Guest implements Crossing.Guest {
    private final ServerHalfState half;
    private final Lending lending;
    private final Link link;
    private final Crossing crossing;
    private final Output replies;
    private final PendingReleases releases = new PendingReleases();
    private final ControlledMessageHandler taker = this::take;
    private Connection connection;
    private boolean opened;
    /** There may be requests in the ring. */
    private boolean more;
    /** A request of its is on the wire in part: nothing else may go out before its end. */
    private boolean inRequest;
    private boolean broken;
    /** The link is gone: what waits here goes to the borrower, and then it ends. */
    private boolean ending;
    private CloseCause endCause;
    private long endNs;
    private boolean ended;
    /** A reply is lost, and with it the order of those behind it: the borrower gets none any more. */
    private boolean deaf;
    private boolean written;
    private boolean full;
    boolean dirty;

    Guest(ServerHalfState half, Lending lending, Link link, Crossing crossing) {
        this.half = half;
        this.lending = lending;
        this.link = link;
        this.crossing = crossing;
        replies = new Output(half.transport().arena());
    }

    @Override
    public void onRung() {
        if (ended) {
            return;
        }
        flush();
        if (ended || ending) {
            return;
        }
        more = true;
        if (crossing.isBorrowerDone() && !inRequest) {
            leave();
        } else {
            half.runner().resumable(link);
        }
    }

    /** Requests can be sent. */
    void open() {
        if (!opened) {
            opened = true;
            crossing.open();
        }
    }

    boolean isOpened() {
        return opened;
    }

    boolean hasMore() {
        return more && opened;
    }

    boolean isInRequest() {
        return inRequest;
    }

    /**
     * Takes requests as long as they can be sent.
     *
     * @param most records
     * @return records taken, or -1 if the link is broken for want of memory
     */
    int take(Connection wire, int most) {
        connection = wire;
        OneToOneRingBuffer ring = crossing.requests();
        long first = ring.consumerPosition();
        long at = first - 1;
        int taken = 0;
        // one read ends at the end of the ring's memory
        while (!broken && taken < most && ring.consumerPosition() != at) {
            at = ring.consumerPosition();
            taken += ring.controlledRead(taker, most - taken);
        }
        if (ring.consumerPosition() != first) {
            crossing.requestsTaken();
        }
        if (broken) {
            return -1;
        }
        // whoever writes after this rings again
        more = ring.size() > 0;
        if (!inRequest && crossing.isBorrowerDone()) {
            leave();
        }
        return taken;
    }

    private ControlledMessageHandler.Action take(int type, MutableDirectBuffer buffer, int index, int length) {
        boolean begins = type == Crossing.WHOLE || type == Crossing.FIRST;
        if (begins && crossing.isBorrowerDone() || !link.queue().mayTake(connection, begins)) {
            return ControlledMessageHandler.Action.ABORT;
        }
        int bytes = length - Crossing.FITS_BYTES;
        if (begins) {
            LinkEntry entry = half.entries().acquire();
            entry.taker = LinkEntry.GUEST;
            entry.guest = this;
            entry.fits = buffer.getInt(index);
            entry.heldBack = 0;
            link.queue().admitGuest(entry, bytes);
        }
        inRequest = type == Crossing.FIRST || type == Crossing.MORE;
        if (!connection.output().append(buffer, index + Crossing.FITS_BYTES, bytes)) {
            broken = true;
            return ControlledMessageHandler.Action.BREAK;
        }
        return ControlledMessageHandler.Action.COMMIT;
    }

    /** Hands a reply on, or a part of one; the message is taken. */
    void reply(DirectBuffer buffer, int offset, int length, Message message) {
        if (deaf) {
            if (message != null) {
                half.messages().release(message);
            }
        } else if (message == null) {
            if (!writeAtOnce(buffer, offset, length) && !replies.append(buffer, offset, length)) {
                fail();
            }
        } else {
            int outcome = message.writeTo(replies, half.frameLimits().bodyThreshold(), half.messages());
            if (outcome == Message.COPIED) {
                half.messages().release(message);
            } else {
                releases.add(message, replies.appendedPosition());
            }
            if (outcome == Message.NO_MEMORY) {
                fail();
            }
        }
        lending.dirty(this);
    }

    private boolean writeAtOnce(DirectBuffer buffer, int offset, int length) {
        if (replies.unsentBytes() > 0 || length > crossing.replies().maxMsgLength()) {
            return false;
        }
        int index = crossing.claimReply(length);
        if (index < 0) {
            return false;
        }
        crossing.replies().buffer().putBytes(index, buffer, offset, length);
        crossing.replies().commit(index);
        lending.copied(length);
        written = true;
        return true;
    }

    /** The rest of a reply that has begun cannot be had, or there is no memory for one. */
    void fail() {
        deaf = true;
        replies.discard();
        releaseUpTo(Long.MAX_VALUE);
        if (inRequest) {
            // nobody else could use the link either
            link.close(CloseCause.EXHAUSTED);
        } else {
            link.queue().guests().remove(this);
            link.queue().bury(this);
            end(CloseCause.EXHAUSTED, 0);
        }
    }

    /** Puts into the ring what has waited, as far as there is room, and tells the borrower. */
    void flush() {
        if (ended) {
            return;
        }
        int most = crossing.replies().maxMsgLength();
        boolean room = true;
        while (room && replies.unsentBytes() > 0) {
            int length = (int) Math.min(replies.unsentBytes(), most);
            int index = crossing.claimReply(length);
            room = index >= 0;
            if (room) {
                BorrowedConnection.copy(replies, length, crossing.replies().buffer(), index);
                crossing.replies().commit(index);
                replies.advance(length);
                lending.copied(length);
                written = true;
            }
        }
        if (!room) {
            lending.ringFull();
        }
        releaseUpTo(replies.writtenPosition());
        if (written) {
            written = false;
            crossing.ringBorrower();
        }
        if (full && replies.unsentBytes() < link.queue().mostUnsent() / 2) {
            full = false;
            half.runner().waiting(link);
        }
        if (ending && replies.unsentBytes() == 0) {
            end(endCause, endNs);
        }
    }

    private void releaseUpTo(long position) {
        Message message = releases.poll(position);
        while (message != null) {
            half.messages().release(message);
            message = releases.poll(position);
        }
    }

    /** True while so much waits for the borrower that the link is not read on. */
    boolean isFull() {
        full |= replies.unsentBytes() >= link.queue().mostUnsent();
        return full;
    }

    /** The link has ended: the borrower gets what has come for it, and is told then. */
    void linkEnded(CloseCause cause, long restNs) {
        inRequest = false;
        ending = true;
        endCause = cause;
        endNs = restNs;
        if (crossing.isBorrowerDone()) {
            replies.discard();
        }
        flush();
    }

    /** The link is about to go: the borrower takes another one, if nothing of it is under way. */
    void sendAway() {
        if (opened && !inRequest && replies.unsentBytes() == 0 && crossing.requests().size() == 0) {
            leave();
        }
    }

    private void leave() {
        link.queue().guests().remove(this);
        link.queue().bury(this);
        replies.discard();
        end(CloseCause.LOCAL, 0);
    }

    private void end(CloseCause cause, long restNs) {
        ended = true;
        more = false;
        releaseUpTo(Long.MAX_VALUE);
        lending.left(this);
        crossing.endOwner(cause, restNs);
        if (full) {
            full = false;
            half.runner().waiting(link);
        }
    }

    /** Gives all memory back, without events. When no lane has a thread any more. */
    void free() {
        replies.discard();
        releaseUpTo(Long.MAX_VALUE);
    }
}
