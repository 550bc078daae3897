package org.millrace.engine.link;

import org.millrace.engine.message.Account;
import org.millrace.io.SegmentArena;

/**
 * How far a large reply may run ahead of the client that takes it. A link is not read on in the middle of a reply whose
 * client holds as much as it may: {@code client_max_bytes}, and as memory fills up no more than is still free, but
 * always {@code stream_window} until the memory is used up. So many clients that take nothing share the memory and
 * leave as much free as each of them has; one alone may have half of it (dynamic thresholds, Choudhury and Hahne 1998).
 *
 * <p>Others wait for their replies behind the one that holds the link, so that this must not last: a client that does
 * not take {@link #LEAST_BYTES} in each {@code link_hold_ms} is told of, and the rest of its reply goes on without
 * regard to what it holds, to be dropped. Server half's thread.
 */
final class ReplyStream {
    /** A reply that is not whole goes on in parts of at least so many bytes. */
    static final int LEAST_BYTES = 64 << 10;

    private final ServerHalfState half;
    private final SegmentArena arena;
    private final long maxBytes;
    private final int windowBytes;
    private final long holdNs;
    /** Whose reply is under way in parts; null between such replies. */
    private LinkEntry taker;
    /** Parts in the ring, which the client's account does not know yet, and the last one's sequence. */
    private long passedBytes;
    private long passedSequence;
    private boolean held;
    /** What the client had taken when it last took enough, how long it was waited for since, and since when it is. */
    private long mark;
    private long waitedNs;
    private long sinceNs;

    ReplyStream(ServerHalfState half, LinkOptions options) {
        this.half = half;
        arena = half.transport().arena();
        maxBytes = options.clientMaxBytes();
        windowBytes = half.limits().streamWindow();
        holdNs = half.limits().linkHoldMs() * 1_000_000L;
    }

    /** A part has gone into the ring; further ones of the same reply will follow. */
    void partPassed(LinkEntry entry, long sequence, long length) {
        if (taker != entry) {
            taker = entry;
            waitedNs = 0;
        }
        passedBytes = inRing() + length;
        passedSequence = sequence;
    }

    private long inRing() {
        if (passedBytes > 0 && half.delivered() >= passedSequence) {
            passedBytes = 0;
        }
        return passedBytes;
    }

    /**
     * True if the link may be read on; a link that is held may be when its client has half of what is allowed. One that
     * has taken all is not waited for: what else is held for it are requests, which no waiting here would end.
     */
    boolean hasRoom() {
        Account account = taker == null ? null : taker.account;
        if (account == null) {
            return true;
        }
        // before the account is looked at, which knows of a part before it has left the ring
        long inRing = inRing();
        if (inRing + account.owed() == 0) {
            return true;
        }
        long free = arena.plainFreeBytes();
        long most = Math.min(maxBytes, free > 0 ? Math.max(free, windowBytes) : LEAST_BYTES);
        return account.bytes() + inRing < (held ? most / 2 : most);
    }

    /** The link is not read on. */
    void hold() {
        held = true;
        if (waitedNs == 0) {
            mark = taker.account.taken();
        }
        sinceNs = half.runner().nowNs();
    }

    boolean isHeld() {
        return held;
    }

    /** True if the client has taken too little for too long. */
    boolean isStalled() {
        return heldNs(half.runner().nowNs()) >= holdNs;
    }

    /**
     * How long the link is held since its client has last taken {@link #LEAST_BYTES}, earlier holds included, as free
     * memory that comes and goes is no merit of his; 0 if it is not held.
     */
    long heldNs(long nowNs) {
        if (!held || taker.account == null) {
            return 0;
        }
        long taken = taker.account.taken();
        if (taken - mark >= LEAST_BYTES) {
            mark = taken;
            waitedNs = 0;
            sinceNs = nowNs;
        }
        return waitedNs + nowNs - sinceNs;
    }

    /** Gives the client up; returns the exchange whose reply it does not take. */
    long giveUp() {
        taker.account = null;
        held = false;
        return taker.exchangeId;
    }

    /** The link is held no longer. */
    void release() {
        long nowNs = half.runner().nowNs();
        waitedNs = heldNs(nowNs);
        held = false;
    }

    /** The reply is whole, or its link has ended. */
    void end() {
        held = false;
        taker = null;
    }
}
