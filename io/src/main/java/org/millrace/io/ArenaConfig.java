package org.millrace.io;

import org.agrona.BitUtil;

/**
 * Limits of a {@link SegmentArena}.
 *
 * @param maxBytes     memory that nobody else can take: the most that is taken from the system, but for what is leased
 *                     of a {@link MemoryBudget}
 * @param blockBytes   size of the pieces in which it is taken, a power of two of at least a page
 * @param reserveBytes the last part of it, which {@link SegmentArena#acquire} leaves to
 *                     {@link SegmentArena#acquireReserved}; of what is leased the same part
 * @param poison       fills free segments and checks on acquiring that nobody wrote to them; for tests, slow
 */
public record ArenaConfig(long maxBytes, int blockBytes, long reserveBytes, boolean poison) {
    /** Default size of a block. */
    public static final int BLOCK_BYTES = 4 << 20;

    /** Refuses what cannot work. */
    public ArenaConfig {
        if (maxBytes < SegmentArena.PAGE_BYTES) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + " is less than a page");
        }
        if (!BitUtil.isPowerOfTwo(blockBytes) || blockBytes < SegmentArena.PAGE_BYTES) {
            throw new IllegalArgumentException("blockBytes: " + blockBytes + " is no power of two of a page or more");
        }
        if (reserveBytes < 0 || reserveBytes > maxBytes) {
            throw new IllegalArgumentException("reserveBytes: " + reserveBytes + " of " + maxBytes);
        }
    }

    /** No reserve: all of it for everybody. */
    public ArenaConfig(long maxBytes, int blockBytes, boolean poison) {
        this(maxBytes, blockBytes, 0, poison);
    }

    /** The same with a reserve. */
    public ArenaConfig withReserve(long bytes) {
        return new ArenaConfig(maxBytes, blockBytes, bytes, poison);
    }

    /** Blocks of the default size, no poison. */
    public static ArenaConfig ofMaxBytes(long maxBytes) {
        return new ArenaConfig(maxBytes, BLOCK_BYTES, false);
    }
}
