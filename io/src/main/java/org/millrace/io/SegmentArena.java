package org.millrace.io;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Off-heap memory of one thread: blocks of direct memory, halved into {@link Segment}s of power-of-two sizes from
 * 256 B to 1 MiB (a buddy system: unlike a slab for each size, memory that served one size can serve any other, so the
 * limit means the same whatever the mix of sizes). A small number of free segments of each size stand in a LIFO list,
 * so that the usual acquire and release are a push and a pop of the memory that is hottest in the cache; beyond it, or
 * when memory is short, they are joined with their free neighbours ({@link FreePlaces}). Larger segments have direct
 * memory of their own that is freed at once. How much it may be in all, its {@link Allowance} says.
 *
 * <p>On the heap stand a record of 88 bytes for each segment that is out, some hundred others, and a thousandth of the
 * arena for what is free.
 *
 * <p>One thread uses an arena; the gauges may be read by any.
 */
public final class SegmentArena implements AutoCloseable {
    static final int PAGE_BYTES = 4096;
    /** Pages behind smaller free places are not worth a system call. */
    static final int MIN_GIVEN_BACK_CLASS = SizeClasses.of(64 << 10);
    /** Free segments of a class that are kept as they are before neighbours are joined. */
    private static final int KEPT = 32;
    /** Records that {@link #trim} leaves for the next burst. */
    private static final int SPARES = 1024;

    private final ArenaConfig config;
    private final ArrayList<ArenaBlock> blocks = new ArrayList<>();
    private final FreePlaces places = new FreePlaces();
    /** Free segments that are kept as they are. */
    private final Segment[] heads = new Segment[SizeClasses.COUNT];
    private final int[] counts = new int[SizeClasses.COUNT];
    private int kept;
    /** Records that stand for nothing. */
    private Segment spare;
    private int spares;
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
            heads[sizeClass] = segment.next;
            segment.next = null;
            counts[sizeClass]--;
            kept--;
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
     * Gives free memory back to the system: wholly free blocks, and of the others the pages behind large free places,
     * which stay mapped. The records that a burst has left go with them.
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
        joinKept();
        dropSpares();
        long given = 0;
        for (int i = blocks.size() - 1; i >= 0 && given < mostBytes; i--) {
            ArenaBlock block = blocks.get(i);
            if (block.isWhollyFree() && bytesReserved() - block.bytes >= keptBytes) {
                places.removeAll(block);
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
        for (int i = 0; i < blocks.size() && given < mostBytes; i++) {
            given += blocks.get(i).givePagesBack(mostBytes - given);
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

    /** What of that is not in use; negative when the reserve is. Any thread. */
    public long plainFreeBytes() {
        return plainBytes() - bytesInUse();
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

    /** Records on the heap for segments that are out or may be again; the arena's thread. */
    int records() {
        return (int) segmentsInUse.getPlain() + kept + spares;
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
        if (segment.sizeClass < 0) {
            allowance.taken(-segment.capacity());
            segment.block.free();
            segment.clear();
            allowance.giveBack();
            return;
        }
        if (config.poison()) {
            Poison.fill(segment.buffer());
        }
        int sizeClass = segment.sizeClass;
        if (counts[sizeClass] < KEPT) {
            segment.next = heads[sizeClass];
            heads[sizeClass] = segment;
            counts[sizeClass]++;
            kept++;
        } else {
            join(segment);
        }
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
        Segment segment = new Segment();
        segment.place(new ArenaBlock(this, memory), 0, bytes, -1);
        segment.acquired();
        return segment;
    }

    /** Halves the smallest larger free place; joins what is kept, then takes a block, if there is none. */
    private Segment cut(int sizeClass) {
        ArenaBlock block = places.find(sizeClass);
        if (block == null && kept > 0) {
            joinKept();
            block = places.find(sizeClass);
        }
        if (block == null && grow(sizeClass)) {
            block = places.find(sizeClass);
        }
        if (block == null) {
            return null;
        }
        Segment segment = spare;
        if (segment == null) {
            segment = new Segment();
        } else {
            spare = segment.next;
            segment.next = null;
            spares--;
        }
        segment.place(block, places.take(block, sizeClass), SizeClasses.bytes(sizeClass), sizeClass);
        return segment;
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
        if (config.poison()) {
            Poison.fill(new UnsafeBuffer(block.memory));
        }
        places.addAll(block);
        return true;
    }

    /** The memory of a free segment is joined with its free neighbours, its record kept for other memory. */
    private void join(Segment segment) {
        places.put(segment.block, segment.sizeClass, segment.offset);
        segment.next = spare;
        spare = segment;
        spares++;
    }

    private void joinKept() {
        for (int i = 0; i < SizeClasses.COUNT; i++) {
            while (heads[i] != null) {
                Segment segment = heads[i];
                heads[i] = segment.next;
                join(segment);
            }
            counts[i] = 0;
        }
        kept = 0;
    }

    private void dropSpares() {
        while (spares > SPARES) {
            spare = spare.next;
            spares--;
        }
        for (Segment segment = spare; segment != null; segment = segment.next) {
            segment.clear();
        }
    }

    private static void count(AtomicLong gauge, long change) {
        gauge.setOpaque(gauge.getPlain() + change);
    }
}
