package org.millrace.engine.share;

import org.agrona.MutableDirectBuffer;
import org.agrona.collections.LongArrayQueue;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Output;
import org.millrace.io.Segment;

/**
 * A link of another lane, as its borrower sees it: a connection to the server. What goes out is cut at the ends of
 * requests, because others send on the same link; what comes in are the replies to what went out, in that order. When
 * the link of the owner ends, so does this, for the same reason.
 *
 * <p>Where the ring is full the output keeps what is left, as it would for a server that takes nothing. A request of
 * which the owner has got a part is always finished, also after {@link #close}: others wait behind it. Borrower's
 * thread.
 */
public final class BorrowedConnection implements Connection {
    private static final ControlledMessageHandler DROPPER = (type, buffer, index, length) ->
        ControlledMessageHandler.Action.CONTINUE;
    private static final int LEAST_BYTES = 2 << 10;
    private static final int MOST_BYTES = 64 << 10;
    /** What one call may receive: the owner may write meanwhile. */
    private static final int TURN_BYTES = 2 * Crossing.REPLY_BYTES;

    private final Crossings lane;
    private final ConnectionHandler handler;
    private final Output output;
    private final String name;
    private final Segment memory;
    private final Crossing crossing;
    private final ControlledMessageHandler taker = this::take;
    private final int partBytes;
    /** Where requests end in the output, and the kinds of replies that fit them. */
    private final LongArrayQueue ends = new LongArrayQueue(-1);
    private final LongArrayQueue fits = new LongArrayQueue(Long.MIN_VALUE);
    /** A part of the request whose end is the next is with the owner. */
    private boolean begun;
    private boolean told;
    private boolean paused;
    private boolean gathering;
    private boolean closing;
    private boolean finished;
    private boolean ended;
    private CloseCause cause;
    private long restNs = -1;
    private Segment inbox;
    private int filled;

    BorrowedConnection(Crossings lane, Crossings owner, Destination destination, ConnectionHandler handler) {
        this.lane = lane;
        this.handler = handler;
        name = destination.name();
        output = new Output(lane.transport().arena());
        memory = lane.transport().arena().acquireReserved(Crossing.MEMORY_BYTES);
        crossing = memory == null ? null : new Crossing(destination, memory, lane, owner, this::onRung);
        partBytes = crossing == null ? 0 : crossing.requests().maxMsgLength() - Crossing.FITS_BYTES;
        if (crossing == null) {
            cause = CloseCause.EXHAUSTED;
            closing = true;
            lane.starved(this);
        } else {
            crossing.ringOwner();
        }
    }

    /** What was appended since the last call is one request, which replies of these kinds fit. */
    public void endRequest(int kinds) {
        ends.addLong(output.appendedPosition());
        fits.addLong(kinds);
        lane.counters().increment(ServerHalfCounter.SHARED_REQUESTS);
    }

    /**
     * How long the owner will not open the link again, after {@code onClosed}; negative if it was not the owner who
     * ended it.
     */
    public long restNs() {
        return restNs;
    }

    @Override
    public Output output() {
        return output;
    }

    @Override
    public void flush() {
        if (!told || finished) {
            return;
        }
        long before = output.writtenPosition();
        boolean room = true;
        while (room && !ends.isEmpty() && (begun || !closing)) {
            room = write((int) ends.peekLong() - (int) output.writtenPosition());
        }
        long written = output.writtenPosition();
        if (!room) {
            lane.counters().increment(ServerHalfCounter.SHARED_RING_FULL);
        }
        if (written > before) {
            lane.counters().add(ServerHalfCounter.SHARED_BYTES, written - before);
            crossing.ringOwner();
            if (!closing) {
                handler.onWritten(written);
            }
        }
        if (closing && !begun) {
            finish();
        }
    }

    /** Writes a part, or the whole, of the request that has so many bytes left; false if there is no room. */
    private boolean write(int left) {
        int length = Math.min(left, partBytes);
        boolean last = length == left;
        int type = begun ? last ? Crossing.LAST : Crossing.MORE : last ? Crossing.WHOLE : Crossing.FIRST;
        int index = crossing.claimRequest(type, Crossing.FITS_BYTES + length);
        if (index < 0) {
            return false;
        }
        OneToOneRingBuffer ring = crossing.requests();
        ring.buffer().putInt(index, (int) fits.peekLong());
        copy(output, length, ring.buffer(), index + Crossing.FITS_BYTES);
        ring.commit(index);
        output.advance(length);
        begun = !last;
        if (last) {
            ends.pollLong();
            fits.pollLong();
        }
        return true;
    }

