package org.millrace.io;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;

/**
 * Off-heap memory of one thread: blocks of direct memory, halved into {@link Segment}s of power-of-two sizes from
 * 256 B to 1 MiB (a buddy system: unlike a slab for each size, memory that served one size can serve any other, so the
 * limit means the same whatever the mix of sizes). Free segments of a size stand in a LIFO list and are joined with
 * their free neighbour only beyond a small number or when memory is short, so that the usual acquire and release are a
 * push and a pop of the memory that is hottest in the cache. Larger segments have direct memory of their own that is
 * freed at once. How much it may be in all, its {@link Allowance} says.
 *
 * <p>One thread uses an arena; the gauges may be read by any.
 */
public final class SegmentArena implements AutoCloseable {
    static final int PAGE_BYTES = 4096;
    /** Free segments of a class that are kept as they are before neighbours are joined. */
    private static final int KEPT = 32;
    /** Pages behind smaller free segments are not worth a system call. */
    private static final int MIN_GIVEN_BACK_BYTES = 64 << 10;

    private final ArenaConfig config;
    private final ArrayList<ArenaBlock> blocks = new ArrayList<>();
    private final Segment[] heads = new Segment[SizeClasses.COUNT];
    private final int[] counts = new int[SizeClasses.COUNT];
    /** Pairs of free neighbours that could be joined. */
    private int pairs;
    private boolean closed;

    private final Allowance allowance;
    private final AtomicLong segmentsInUse = new AtomicLong();
    private final AtomicLong exhausted = new AtomicLong();

    /** An arena that shares with nobody. */
    public SegmentArena(ArenaConfig config) {
        this(config, new MemoryBudget(config.maxBytes()));
    }

    /**
     * An arena whose {@code maxBytes} are its own, and which can lease more.
     *
     * @throws IllegalArgumentException if the budget has not even those
     */
    public SegmentArena(ArenaConfig config, MemoryBudget budget) {
        this.config = config;
        allowance = new Allowance(config, budget);
    }

    /**
     * A segment with one reference, its bytes undefined.
     *
     * @return null when the limit less the reserve, or the system's memory, is reached
     */
    public Segment acquire(int minCapacity) {
        if (!allowance.hasPlain(minCapacity)) {
            count(exhausted, 1);
            return null;
        }
        return acquireReserved(minCapacity);
    }

    /**
     * As {@link #acquire}, from the reserve as well: for what frees other memory when it comes, such as replies.
     *
     * @return null when the limit, or the system's memory, is reached
     */
    public Segment acquireReserved(int minCapacity) {
        if (minCapacity > SizeClasses.MAX_BYTES) {
            return acquireDedicated(minCapacity);
        }
        int sizeClass = SizeClasses.of(minCapacity);
        Segment segment = heads[sizeClass];
        if (segment != null) {
            unlink(segment);
        } else {
            segment = cut(sizeClass);
            if (segment == null) {
                count(exhausted, 1);
                return null;
            }
        }
        if (config.poison()) {
            Poison.check(segment.buffer());
        }
        segment.givenBack = false;
        segment.acquired();
        allowance.used(segment.capacity());
        count(segmentsInUse, 1);
        return segment;
    }

    /** Gives all free memory back to the system, see {@link #trim(long, long)}. */
    public void trim() {
        trim(0, Long.MAX_VALUE);
    }

    /**
     * Gives free memory back to the system: wholly free blocks, and of the others the pages behind large free segments,
     * which stay mapped.
     *
     * @param keptBytes of blocks are kept as they are, if there are so many, for the next burst
     * @param mostBytes about so many are given back by one call, as it takes its time
     * @return bytes given back; less than {@code mostBytes} if there is no more
     */
    public long trim(long keptBytes, long mostBytes) {
        long given = trimBlocks(keptBytes, mostBytes);
        return bytesReserved() > keptBytes && !config.poison() ? given + givePagesBack(mostBytes - given) : given;
    }

