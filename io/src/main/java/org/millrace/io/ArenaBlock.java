package org.millrace.io;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;

/**
 * A page-aligned piece of direct memory, cut into segments by halving. Which of its places are free stands in one bit
 * for each place of each size, so that what is free costs the heap a thousandth of it and no object.
 */
final class ArenaBlock {
    /** The largest class of this block: blocks smaller than the largest segment have a smaller one. */
    final int rootClass;
    final int bytes;
    final ByteBuffer memory;
    final SegmentArena arena;
    /** Neighbours among the blocks with a free place of a class; {@link FreePlaces} keeps these lists. */
    final ArenaBlock[] next;
    final ArenaBlock[] previous;
    private final ByteBuffer parent;
    private final long[][] free;
    /** Of the free places: the system has their pages back. */
    private final long[][] givenBack;
    private final int[] counts;
    /** No word before it has a free place. */
    private final int[] firstWords;

    ArenaBlock(SegmentArena arena, int bytes) {
        this.arena = arena;
        this.bytes = bytes;
        // The slice cannot be freed, only what it was sliced from.
        parent = ByteBuffer.allocateDirect(bytes + SegmentArena.PAGE_BYTES);
        memory = parent.alignedSlice(SegmentArena.PAGE_BYTES).slice(0, bytes);
        rootClass = SizeClasses.of(Math.min(bytes, SizeClasses.MAX_BYTES));
        int classes = rootClass + 1;
        next = new ArenaBlock[classes];
        previous = new ArenaBlock[classes];
        free = new long[classes][];
        givenBack = new long[classes][];
        counts = new int[classes];
        firstWords = new int[classes];
        for (int i = 0; i < classes; i++) {
            int words = words(i);
            free[i] = new long[words];
            givenBack[i] = i < SegmentArena.MIN_GIVEN_BACK_CLASS ? null : new long[words];
        }
    }

    /** The memory of one segment that is larger than any class. */
    ArenaBlock(SegmentArena arena, ByteBuffer memory) {
        this.arena = arena;
        this.memory = memory;
        parent = memory;
        bytes = memory.capacity();
        rootClass = -1;
        next = null;
        previous = null;
        free = null;
        givenBack = null;
        counts = null;
        firstWords = null;
    }

    int roots() {
        return bytes / SizeClasses.bytes(rootClass);
    }

    boolean isWhollyFree() {
        return counts[rootClass] == roots();
    }

    /** Free places of a class. */
    int count(int sizeClass) {
        return counts[sizeClass];
    }

    boolean isFree(int sizeClass, int place) {
        return (free[sizeClass][place >> 6] & 1L << place) != 0;
    }

    /** The free place of a class nearest to the beginning; there must be one. */
    int first(int sizeClass) {
        long[] row = free[sizeClass];
        int word = firstWords[sizeClass];
        while (row[word] == 0) {
            word++;
        }
        firstWords[sizeClass] = word;
        return (word << 6) + Long.numberOfTrailingZeros(row[word]);
    }

    void add(int sizeClass, int place, boolean isGivenBack) {
        int word = place >> 6;
        free[sizeClass][word] |= 1L << place;
        firstWords[sizeClass] = Math.min(firstWords[sizeClass], word);
        counts[sizeClass]++;
        if (isGivenBack && givenBack[sizeClass] != null) {
            givenBack[sizeClass][word] |= 1L << place;
        }
    }

    /** Returns whether its pages had been given back. */
    boolean remove(int sizeClass, int place) {
        int word = place >> 6;
        long bit = 1L << place;
        free[sizeClass][word] &= ~bit;
        counts[sizeClass]--;
        long[] row = givenBack[sizeClass];
        boolean isGivenBack = row != null && (row[word] & bit) != 0;
        if (isGivenBack) {
            row[word] &= ~bit;
        }
        return isGivenBack;
    }

    /** Gives pages behind large free places back, about so many bytes; returns how many. */
    long givePagesBack(long mostBytes) {
        long given = 0;
        for (int i = SegmentArena.MIN_GIVEN_BACK_CLASS; i <= rootClass; i++) {
            int length = SizeClasses.bytes(i);
            for (int word = 0; word < free[i].length; word++) {
                long left = free[i][word] & ~givenBack[i][word];
                while (left != 0 && given < mostBytes) {
                    int place = (word << 6) + Long.numberOfTrailingZeros(left);
                    left &= left - 1;
                    givenBack[i][word] |= 1L << place;
                    given += Pages.giveBack(BufferUtil.address(memory) + (long) place * length, length);
                }
            }
        }
        return given;
    }

    void free() {
        // the allocator may keep what it is given
        Pages.giveBack(BufferUtil.address(parent), parent.capacity());
        BufferUtil.free(parent);
    }

    private int words(int sizeClass) {
        return (bytes >> SizeClasses.MIN_SHIFT + sizeClass) + Long.SIZE - 1 >> 6;
    }
}
