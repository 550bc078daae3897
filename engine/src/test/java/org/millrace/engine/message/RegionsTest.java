package org.millrace.engine.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Bytes that wait: first in, first out, each with its segment. */
class RegionsTest {
    private final SegmentArena arena = new SegmentArena(new ArenaConfig(8 << 20, 1 << 20, true));
    private final Regions regions = new Regions();

    @AfterEach
    void nothingIsLeft() {
        assertTrue(regions.isEmpty());
        assertEquals(0, arena.segmentsInUse());
        arena.close();
    }

    @Test
    void shouldHoldASegmentUntilItsRegionIsTaken() {
        add(10, 50);
        regions.advanceTo(30);
        assertEquals(30, regions.offset());
        assertEquals(50, regions.limit());
        assertEquals(1, regions.segment().references());
        regions.advanceTo(50);
    }

    @Test
    void shouldKeepTheOrderAcrossItsGrowth() {
        int next = 0;
        for (int i = 0; i < 100; i++) {
            add(i, 1000 + i);
            if (i % 2 == 1) {
                assertEquals(next, regions.offset());
                assertEquals(1000 + next++, regions.limit());
                regions.advanceTo(regions.limit());
            }
        }
        while (!regions.isEmpty()) {
            assertEquals(next++, regions.offset());
            regions.advanceTo(regions.limit());
        }
        assertEquals(100, next);
    }

    @Test
    void shouldDropEverything() {
        add(0, 5);
        add(5, 9);
        add(2, 8);
        regions.clear();
    }

    private void add(int offset, int limit) {
        Segment segment = arena.acquire(2000);
        regions.add(segment, offset, limit);
        segment.release();
    }
}
