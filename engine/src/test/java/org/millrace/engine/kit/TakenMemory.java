package org.millrace.engine.kit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** All memory of an arena, its reserve included, until this is closed. */
public final class TakenMemory implements AutoCloseable {
    private static final int LARGEST = 1 << 20;
    private static final int SMALLEST = 256;

    private final Deque<Segment> taken = new ArrayDeque<>();

    /** Takes all. */
    public static TakenMemory of(SegmentArena arena) {
        TakenMemory all = new TakenMemory();
        for (int size = LARGEST; size >= SMALLEST; size >>= 1) {
            Segment segment = arena.acquireReserved(size);
            while (segment != null) {
                all.taken.add(segment);
                segment = arena.acquireReserved(size);
            }
        }
        return all;
    }

    /** Gives one segment of so many bytes back, and keeps all others. */
    public TakenMemory allBut(SegmentArena arena, int bytes) {
        Segment last = taken.removeFirst();
        int left = last.capacity();
        last.release();
        while (left > bytes) {
            left >>= 1;
            taken.add(arena.acquireReserved(left));
        }
        return this;
    }

    @Override
    public void close() {
        taken.forEach(Segment::release);
        taken.clear();
    }
}