    /** Copies unsent bytes of an output, which still holds them afterwards. */
    public static void copy(Output from, int length, MutableDirectBuffer target, int offset) {
        int copied = 0;
        for (int chunk = 0; copied < length; chunk++) {
            int part = Math.min(from.chunkLength(chunk), length - copied);
            target.putBytes(offset + copied, from.chunkSegment(chunk).buffer(), from.chunkOffset(chunk), part);
            copied += part;
        }
    }

    private void onRung() {
        if (ended) {
            return;
        }
        try {
            look();
        } catch (RuntimeException e) {
            close(CloseCause.OTHER);
            throw e;
        }
    }

    private void look() {
        // first: what the owner has written before it was done is in the ring then
        boolean ownerDone = crossing == null || crossing.isOwnerDone();
        if (!told && !closing && crossing.isOpened()) {
            told = true;
            handler.onConnected();
        }
        if (!ownerDone && !ends.isEmpty()) {
            flush();
        }
        if (crossing != null) {
            receive();
        }
        if (ownerDone && (closing || crossing.replies().size() == 0)) {
            if (!closing) {
                cause = crossing.cause();
                restNs = crossing.restNs();
            }
            end();
        }
    }

    /** Hands on what has come, from memory of this lane. */
    private void receive() {
        if (closing) {
            // nobody wants it, but the owner must get rid of it
            crossing.replies().controlledRead(DROPPER);
            crossing.repliesTaken();
        }
        int left = TURN_BYTES;
        while (left > 0 && !paused && !closing && mayFill()) {
            int from = filled;
            crossing.replies().controlledRead(taker);
            left -= filled - from;
            if (filled > from) {
                handler.onReceived(inbox, from, filled - from);
            }
            if (inbox.capacity() - filled < crossing.replies().maxMsgLength()) {
                dropInbox();
            }
        }
        if (left < TURN_BYTES) {
            crossing.repliesTaken();
        }
        if (left <= 0) {
            crossing.ringBorrower();
        }
        if (!gathering) {
            dropInbox();
        }
    }

    private boolean mayFill() {
        int waiting = crossing.replies().size();
        if (waiting == 0) {
            return false;
        }
        if (inbox == null) {
            // the next record fits, however few bytes wait behind it
            int bytes = gathering ? MOST_BYTES : Math.clamp(waiting, LEAST_BYTES, MOST_BYTES);
            inbox = lane.transport().arena().acquireReserved(bytes);
            filled = 0;
            if (inbox == null) {
                lane.starved(this);
                return false;
            }
        }
        return true;
    }

    private ControlledMessageHandler.Action take(int type, MutableDirectBuffer buffer, int index, int length) {
        UnsafeBuffer target = inbox.buffer();
        if (target.capacity() - filled < length) {
            return ControlledMessageHandler.Action.ABORT;
        }
        target.putBytes(filled, buffer, index, length);
        filled += length;
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private void dropInbox() {
        if (inbox != null) {
            inbox.release();
            inbox = null;
        }
        filled = 0;
    }

    /** There was no memory; there may be some now. */
    void retry() {
        onRung();
    }

    @Override
    public void pauseReads() {
        paused = true;
    }

    @Override
    public void resumeReads() {
        if (paused) {
            paused = false;
            // what has come meanwhile is handed on by a poll, not from within this call
            crossing.ringBorrower();
        }
    }

    @Override
    public void gather(boolean on) {
        gathering = on;
    }

    @Override
    public void shutdownOutput() {
        flush();
    }

    @Override
    public void close(CloseCause why) {
        if (closing || ended) {
            return;
        }
        closing = true;
        cause = why;
        if (!begun) {
            finish();
        }
    }

    private void finish() {
        finished = true;
        crossing.endBorrower();
    }

    private void end() {
        ended = true;
        lane.ended(this);
        free();
        handler.onClosed(cause);
    }

    /** It has no socket that could leave. */
    @Override
    public boolean detach() {
        return false;
    }

    @Override
    public boolean isDetaching() {
        return false;
    }

    /** Gives all memory back. */
    void free() {
        ended = true;
        output.discard();
        dropInbox();
        if (memory != null) {
            memory.release();
        }
    }

    @Override
    public String peer() {
        return name;
    }

    @Override
    public String local() {
        return "another lane";
    }
}
