package org.millrace.io;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A piece of off-heap memory of one {@link SegmentArena}, counted. Acquired with one reference; when the last is
 * released it goes back to its arena. References are taken and given back by the arena's thread alone; another thread
 * may read the bytes while the owner keeps a reference for it.
 *
 * <p>The record is used again for other memory: there are about as many as segments are out.
 */
public final class Segment {
    /** Place in the block; 0 for a dedicated segment. */
    int offset;
    /** Of {@link SizeClasses}, -1 for a dedicated segment, which is larger than any class and all of its block. */
    int sizeClass;
    /** Null while the record stands for no memory. */
    ArenaBlock block;
    /** In its arena's list of those kept as they are, or of those that stand for nothing. */
    Segment next;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private ByteBuffer receiveView;
    private ByteBuffer sendView;
    private int references;

    /** Stands for this memory from now on. */
    void place(ArenaBlock owner, int at, int length, int ofClass) {
        if (block != owner) {
            clear();
            block = owner;
        }
        offset = at;
        sizeClass = ofClass;
        buffer.wrap(owner.memory, at, length);
    }

    /** Keeps nothing of the block alive that it was in. */
    void clear() {
        block = null;
        receiveView = null;
        sendView = null;
        buffer.wrap(0, 0);
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
            block.arena.recycle(this);
        }
    }

    /**
     * For the transport that receives into this segment: these of its bytes, from position to limit; the same object
     * each time. Apart from {@link #sendView}, as another thread may send earlier bytes of a segment that is still
     * being filled.
     */
    public ByteBuffer receiveView(int from, int length) {
        if (receiveView == null) {
            receiveView = block.memory.duplicate();
        }
        return part(receiveView, from, length);
    }

    /** For the transport that sends from this segment, likewise; one thread at a time. */
    public ByteBuffer sendView(int from, int length) {
        if (sendView == null) {
            sendView = block.memory.duplicate();
        }
        return part(sendView, from, length);
    }

    private ByteBuffer part(ByteBuffer view, int from, int length) {
        return view.limit(offset + from + length).position(offset + from);
    }

    void acquired() {
        references = 1;
    }
}
