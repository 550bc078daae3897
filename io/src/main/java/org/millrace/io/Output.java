package org.millrace.io;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one connection is to send: a FIFO of chunks. Small bytes are copied into segments of its own, which it takes as
 * it needs them and gives back when they are written, so that an idle output holds none; large ones are borrowed from
 * whoever holds them. It has no limit: its user watches {@link #unsentBytes()}.
 *
 * <p>Used by the connection's thread alone. Positions count bytes since the connection was made.
 */
public final class Output {
    private static final int MIN_BYTES = 2 << 10;
    private static final int MAX_FIRST_BYTES = 16 << 10;
    private static final int MAX_BYTES = 32 << 10;

    private final SegmentArena arena;
    private final ChunkRing chunks = new ChunkRing();
    /** The segment of our own that is being filled, how far, and how many chunks lie in it; we hold one reference. */
    private Segment tail;
    private int tailUsed;
    private int tailChunks;
    private int firstBytes = MIN_BYTES;
    private int nextBytes = MIN_BYTES;
    private long appended;
    private long written;

    public Output(SegmentArena arena) {
        this.arena = arena;
    }

    /**
     * Copies bytes to the end.
     *
     * @return false if the arena is exhausted; nothing is appended then
     */
    public boolean append(DirectBuffer src, int offset, int length) {
        int room = tail == null ? 0 : tail.capacity() - tailUsed;
        int first = Math.min(room, length);
        Segment more = null;
        if (first < length) {
            more = acquire(length - first);
            if (more == null) {
                return false;
            }
        }
        if (first > 0) {
            tail.buffer().putBytes(tailUsed, src, offset, first);
            extend(first);
        }
        if (more != null) {
            startTail(more);
            more.buffer().putBytes(0, src, offset + first, length - first);
            extend(length - first);
        }
        return true;
    }

    /**
     * Appends bytes that somebody else holds, without copying or counting: the caller keeps the segment alive until
     * {@link ConnectionHandler#onWritten} passes the position after them, or {@link ConnectionHandler#onClosed} comes.
     */
    public void appendBorrowed(Segment segment, int offset, int length) {
        if (length > 0) {
            if (!chunks.extendLast(segment, offset, length, false)) {
                chunks.add(segment, offset, length, false);
            }
            appended += length;
        }
    }

    /**
     * Room for a writer to fill in place. Must be followed by {@link #commit} before anything else is called.
     *
     * @param maxLength most bytes that will be committed
     * @return where to write, from {@link #reservedOffset()} on; null if the arena is exhausted (no commit then)
     */
    public UnsafeBuffer reserve(int maxLength) {
        if (tail == null || tail.capacity() - tailUsed < maxLength) {
            Segment segment = acquire(maxLength);
            if (segment == null) {
                return null;
            }
            startTail(segment);
        }
        return tail.buffer();
    }

    /** First byte of the room that {@link #reserve} gave. */
    public int reservedOffset() {
        return tailUsed;
    }

    /** Appends what has been written to the reserved room; 0 for nothing. */
    public void commit(int length) {
        if (length > 0) {
            if (length > tail.capacity() - tailUsed) {
                throw new IllegalArgumentException("length: " + length + " is more than was reserved");
            }
            extend(length);
        } else if (tailChunks == 0) {
            dropTail();
        }
    }

    /** Bytes ever appended. */
    public long appendedPosition() {
        return appended;
    }

    /** Bytes that have left this process. */
    public long writtenPosition() {
        return written;
    }

    /** Bytes appended and not written. */
    public long unsentBytes() {
        return appended - written;
    }

    /** For transports: chunks that are not written, the first of which may be so in part. */
    public int chunks() {
        return chunks.size();
    }

    /** For transports: where a chunk lies; 0 is the next to be written. */
    public Segment chunkSegment(int index) {
        return chunks.segment(index);
    }

    /** For transports: first unwritten byte of a chunk. */
    public int chunkOffset(int index) {
        return chunks.offset(index);
    }

    /** For transports: unwritten bytes of a chunk. */
    public int chunkLength(int index) {
        return chunks.length(index);
    }

    /** For transports: so many bytes have been written; gives back what held them. */
    public void advance(long bytes) {
        if (bytes > unsentBytes()) {
            throw new IllegalArgumentException("bytes: " + bytes + " of " + unsentBytes() + " unsent");
        }
        written += bytes;
        long left = bytes;
        while (left > 0) {
            int length = chunks.length(0);
            if (left < length) {
                chunks.consume((int) left);
                return;
            }
            left -= length;
            removeFirst();
        }
        if (chunks.size() == 0) {
            nextBytes = firstBytes;
        }
    }

    /** For transports: drops what is unsent. */
    public void discard() {
        while (chunks.size() > 0) {
            removeFirst();
        }
        dropTail();
        appended = written;
    }

    private void removeFirst() {
        Segment segment = chunks.segment(0);
        boolean owned = chunks.isOwned(0);
        chunks.removeFirst();
        if (owned) {
            segment.release();
            if (segment == tail && --tailChunks == 0) {
                dropTail();
            }
        }
    }

    /** Sizes follow the load: a burst that outgrew its first segment makes the next burst begin with a larger one. */
    private Segment acquire(int minBytes) {
        int bytes = nextBytes;
        Segment segment = arena.acquireReserved(Math.max(bytes, minBytes));
        if (segment == null && minBytes < bytes) {
            segment = arena.acquireReserved(minBytes);
        }
        if (segment != null && tail != null) {
            firstBytes = Math.min(MAX_FIRST_BYTES, Math.max(firstBytes, bytes));
        }
        return segment;
    }

    private void startTail(Segment segment) {
        dropTail();
        tail = segment;
        nextBytes = Math.min(MAX_BYTES, nextBytes * 2);
    }

    private void dropTail() {
        if (tail != null) {
            if (tail.capacity() == firstBytes && tailUsed < firstBytes / 4) {
                firstBytes = Math.max(MIN_BYTES, firstBytes / 2);
            }
            tail.release();
            tail = null;
        }
        tailUsed = 0;
        tailChunks = 0;
    }

    private void extend(int length) {
        if (!chunks.extendLast(tail, tailUsed, length, true)) {
            tail.retain();
            tailChunks++;
            chunks.add(tail, tailUsed, length, true);
        }
        tailUsed += length;
        appended += length;
    }
}
