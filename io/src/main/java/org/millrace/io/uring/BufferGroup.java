package org.millrace.io.uring;

import java.util.ArrayDeque;
import org.agrona.BitUtil;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;
import org.millrace.io.uring.Abi.Buf;
import org.millrace.io.uring.Abi.Register;

/**
 * A ring of provided buffers: segments that the kernel picks from when bytes have arrived, for whichever connection.
 * It holds as many as the load of the last moments needs, those that are kept when nothing goes on, and at most its
 * share of the arena.
 *
 * <p>The kernel takes buffers in the order of the ring, and only within an enter call of this thread, so that what it
 * has not taken can be withdrawn between two calls.
 */
final class BufferGroup {
    private static final int MIN_SEGMENT_BYTES = 4096;
    private static final int MIN_BUFFERS = 2;
    /** Part of the arena that the buffers may be. */
    private static final int ARENA_SHARE = 8;
    /** Buffers after the first exhaustion. */
    private static final int FIRST_STEP = 8;
    private static final int TURNS_BETWEEN_LOOKS = 16;
    private static final long WINDOW_NS = 100_000_000;

    private final Ring ring;
    private final SegmentArena arena;
    private final boolean reserved;
    private final int kept;
    private final int id;
    private final int segmentBytes;
    /** Whatever the arena could hold. */
    private final int max;
    private final int mask;
    private final long entries;
    private final Segment[] segments;
    private final int[] freeIds;
    private int freeCount;
    private final ArrayDeque<UringReceive> waiting = new ArrayDeque<>();
    private final ArrayDeque<UringReceive> starved = new ArrayDeque<>();
    private short tail;
    private short head;
    private int target;
    private int usedThisTurn;
    private int peak;
    private int turns;
    private long windowEndNs;
    private long exhaustions;

    BufferGroup(Ring ring, SegmentArena arena, boolean reserved, int buffers, int kept, int bytes)
        throws RingException {
        this.ring = ring;
        this.arena = arena;
        this.reserved = reserved;
        this.kept = kept;
        this.id = reserved ? 1 : 0;
        long share = arena.maxBytes() / ARENA_SHARE;
        long fitting = Math.max(MIN_SEGMENT_BYTES, Long.highestOneBit(share / MIN_BUFFERS));
        segmentBytes = (int) Math.min(bytes, fitting);
        max = (int) Math.max(MIN_BUFFERS, Math.min(buffers, share / segmentBytes));
        int size = BitUtil.findNextPositivePowerOfTwo(max);
        mask = size - 1;
        segments = new Segment[size];
        freeIds = new int[size];
        for (int i = 0; i < size; i++) {
            freeIds[freeCount++] = i;
        }
        entries = RingException.check("mmap of a buffer ring", Mapping.anonymous(ring.syscalls(), ringBytes()));
        try {
            long registration = ring.scratch();
            Raw.clear(registration, Register.REG_BYTES);
            Raw.putLong(registration + Register.REG_RING_ADDR, entries);
            Raw.putInt(registration + Register.REG_RING_ENTRIES, size);
            Raw.putShort(registration + Register.REG_BGID, (short) id);
            RingException.check("IORING_REGISTER_PBUF_RING", ring.register(Register.PBUF_RING, registration, 1));
            RingException.check("IORING_REGISTER_PBUF_STATUS", kernelHead());
        } catch (RingException e) {
            Mapping.free(entries, ringBytes());
            throw e;
        }
    }

    int id() {
        return id;
    }

    /** Buffers that the kernel may take. */
    int published() {
        return (short) (tail - head) & 0xffff;
    }

    /** Most buffers: the share of what the arena could hold now. */
    int max() {
        return (int) Math.max(MIN_BUFFERS, Math.min(max, arena.maxBytes() / ARENA_SHARE / segmentBytes));
    }

    int segmentBytes() {
        return segmentBytes;
    }

    /** How often a connection found no buffer. */
    long exhaustions() {
        return exhaustions;
    }

    /** Somebody receives from this group: it has buffers from now on, as the kernel looks for one at once. */
    void use() {
        if (target == 0) {
            target = Math.min(max(), kept);
            refill();
        }
    }

    /** Publishes what is missing, as far as there is memory. */
    void refill() {
        while (published() < target) {
            Segment segment = acquire(segmentBytes);
            if (segment == null) {
                segment = acquire(MIN_SEGMENT_BYTES);
            }
            if (segment == null) {
                return;
            }
            int bid = freeIds[--freeCount];
            segments[bid] = segment;
            publish(bid);
        }
    }

