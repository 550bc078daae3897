package org.millrace.engine.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Segments stay until the last slot that points into them is consumed. */
class ResidentsTest {
    private final SegmentArena arena = new SegmentArena(new ArenaConfig(8 << 20, 1 << 20, true));
    private final Residents residents = new Residents();

    @AfterEach
    void nothingIsLeft() {
        assertTrue(residents.isEmpty());
        assertEquals(0, arena.segmentsInUse());
        arena.close();
    }

    @Test
    void shouldKeepASegmentUntilItsLastSlotIsConsumed() {
        Segment segment = arena.acquire(100);
        residents.keep(segment, 5);
        residents.keep(segment, 6);
        residents.keep(segment, 9);
        assertEquals(2, segment.references());
        segment.release();
        residents.releaseUpTo(8);
        assertEquals(1, segment.references());
        residents.releaseUpTo(9);
        assertEquals(0, segment.references());
    }

    @Test
    void shouldCountASegmentForEachVisit() {
        Segment first = arena.acquire(100);
        Segment second = arena.acquire(100);
        residents.keep(first, 1);
        residents.keep(second, 2);
        residents.keep(first, 3);
        assertEquals(3, first.references());
        residents.releaseUpTo(1);
        assertEquals(2, first.references());
        residents.releaseUpTo(3);
        assertEquals(1, first.references());
        first.release();
        second.release();
    }

    @Test
    void shouldKeepManyInOrderAcrossItsGrowth() {
        List<Segment> segments = new ArrayList<>();
        int released = 0;
        for (int i = 0; i < 1_000; i++) {
            Segment segment = arena.acquire(100);
            segments.add(segment);
            residents.keep(segment, i);
            segment.release();
            if (i % 3 == 2) {
                residents.releaseUpTo(released++);
            }
        }
        for (int i = 0; i < segments.size(); i++) {
            residents.releaseUpTo(i);
            if (i >= released) {
                assertEquals(segments.size() - i - 1, arena.segmentsInUse());
            }
        }
    }
}
