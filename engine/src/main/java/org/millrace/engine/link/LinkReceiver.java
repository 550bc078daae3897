package org.millrace.engine.link;

import org.agrona.DirectBuffer;
import org.millrace.codec.Framer;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.message.Assembler;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.Regions;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.ReplyPort;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.Segment;

/**
 * The recv stage of one link: frames what its server sends and publishes one slot of the reply ring for each reply.
 * When the ring is full the bytes wait and the link is not read.
 */
final class LinkReceiver {
    private final ServerHalfState half;
    private final Link link;
    private final ReplyPort replies;
    private final ReplyStream stream;
    private final Regions regions = new Regions();
    private Connection connection;
    private final Protocol protocol;
    private final boolean hasKinds;
    private Framer framer;
    private Assembler assembler;
    private boolean gathering;
    private boolean paused;
    private boolean broken;
    private int unpaired;
    private int unpairedParts;

    LinkReceiver(ServerHalfState half, Link link, LinkOptions options) {
        stream = new ReplyStream(half, options);
        protocol = options.protocol();
        hasKinds = protocol.hasReplyKinds();
        this.half = half;
        this.link = link;
        this.replies = half.replies();
    }

    /** A new connection: nothing of the old one is left. */
    void open(Connection fresh) {
        connection = fresh;
        if (framer == null) {
            framer = protocol.replyFramer(half.frameLimits());
            assembler = new Assembler(framer, half.messages(), true);
        }
        framer.reset();
        gathering = false;
        paused = false;
        broken = false;
        stream.end();
    }

    void onReceived(Segment segment, int offset, int length) {
        if (broken) {
            return;
        }
        int limit = offset + length;
        int at = regions.isEmpty() ? frame(segment, offset, limit) : offset;
        if (at < limit) {
            regions.add(segment, at, limit);
            pause();
            awaitTurn();
        }
    }

    /** What is left is framed next turn, or when the lane that does not take its replies does so. */
    private void awaitTurn() {
        if (!link.queue().guests().isFull()) {
            half.runner().waiting(link);
        }
    }

    private void pause() {
        if (!paused && connection != null) {
            paused = true;
            connection.pauseReads();
        }
    }

    /** Frames what had to wait; called at the beginning of a turn, also after the connection has ended. */
    void resume() {
        while (!regions.isEmpty()) {
            int limit = regions.limit();
            int at = frame(regions.segment(), regions.offset(), limit);
            if (broken) {
                regions.clear();
                return;
            }
            regions.advanceTo(at);
            if (at < limit) {
                awaitTurn();
                return;
            }
        }
        if (paused && connection != null && !stream.isHeld()) {
            paused = false;
            connection.resumeReads();
        }
    }

    /**
     * Looks after a link that is held for a client.
     *
     * @return true if it is held no longer
     */
    boolean endHold() {
        if (!mayEndHold()) {
            if (!stream.isStalled() || !replies.hasRoom(1)) {
                return false;
            }
            replies.stalled(stream.giveUp(), protocol.failures().heldUp());
        }
        stream.release();
        if (connection != null && regions.isEmpty()) {
            resume();
        }
        return true;
    }

    private int frame(Segment segment, int offset, int limit) {
        int at = offset;
        while (at < limit) {
            if (link.queue().guests().isFull()) {
                return at;
            }
            if (!replies.hasRoom(1)) {
                half.counters().increment(ServerHalfCounter.RING_FULL);
                return at;
            }
            int status = assembler.advance(segment, at, limit);
            if (status == Assembler.MESSAGE) {
                at = assembler.position();
                publish(segment);
                stream.end();
            } else if (status == Assembler.NEED_MORE) {
                at = limit;
                if (assembler.heldBytes() >= ReplyStream.LEAST_BYTES) {
                    publishPart();
                }
            } else {
                broken = true;
                link.close(status == Assembler.NO_MEMORY ? CloseCause.EXHAUSTED : CloseCause.PROTOCOL);
                return limit;
            }
        }
        if (assembler.isGathering() != gathering && connection != null) {
            gathering = !gathering;
            connection.gather(gathering);
        }
        return at;
    }

    /** What has come of an unfinished reply goes on, if its taker can take it so. */
    private void publishPart() {
        LinkEntry taker = link.queue().taker(unpaired);
        if (taker == null || taker.taker == LinkEntry.PLAN || taker.taker == LinkEntry.PROXY || !replies.hasRoom(1)) {
            return;
        }
        Message part = assembler.takePart();
        long sequence = replies.claim();
        stream.partPassed(taker, sequence, part.length());
        ReplySlot slot = received(sequence, true);
        slot.message = part;
        point(slot, part.head(), 0, part.headLength());
        replies.publish(sequence);
        unpairedParts++;
        holdIfFull();
    }

    private void holdIfFull() {
        if (!stream.isHeld() && !stream.hasRoom()) {
            stream.hold();
            half.counters().increment(ServerHalfCounter.STREAM_HELD);
            pause();
            half.runner().held(link);
        }
    }

    private void publish(Segment segment) {
        long sequence = replies.claim();
        ReplySlot slot = received(sequence, false);
        Message message = assembler.takeMessage();
        slot.message = message;
        if (assembler.wasDiscarded()) {
            half.counters().increment(ServerHalfCounter.REPLIES_DISCARDED);
            DirectBuffer error = protocol.failures().noMemory();
            point(slot, error, 0, error.capacity());
        } else if (message == null) {
            point(slot, segment.buffer(), assembler.residentOffset(), assembler.residentLength());
            half.residents().keep(segment, sequence);
        } else {
            point(slot, message.head(), 0, message.headLength());
        }
        replies.publish(sequence);
        unpaired++;
    }

    private ReplySlot received(long sequence, boolean more) {
        ReplySlot slot = replies.slot(sequence);
        slot.kind = ReplySlot.RECEIVED;
        slot.more = more;
        slot.replyKind = hasKinds ? protocol.replyKind(framer) : Protocol.ALL_REPLIES;
        slot.source = link;
        return slot;
    }

    private static void point(ReplySlot slot, DirectBuffer buffer, int offset, int length) {
        slot.buffer = buffer;
        slot.offset = offset;
        slot.length = length;
    }

    /** Frames nothing more of this connection. */
    void giveUp() {
        broken = true;
        regions.clear();
    }

    /** True if nothing holds the link any longer. */
    boolean mayEndHold() {
        return connection == null || broken || !stream.isHeld() || stream.hasRoom();
    }

    /** How long the link is held for a client that takes nothing; 0 if it is not held. */
    long heldNs(long nowNs) {
        return stream.heldNs(nowNs);
    }

    /** True while the proxy itself does not read. */
    boolean isPaused() {
        return paused;
    }

    void paired(boolean part) {
        if (part) {
            unpairedParts--;
        } else {
            unpaired--;
        }
    }

    /** The connection is gone; what was received whole is still to be framed and paired. */
    void close() {
        connection = null;
    }

    /** True once every reply that came has been paired. */
    boolean isDrained() {
        return unpaired == 0 && unpairedParts == 0 && regions.isEmpty();
    }

    /** Drops a half-received reply. */
    void discard() {
        if (assembler != null) {
            assembler.close();
        }
        regions.clear();
    }
}
