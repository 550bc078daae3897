package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.io.ArenaConfig;
import org.millrace.io.MemoryBudget;
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

    @Test
    void shouldGiveToOthersAtOnceWhatWasNotInUseInTheLastMoments() {
        MemoryBudget budget = new MemoryBudget(256 * MIB);
        try (SegmentArena idle = new SegmentArena(ArenaConfig.ofMaxBytes(4 * MIB), budget);
            SegmentArena other = new SegmentArena(ArenaConfig.ofMaxBytes(4 * MIB), budget)) {
            IdleMemory ofIdle = new IdleMemory(idle);
            for (int i = 0; i < 100; i++) {
                taken.add(idle.acquire(MIB));
            }
            List<Segment> few = List.copyOf(taken.subList(0, 10));
            taken.subList(10, 100).forEach(Segment::release);
            taken.clear();
            turns(100, ofIdle);
            assertEquals(96 * MIB, idle.allowance().borrowedBytes(), "nobody has asked");
            other.allowance().request();
            turns(100, ofIdle);
            assertEquals(8 * MIB, idle.allowance().borrowedBytes());
            few.forEach(Segment::release);
            idle.allowance().request();
            turns(100, ofIdle);
            assertEquals(8 * MIB, idle.allowance().borrowedBytes(), "it keeps its memory from nobody");
        }
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

    private void turns(int count) {
        turns(count, memory);
    }

    /** Turns of a millisecond. */
    private void turns(int count, IdleMemory looking) {
        for (int i = 0; i < count; i++) {
            nowNs += 1_000_000;
            looking.look(nowNs);
        }
    }
}