    /** Whether connections wait for buffers, or would if they received anything. */
    boolean isShort() {
        return !waiting.isEmpty() || !starved.isEmpty() || target > 0 && published() == 0;
    }

    /** The kernel has filled a buffer, which is the caller's until {@link #giveBack} or {@link #detach}. */
    Segment take(int bid) {
        head++;
        usedThisTurn++;
        return segments[bid];
    }

    /** The bytes have been delivered: publishes the buffer again, unless somebody has kept it or it is one too many. */
    void giveBack(int bid) {
        Segment segment = segments[bid];
        if (segment.references() > 1 || segment.capacity() < segmentBytes || published() >= target) {
            drop(bid);
        } else {
            publish(bid);
        }
    }

    /** The segment goes over to the caller, with its reference; another is put in its place when there is memory. */
    Segment detach(int bid) {
        Segment segment = segments[bid];
        segments[bid] = null;
        freeIds[freeCount++] = bid;
        return segment;
    }

    /** A connection has found no buffer, and comes again when there is one. */
    void await(UringReceive receive) {
        exhaustions++;
        target = Math.min(max(), Math.max(target * 2, FIRST_STEP));
        waiting.add(receive);
    }

    /** A connection has found no memory of its own to gather in, and comes again when there is some. */
    void awaitMemory(UringReceive receive) {
        starved.add(receive);
    }

    /** Lets those go on that wait, first come, first served, as many as there is memory for. */
    void resumeWaiting() {
        while (!starved.isEmpty() && starved.peek().gatherAgain()) {
            starved.poll();
        }
        for (int i = published(); i > 0 && !waiting.isEmpty(); i--) {
            waiting.poll().resumeFromWait();
        }
    }

    /** Follows the load: what was not needed for a while is given back. */
    void endTurn() {
        peak = Math.max(peak, usedThisTurn);
        usedThisTurn = 0;
        if (++turns < TURNS_BETWEEN_LOOKS) {
            return;
        }
        turns = 0;
        long nowNs = System.nanoTime();
        if (nowNs - windowEndNs >= 0) {
            int wanted = Math.min(max(), Math.max(kept, peak * 2));
            if (target > wanted) {
                target = Math.max(wanted, target / 2);
                withdraw();
            }
            peak = 0;
            windowEndNs = nowNs + WINDOW_NS;
        }
    }

    /** The ring is gone, and with it whoever could write to the buffers. */
    void release() {
        for (int bid = 0; bid < segments.length; bid++) {
            if (segments[bid] != null) {
                segments[bid].release();
                segments[bid] = null;
            }
        }
        waiting.clear();
        starved.clear();
        Mapping.free(entries, ringBytes());
    }

    private Segment acquire(int bytes) {
        return reserved ? arena.acquireReserved(bytes) : arena.acquire(bytes);
    }

    private void publish(int bid) {
        Segment segment = segments[bid];
        long entry = entries + (long) (tail & mask) * Buf.BYTES;
        Raw.putLong(entry + Buf.ADDR, segment.buffer().addressOffset());
        Raw.putInt(entry + Buf.LEN, segment.capacity());
        Raw.putShort(entry + Buf.BID, (short) bid);
        Raw.putShortRelease(entries + Buf.RING_TAIL, ++tail);
    }

    private void drop(int bid) {
        segments[bid].release();
        segments[bid] = null;
        freeIds[freeCount++] = bid;
    }

    /** Takes published buffers back, newest first, if the kernel has taken none that it has not told of. */
    private void withdraw() {
        int excess = published() - target;
        if (excess <= 0 || kernelHead() != (head & 0xffff)) {
            return;
        }
        tail -= (short) excess;
        Raw.putShortRelease(entries + Buf.RING_TAIL, tail);
        for (int i = 0; i < excess; i++) {
            drop(Raw.getShort(entries + (long) (tail + i & mask) * Buf.BYTES + Buf.BID));
        }
    }

    /** Count of buffers that the kernel has taken, 16 bits of it; or the negative errno. */
    private long kernelHead() {
        long status = ring.scratch();
        Raw.clear(status, Register.STATUS_BYTES);
        Raw.putInt(status + Register.STATUS_BUF_GROUP, id);
        long result = ring.register(Register.PBUF_STATUS, status, 1);
        return result < 0 ? result : Raw.getInt(status + Register.STATUS_HEAD) & 0xffff;
    }

    private long ringBytes() {
        return BitUtil.align((long) (mask + 1) * Buf.BYTES, Mapping.PAGE_BYTES);
    }
}
