package org.millrace.engine.link;

import org.agrona.DirectBuffer;
import org.agrona.collections.IntHashSet;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.message.Message;
import org.millrace.engine.protocol.FailureReplies;

/**
 * The requests that wait for one link, first come first served, each with bytes of its own: what is not on the wire yet
 * can still time out, be refused or be dropped.
 *
 * <p>A client is not read while a request of it waits here. So what it has sent next has waited before, in its socket,
 * about as long as those that have just left had waited here; its client counts that.
 */
final class ParkedQueue {
    /** Each one that leaves counts for a 64th. */
    private static final int HELD_SHIFT = 6;

    private final ServerHalfState half;
    private final ServerLinks owner;
    private final LinkOptions options;
    private final FailureReplies failures;
    private final EntryQueue entries = new EntryQueue();
    /** How long the last ones that left had waited on average, and when the last one left. */
    private long heldNs;
    private long leftNs;

    ParkedQueue(ServerHalfState half, ServerLinks owner) {
        this.half = half;
        this.owner = owner;
        this.options = owner.options();
        failures = options.protocol().failures();
    }

    /**
     * Lets a request wait, with bytes of its own.
     *
     * @return null, or the error if it may not wait
     */
    DirectBuffer add(LinkEntry entry, DirectBuffer buffer, int offset, int length, Message message) {
        int bytes = message == null ? length : message.owner() == half.messages() ? message.head().capacity() : 0;
        if (bytes > 0 && !owner.hasShare(bytes)) {
            half.counters().increment(ServerHalfCounter.PARKED_REFUSED);
            return failures.shareFull();
        }
        if (message == null) {
            entry.bytes = half.transport().arena().acquire(length);
            if (entry.bytes == null) {
                half.counters().increment(ServerHalfCounter.NO_MEMORY);
                return failures.noMemory();
            }
            entry.bytes.buffer().putBytes(0, buffer, offset, length);
            bytes = entry.bytes.capacity();
        }
        entry.message = message;
        entry.parkedBytes = bytes;
        owner.waits(bytes);
        entry.parkedNs = half.runner().nowNs();
        // long after others have left nothing waits unread any more; queue_timeout is a better limit where it is set
        entry.unreadNs = options.queueTimeoutNs() != Long.MAX_VALUE ? 0
            : Math.max(0, heldNs - (entry.parkedNs - leftNs));
        entries.add(entry);
        half.counters().increment(ServerHalfCounter.PARKED);
        entry.announced = true;
        half.replies().parked(entry.waitingExchange(), bytes);
        return null;
    }

    /** The one that has waited longest. */
    LinkEntry peek() {
        return entries.peek();
    }

    /** Takes the one that has waited longest; its bytes are still its own. Needs a free slot in the reply ring. */
    LinkEntry poll() {
        LinkEntry entry = leave();
        unannounce(entry);
        return entry;
    }

    private LinkEntry leave() {
        LinkEntry entry = entries.poll();
        leftNs = half.runner().nowNs();
        // slowly: a short wait of some makes the wait of those behind them longer, and theirs the next one shorter
        heldNs += leftNs - entry.parkedNs - heldNs >> HELD_SHIFT;
        return entry;
    }

    /** Fails a request that is not in flight, and frees what it holds. */
    void giveUp(LinkEntry entry, Message message, DirectBuffer error) {
        unannounce(entry);
        free(entry);
        owner.failParked(entry, error);
        half.entries().release(entry);
        // last, as it takes a free slot of the reply ring if there is one, and can wait if there is none
        if (message != null) {
            half.done(message);
        }
    }

    /** Gives back the bytes of a request that is sent or given up. */
    static void free(LinkEntry entry) {
        if (entry.bytes != null) {
            entry.bytes.release();
            entry.bytes = null;
        }
        entry.message = null;
    }

    private void unannounce(LinkEntry entry) {
        if (entry.announced) {
            entry.announced = false;
            owner.waits(-entry.parkedBytes);
            half.replies().unparked(entry.waitingExchange(), entry.parkedBytes);
            entry.parkedBytes = 0;
        }
    }

    /** Fails all; false if the reply ring is full before that is done. */
    boolean failAll(DirectBuffer error) {
        while (!entries.isEmpty()) {
            if (!half.replies().hasRoom(LinkQueue.SLOTS)) {
                return false;
            }
            LinkEntry entry = entries.poll();
            giveUp(entry, entry.message, error);
        }
        return true;
    }

    /**
     * Fails those whose time is up, or will be before they can be answered, and refuses those that have waited too
     * long, oldest first.
     *
     * @param expectedNs how long one that is sent now would wait for its reply
     */
    void expire(long nowNs, long expectedNs) {
        LinkEntry entry = entries.peek();
        while (entry != null && half.replies().hasRoom(LinkQueue.SLOTS)) {
            if (isHopeless(entry, nowNs, expectedNs)) {
                timeOut();
            } else if (options.queueTimeoutNs() != Long.MAX_VALUE
                && nowNs - entry.parkedNs >= options.queueTimeoutNs()) {
                leave();
                half.counters().increment(ServerHalfCounter.QUEUE_TIMED_OUT);
                giveUp(entry, entry.message, failures.overloaded());
            } else {
                return;
            }
            entry = entries.peek();
        }
    }

    /**
     * True if its time is up, or will be before it is answered, what it has waited unread included; never when it has
     * only just come.
     */
    boolean isHopeless(LinkEntry entry, long nowNs, long expectedNs) {
        if (entry.deadlineNs == Long.MAX_VALUE) {
            return false;
        }
        long waitedNs = nowNs - entry.parkedNs;
        long timeoutNs = options.requestTimeoutNs();
        boolean fresh = waitedNs < timeoutNs / 8 || waitedNs + entry.unreadNs < timeoutNs / 4;
        long aheadNs = fresh ? 0 : entry.unreadNs + expectedNs;
        return nowNs + aheadNs - entry.deadlineNs >= 0;
    }

    /** Fails the one that has waited longest: it cannot be answered in time. */
    void timeOut() {
        LinkEntry entry = leave();
        half.counters().increment(ServerHalfCounter.TIMED_OUT);
        giveUp(entry, entry.message, failures.timedOut());
    }

    /**
     * Refuses the one that has waited longest, so that others have its memory.
     *
     * @return bytes of it, here or in the client half
     */
    long shed() {
        LinkEntry entry = leave();
        Message message = entry.message;
        boolean elsewhere = message != null && message.owner() != half.messages();
        long bytes = entry.parkedBytes + (elsewhere ? message.length() : 0);
        half.counters().increment(ServerHalfCounter.SHED);
        giveUp(entry, message, failures.shed());
        return bytes;
    }

    /**
     * Drops the reads of clients that are gone; writes that were accepted are still sent.
     *
     * @param gone ordinals of the clients
     * @return false if the reply ring is full before all are dropped
     */
    boolean drop(IntHashSet gone) {
        boolean all = true;
        for (int i = entries.size(); i > 0; i--) {
            LinkEntry entry = entries.poll();
            if (!entry.mayDrop || !gone.contains(entry.clientOrdinal)) {
                entries.add(entry);
            } else if (half.replies().hasRoom(LinkQueue.SLOTS)) {
                half.counters().increment(ServerHalfCounter.DROPPED_GONE);
                giveUp(entry, entry.message, failures.noClient());
            } else {
                entries.add(entry);
                all = false;
            }
        }
        return all;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    long bytes() {
        return entries.bytes();
    }
}
