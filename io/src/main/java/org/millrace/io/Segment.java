package org.millrace.io;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A piece of off-heap memory of one {@link SegmentArena}, counted. Acquired with one reference; when the last is
 * released it goes back to its arena. References are taken and given back by the arena's thread alone; another thread
 * may read the bytes while the owner keeps a reference for it.
 */
public final class Segment {
    private final SegmentArena arena;
    private final int sizeClass;
    private final UnsafeBuffer buffer;
    private final ByteBuffer memory;
    private ByteBuffer receiveView;
    private ByteBuffer sendView;
    private int references;

    Segment(final SegmentArena arena, final int sizeClass, final ByteBuffer memory) {
        this.arena = arena;
        this.sizeClass = sizeClass;
        this.memory = memory;
        this.buffer = new UnsafeBuffer(memory);
    }

    /** The bytes. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    public int capacity() {
        return buffer.capacity();
    }

    /** One holder more. */
    public void retain() {
        references++;
    }

    /** One holder fewer; the last one gives the segment back. */
    public void release() {
        if (--references == 0) {
            arena.recycle(this);
        } else if (references < 0) {
            throw new IllegalStateException("segment released more often than retained");
        }
    }

    int sizeClass() {
        return sizeClass;
    }
}