    /** As {@link #trim(long, long)}, but only what others can lease then: wholly free blocks, and unused leases. */
    public long trimBlocks(long keptBytes, long mostBytes) {
        long given = freeBlocks(keptBytes, mostBytes);
        allowance.giveBack();
        return given;
    }

    private long freeBlocks(long keptBytes, long mostBytes) {
        join();
        long given = 0;
        for (int i = blocks.size() - 1; i >= 0 && given < mostBytes; i--) {
            ArenaBlock block = blocks.get(i);
            if (isFree(block) && bytesReserved() - block.bytes >= keptBytes) {
                for (int root = 0; root < block.roots(); root++) {
                    unlink(block.root(root));
                }
                blocks.remove(i);
                block.free();
                allowance.taken(-block.bytes);
                given += block.bytes;
            }
        }
        return given;
    }

    private long givePagesBack(long mostBytes) {
        long given = 0;
        for (int i = SizeClasses.of(MIN_GIVEN_BACK_BYTES); i < SizeClasses.COUNT; i++) {
            for (Segment segment = heads[i]; segment != null && given < mostBytes; segment = segment.next) {
                if (!segment.givenBack) {
                    segment.givenBack = true;
                    given += Pages.giveBack(segment.buffer().addressOffset(), segment.capacity());
                }
            }
        }
        return given;
    }

    /** What it may take, of the budget and of its own. */
    public Allowance allowance() {
        return allowance;
    }

    /** Bytes that it could take from the system now. Any thread. */
    public long maxBytes() {
        return allowance.maxBytes();
    }

    /** Bytes that {@link #acquire} could use now: all but the reserve. Any thread. */
    public long plainBytes() {
        return allowance.plainBytes();
    }

    /** Sets a new limit to an arena that shares with nobody; a lower one takes nothing away from holders. */
    public void maxBytes(long bytes) {
        allowance.own(bytes);
    }

    /** Bytes of the segments that are out. Any thread. */
    public long bytesInUse() {
        return allowance.inUse();
    }

    /** Bytes taken from the system. Any thread. */
    public long bytesReserved() {
        return allowance.reserved();
    }

    /** Segments that are out. Any thread. */
    public long segmentsInUse() {
        return segmentsInUse.getOpaque();
    }

    /** How often {@link #acquire} returned null. Any thread. */
    public long exhausted() {
        return exhausted.getOpaque();
    }

    /**
     * Frees all memory. Idempotent.
     *
     * @throws IllegalStateException if segments are out; their memory is then left to the garbage collector
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (segmentsInUse() != 0) {
            allowance.close();
            throw new IllegalStateException(segmentsInUse() + " segments, " + bytesInUse() + " bytes, are still out");
        }
        trim();
        allowance.close();
    }

    void recycle(Segment segment) {
        allowance.used(-segment.capacity());
        count(segmentsInUse, -1);
        if (segment.block == null) {
            Pages.giveBack(segment.buffer().addressOffset(), segment.capacity());
            BufferUtil.free(segment.memory());
            allowance.taken(-segment.capacity());
            allowance.giveBack();
            return;
        }
        if (config.poison()) {
            Poison.fill(segment.buffer());
        }
        Segment whole = segment;
        Segment buddy;
        while (counts[whole.sizeClass] >= KEPT && (buddy = whole.block.freeBuddy(whole)) != null) {
            unlink(buddy);
            whole = parent(whole);
            whole.givenBack = false;
        }
        push(whole);
    }

    private Segment acquireDedicated(int minCapacity) {
        int bytes = BitUtil.align(minCapacity, PAGE_BYTES);
        if (bytes > 0 && !allowance.hasRoom(bytes)) {
            freeBlocks(0, Long.MAX_VALUE);
        }
        if (bytes < 0 || !allowance.hasRoom(bytes)) {
            allowance.fellShort();
            count(exhausted, 1);
            return null;
        }
        ByteBuffer memory;
        try {
            memory = ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError e) {
            allowance.giveBack();
            count(exhausted, 1);
            return null;
        }
        allowance.taken(bytes);
        allowance.used(bytes);
        count(segmentsInUse, 1);
        Segment segment = new Segment(this, null, memory, 0, bytes, -1);
        segment.acquired();
        return segment;
    }

    /** Halves the smallest larger free segment; joins neighbours, then takes a block, if there is none. */
    private Segment cut(int sizeClass) {
        int larger = largerClass(sizeClass);
        if (larger < 0 && pairs > 0) {
            join();
            larger = largerClass(sizeClass);
        }
        if (larger < 0) {
            if (!grow(sizeClass)) {
                return null;
            }
            larger = largerClass(sizeClass);
        }
        Segment segment = heads[larger];
        unlink(segment);
        while (segment.sizeClass > sizeClass) {
            ArenaBlock block = segment.block;
            int half = segment.sizeClass - 1;
            boolean givenBack = segment.givenBack;
            Segment upper = block.at(half, segment.offset + SizeClasses.bytes(half));
            upper.givenBack = givenBack;
            push(upper);
            segment = block.at(half, segment.offset);
            segment.givenBack = givenBack;
        }
        return segment;
    }

