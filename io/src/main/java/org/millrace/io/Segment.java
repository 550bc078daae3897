package org.millrace.io;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A piece of off-heap memory of one {@link SegmentArena}, counted. Acquired with one reference; when the last is
 * released it goes back to its arena. References are taken and given back by the arena's thread alone; another thread
 * may read the bytes while the owner keeps a reference for it.
 */
public final class Segment {
    /** Place in the block; 0 for a dedicated segment. */
    final int offset;
    /** Of {@link SizeClasses}, -1 for a dedicated segment, which is larger than any class. */
    final int sizeClass;
    /** Null for a dedicated segment. */
    final ArenaBlock block;
    /** Whether it stands in its arena's free list, and its neighbours there. */
    boolean free;
    /** While free: the system has its pages back. */
    boolean givenBack;
    Segment next;
    Segment previous;

    private final SegmentArena arena;
    private final UnsafeBuffer buffer;
    private final ByteBuffer memory;
    private ByteBuffer receiveView;
    private ByteBuffer sendView;
    private int references;

    Segment(SegmentArena arena, ArenaBlock block, ByteBuffer memory, int offset, int length, int sizeClass) {
        this.arena = arena;
        this.block = block;
        this.memory = memory;
        this.offset = offset;
        this.sizeClass = sizeClass;
        this.buffer = new UnsafeBuffer(memory, offset, length);
    }

    /** The bytes. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    public int capacity() {
        return buffer.capacity();
    }

    /** Holders at the moment; for the arena's thread. */
    public int references() {
        return references;
    }

    /** One holder more. */
    public void retain() {
        if (references <= 0) {
            throw new IllegalStateException("a segment that nobody holds cannot be retained");
        }
        references++;
    }

    /** One holder fewer; the last one gives the segment back. */
    public void release() {
        if (references <= 0) {
            throw new IllegalStateException("segment released more often than retained");
        }
        if (--references == 0) {
            arena.recycle(this);
        }
    }

    /**
     * For the transport that receives into this segment: all its bytes, position and limit to be set before each use.
     * Apart from {@link #sendView()}, as another thread may send earlier bytes of a segment that is still being filled.
     */
    public ByteBuffer receiveView() {
        if (receiveView == null) {
            receiveView = memory.slice(offset, buffer.capacity());
        }
        return receiveView;
    }

    /** For the transport that sends from this segment, likewise; one thread at a time. */
    public ByteBuffer sendView() {
        if (sendView == null) {
            sendView = memory.slice(offset, buffer.capacity());
        }
        return sendView;
    }

    void acquired() {
        references = 1;
    }

    ByteBuffer memory() {
        return memory;
    }
}
