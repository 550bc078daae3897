package org.millrace.engine.link;

import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.message.Account;
import org.millrace.io.SegmentArena;

/**
 * How much of the large replies of one link is on its way to clients and not taken by them. While memory is plenty a
 * reply may wait whole; once it is short only {@code stream_window} bytes may, and the link is not read on until some
 * of them are taken. Others wait for their replies behind it meanwhile, so that this must not last: the client that
 * takes nothing for {@code link_hold_ms} is told of. Server half's thread.
 */
final class ReplyStream {
    private final ServerHalfState half;
    private final SegmentArena arena;
    private final long maxBytes;
    private final int windowBytes;
    private final long holdNs;
    private final Account waiting = new Account(null);
    private boolean held;
    private boolean told;
    private long mark;
    private long sinceNs;

    ReplyStream(ServerHalfState half, LinkOptions options) {
        this.half = half;
        arena = half.transport().arena();
        maxBytes = options.maxStream();
        windowBytes = half.limits().streamWindow();
        holdNs = half.limits().linkHoldMs() * 1_000_000L;
    }

    /** Is charged with each part until that is taken. */
    Account waiting() {
        return waiting;
    }

    /** True if the link may be read on. */
    boolean hasRoom() {
        long bytes = waiting.bytes();
        return bytes < windowBytes || bytes < maxBytes && arena.bytesInUse() < arena.plainBytes() / 2;
    }

    /** The link is not read on. */
    void hold() {
        held = true;
        told = false;
        mark = waiting.bytes();
        sinceNs = half.runner().nowNs();
        half.counters().increment(ServerHalfCounter.STREAM_HELD);
    }

    boolean isHeld() {
        return held;
    }

    void release() {
        held = false;
    }

    /** True, once, when nothing was taken for too long. */
    boolean isStalled() {
        long nowNs = half.runner().nowNs();
        if (waiting.bytes() < mark) {
            mark = waiting.bytes();
            sinceNs = nowNs;
        }
        boolean stalled = !told && nowNs - sinceNs >= holdNs && half.replies().hasRoom(1);
        told |= stalled;
        return stalled;
    }
}