    private int largerClass(int sizeClass) {
        for (int i = sizeClass; i < SizeClasses.COUNT; i++) {
            if (heads[i] != null) {
                return i;
            }
        }
        return -1;
    }

    private boolean grow(int sizeClass) {
        int bytes = (int) Long.highestOneBit(Math.max(0, allowance.room(config.blockBytes())));
        if (bytes < Math.max(PAGE_BYTES, SizeClasses.bytes(sizeClass))) {
            allowance.fellShort();
            return false;
        }
        ArenaBlock block;
        try {
            block = new ArenaBlock(this, bytes);
        } catch (OutOfMemoryError e) {
            // -XX:MaxDirectMemorySize, or what the system has, is lower than our limit: so that is the limit.
            allowance.refused();
            return false;
        }
        blocks.add(block);
        allowance.taken(bytes);
        for (int i = block.roots() - 1; i >= 0; i--) {
            Segment root = block.root(i);
            if (config.poison()) {
                Poison.fill(root.buffer());
            }
            push(root);
        }
        return true;
    }

    private void join() {
        for (int i = 0; i < SizeClasses.COUNT - 1 && pairs > 0; i++) {
            Segment segment = heads[i];
            while (segment != null) {
                Segment next = segment.next;
                Segment buddy = segment.block.freeBuddy(segment);
                if (buddy != null) {
                    next = next == buddy ? buddy.next : next;
                    unlink(segment);
                    unlink(buddy);
                    Segment whole = parent(segment);
                    whole.givenBack = segment.givenBack && buddy.givenBack;
                    push(whole);
                }
                segment = next;
            }
        }
    }

    private static Segment parent(Segment segment) {
        int bytes = SizeClasses.bytes(segment.sizeClass);
        return segment.block.at(segment.sizeClass + 1, segment.offset & ~bytes);
    }

    private static boolean isFree(ArenaBlock block) {
        for (int i = 0; i < block.roots(); i++) {
            if (!block.root(i).free) {
                return false;
            }
        }
        return true;
    }

    private void push(Segment segment) {
        int sizeClass = segment.sizeClass;
        Segment head = heads[sizeClass];
        segment.next = head;
        if (head != null) {
            head.previous = segment;
        }
        heads[sizeClass] = segment;
        counts[sizeClass]++;
        segment.free = true;
        if (segment.block.freeBuddy(segment) != null) {
            pairs++;
        }
    }

    private void unlink(Segment segment) {
        int sizeClass = segment.sizeClass;
        if (segment.previous == null) {
            heads[sizeClass] = segment.next;
        } else {
            segment.previous.next = segment.next;
        }
        if (segment.next != null) {
            segment.next.previous = segment.previous;
        }
        segment.next = null;
        segment.previous = null;
        counts[sizeClass]--;
        segment.free = false;
        if (segment.block.freeBuddy(segment) != null) {
            pairs--;
        }
    }

    private static void count(AtomicLong gauge, long change) {
        gauge.setOpaque(gauge.getPlain() + change);
    }
}
