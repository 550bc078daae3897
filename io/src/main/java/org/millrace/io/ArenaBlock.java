package org.millrace.io;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;

/**
 * A page-aligned piece of direct memory, cut into segments by halving. The segment object of a place and size is made
 * when that place is first used at that size and stays with the block.
 */
final class ArenaBlock {
    /** The largest class of this block: blocks smaller than the largest segment have a smaller one. */
    final int rootClass;
    final int bytes;
    private final ByteBuffer parent;
    private final ByteBuffer memory;
    private final SegmentArena arena;
    private final Segment[][] segments = new Segment[SizeClasses.COUNT][];

    ArenaBlock(SegmentArena arena, int bytes) {
        this.arena = arena;
        this.bytes = bytes;
        // The slice cannot be freed, only what it was sliced from.
        parent = ByteBuffer.allocateDirect(bytes + SegmentArena.PAGE_BYTES);
        memory = parent.alignedSlice(SegmentArena.PAGE_BYTES).slice(0, bytes);
        rootClass = SizeClasses.of(Math.min(bytes, SizeClasses.MAX_BYTES));
    }

    int roots() {
        return bytes / SizeClasses.bytes(rootClass);
    }

    Segment root(int index) {
        return at(rootClass, index * SizeClasses.bytes(rootClass));
    }

    /** The segment of a class at an offset, made if it never was. */
    Segment at(int sizeClass, int offset) {
        Segment[] row = segments[sizeClass];
        if (row == null) {
            row = new Segment[bytes >> SizeClasses.MIN_SHIFT + sizeClass];
            segments[sizeClass] = row;
        }
        int index = offset >> SizeClasses.MIN_SHIFT + sizeClass;
        Segment segment = row[index];
        if (segment == null) {
            segment = new Segment(arena, this, memory, offset, SizeClasses.bytes(sizeClass), sizeClass);
            row[index] = segment;
        }
        return segment;
    }

    /** The other half of the segment that this one was halved from, if it is free and whole, else null. */
    Segment freeBuddy(Segment segment) {
        int sizeClass = segment.sizeClass;
        if (sizeClass == rootClass) {
            return null;
        }
        int offset = segment.offset ^ SizeClasses.bytes(sizeClass);
        Segment buddy = segments[sizeClass][offset >> SizeClasses.MIN_SHIFT + sizeClass];
        return buddy != null && buddy.free ? buddy : null;
    }

    void free() {
        // the allocator may keep what it is given
        Pages.giveBack(BufferUtil.address(parent), parent.capacity());
        BufferUtil.free(parent);
    }
}
