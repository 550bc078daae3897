package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** A burst's memory goes back to the system, a steady load's stays. */
class IdleMemoryTest {
    private static final int MIB = 1 << 20;

    private final SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(256 * MIB));
    private final IdleMemory memory = new IdleMemory(arena);
    private final List<Segment> taken = new ArrayList<>();
    private long nowNs;

    @AfterEach
    void close() {
        taken.forEach(Segment::release);
        arena.close();
    }

    @Test
    void shouldGiveBackWhatABurstHasLeftWithinSeconds() {
        take(100);
        turns(10_000);
        assertEquals(100 * MIB, arena.bytesReserved());
        giveUp();
        turns(2_000);
        assertEquals(100 * MIB, arena.bytesReserved(), "the peak is not forgotten at once");
        turns(5_000);
        assertTrue(arena.bytesReserved() <= IdleMemory.SLACK_BYTES, arena.bytesReserved() + " bytes");
    }

    @Test
    void shouldKeepWhatALoadThatComesAndGoesNeeds() {
        for (int i = 0; i < 20; i++) {
            take(64);
            turns(700);
            giveUp();
            turns(700);
            assertEquals(64 * MIB, arena.bytesReserved());
        }
    }

    @Test
    void shouldGiveBackALittleAtATime() {
        take(200);
        turns(10);
        giveUp();
        long reserved = arena.bytesReserved();
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            turns(1);
            most = Math.max(most, reserved - arena.bytesReserved());
            reserved = arena.bytesReserved();
        }
        assertTrue(most > 0 && most <= 12 * MIB, most + " bytes in one turn");
    }

    private void take(int mib) {
        for (int i = 0; i < mib; i++) {
            taken.add(arena.acquire(MIB));
        }
    }

    private void giveUp() {
        taken.forEach(Segment::release);
        taken.clear();
    }

    /** Turns of a millisecond. */
    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            nowNs += 1_000_000;
            memory.look(nowNs);
        }
    }
}
