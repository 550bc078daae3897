package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Size classes, limits, joining and misuse. */
class SegmentArenaTest {
    private static final int BLOCK = 4 << 20;

    @Test
    void shouldGiveTheSmallestClassThatFits() {
        int[][] cases = {{0, 256}, {1, 256}, {256, 256}, {257, 512}, {1000, 1024}, {65_536, 65_536},
            {65_537, 131_072}, {1 << 20, 1 << 20}, {(1 << 20) + 1, (1 << 20) + 4096}};
        SegmentArena arena = new SegmentArena(new ArenaConfig(16 << 20, BLOCK, true));
        for (int[] expected : cases) {
            Segment segment = arena.acquire(expected[0]);
            assertEquals(expected[1], segment.capacity());
            assertEquals(1, segment.references());
            assertEquals(expected[1], arena.bytesInUse());
            segment.buffer().putByte(expected[1] - 1, (byte) 1);
            segment.release();
            assertEquals(0, arena.bytesInUse());
        }
        assertEquals(0, arena.segmentsInUse());
        arena.close();
        assertEquals(0, arena.bytesReserved());
    }

    @Test
    void shouldReuseTheLastReleasedFirst() {
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(BLOCK))) {
            Segment first = arena.acquire(1000);
            Segment second = arena.acquire(1000);
            first.release();
            second.release();
            assertSame(second, arena.acquire(1000));
            assertSame(first, arena.acquire(1000));
            first.release();
            second.release();
        }
    }

    @Test
    void shouldReturnNullAtTheLimitAndGoOnAfterARelease() {
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(200 << 10, BLOCK, false))) {
            List<Segment> held = new ArrayList<>();
            for (Segment s = arena.acquire(16 << 10); s != null; s = arena.acquire(16 << 10)) {
                held.add(s);
            }
            assertEquals(12, held.size());
            assertEquals(1, arena.exhausted());
            assertTrue(arena.bytesReserved() <= 200 << 10);
            assertNull(arena.acquire(2 << 20));
            assertNull(arena.acquire(Integer.MAX_VALUE));
            assertEquals(3, arena.exhausted());
            held.removeLast().release();
            held.add(arena.acquire(16 << 10));
            assertNotNull(held.getLast());
            held.forEach(Segment::release);
        }
    }

    @Test
    void shouldServeAnySizeFromMemoryThatServedAnother() {
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(BLOCK, BLOCK, true))) {
            for (int size = 256; size <= 1 << 20; size *= 2) {
                List<Segment> held = new ArrayList<>();
                for (Segment s = arena.acquire(size); s != null; s = arena.acquire(size)) {
                    held.add(s);
                }
                assertEquals(BLOCK / size, held.size());
                assertEquals(BLOCK, arena.bytesInUse());
                held.forEach(Segment::release);
            }
            Segment dedicated = arena.acquire(3 << 20);
            assertNotNull(dedicated, "the free block was not given back for it");
            dedicated.release();
        }
    }

    @Test
    void shouldNeverGiveOverlappingSegments() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(8 << 20, 1 << 20, true))) {
            List<Segment> held = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                Segment segment = random.nextInt(3) > 0 ? arena.acquire(1 << random.nextInt(20)) : null;
                if (segment != null) {
                    segment.buffer().putInt(0, i);
                    segment.buffer().putInt(segment.capacity() - 4, i);
                    held.add(segment);
                } else if (!held.isEmpty()) {
                    Segment back = held.remove(random.nextInt(held.size()));
                    assertEquals(back.buffer().getInt(0), back.buffer().getInt(back.capacity() - 4), "seed " + seed);
                    back.release();
                }
            }
            long bytes = held.stream().mapToLong(Segment::capacity).sum();
            assertEquals(bytes, arena.bytesInUse(), "seed " + seed);
            assertEquals(held.size(), arena.segmentsInUse());
            held.forEach(Segment::release);
            arena.trim();
            assertEquals(0, arena.bytesReserved(), "seed " + seed);
        }
    }

    @Test
    void shouldRefuseToReleaseOrRetainWhatIsFree() {
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(BLOCK))) {
            Segment segment = arena.acquire(100);
            segment.retain();
            segment.release();
            segment.release();
            assertThrows(IllegalStateException.class, segment::release);
            assertThrows(IllegalStateException.class, segment::retain);
            assertEquals(0, arena.segmentsInUse());
        }
    }

    @Test
    void shouldNoticeWritesToFreeSegments() {
        SegmentArena arena = new SegmentArena(new ArenaConfig(BLOCK, BLOCK, true));
        Segment segment = arena.acquire(4096);
        segment.release();
        assertEquals((byte) 0xDB, segment.buffer().getByte(17));
        segment.buffer().putByte(17, (byte) 0);
        assertThrows(IllegalStateException.class, () -> arena.acquire(4096));
    }

    @Test
    void shouldGiveFreeBlocksBackOnTrim() {
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(4L * BLOCK))) {
            List<Segment> held = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                held.add(arena.acquire(1 << 20));
            }
            assertEquals(2L * BLOCK, arena.bytesReserved());
            while (held.size() > 1) {
                held.removeLast().release();
            }
            arena.trim();
            assertEquals(BLOCK, arena.bytesReserved());
            held.removeLast().release();
            arena.trim();
            assertEquals(0, arena.bytesReserved());
        }
    }

    @Test
    void shouldComplainOnCloseWhenSegmentsAreOut() {
        SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(BLOCK));
        arena.acquire(1);
        assertThrows(IllegalStateException.class, arena::close);
        arena.close();
    }

    @Test
    void shouldGiveBackPagesOfABlockThatIsPartlyUsed() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "madvise is Linux's");
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(BLOCK, BLOCK, false))) {
            Segment used = arena.acquire(256);
            used.buffer().setMemory(0, 256, (byte) 7);
            Segment large = arena.acquire(128 << 10);
            large.buffer().setMemory(0, 128 << 10, (byte) 7);
            large.release();
            assertEquals(0, arena.trim(BLOCK, Long.MAX_VALUE), "so much may be kept");
            assertTrue(arena.trim(0, Long.MAX_VALUE) >= 128 << 10);
            assertEquals(0, arena.trim(0, Long.MAX_VALUE), "it has been given back already");
            assertEquals(BLOCK, arena.bytesReserved());
            large = arena.acquire(128 << 10);
            assertEquals(0, large.buffer().getLong(0));
            assertEquals(7, used.buffer().getByte(255));
            large.release();
            used.release();
        }
    }

    @Test
    void shouldGiveBackAboutAsMuchAsItIsToldTo() {
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(8L * BLOCK, BLOCK, false))) {
            Segment[] segments = new Segment[32];
            for (int i = 0; i < segments.length; i++) {
                segments[i] = arena.acquire(1 << 20);
            }
            for (Segment segment : segments) {
                segment.release();
            }
            assertEquals(2L * BLOCK, arena.trim(BLOCK, 2L * BLOCK));
            assertEquals(6L * BLOCK, arena.bytesReserved());
            arena.trim(BLOCK, Long.MAX_VALUE);
            assertEquals(BLOCK, arena.bytesReserved());
        }
    }

    @Test
    void shouldKeepTheReserveForThoseWhoMayUseIt() {
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(BLOCK, BLOCK, true).withReserve(BLOCK / 4))) {
            assertEquals(BLOCK / 4 * 3, arena.plainBytes());
            List<Segment> taken = new ArrayList<>();
            Segment segment = arena.acquire(64 << 10);
            while (segment != null) {
                taken.add(segment);
                segment = arena.acquire(64 << 10);
            }
            assertEquals(BLOCK / 4 * 3, arena.bytesInUse());
            assertEquals(1, arena.exhausted());
            segment = arena.acquireReserved(64 << 10);
            while (segment != null) {
                taken.add(segment);
                segment = arena.acquireReserved(64 << 10);
            }
            assertEquals(BLOCK, arena.bytesInUse());
            assertEquals(2, arena.exhausted());
            taken.forEach(Segment::release);
        }
    }

    @Test
    void shouldHoldARecordForWhatIsOutAndNoneForWhatWasOnceUsed() {
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(8L * BLOCK, BLOCK, false))) {
            List<Segment> held = new ArrayList<>();
            for (int size = 256; size <= 1 << 20; size *= 2) {
                for (Segment s = arena.acquire(size); s != null; s = arena.acquire(size)) {
                    held.add(s);
                }
                assertTrue(arena.records() >= held.size());
                assertTrue(arena.records() <= 8 * BLOCK / 256, arena.records() + " for " + held.size());
                held.forEach(Segment::release);
                held.clear();
            }
            arena.trim(BLOCK, Long.MAX_VALUE);
            assertTrue(arena.records() <= 1024, arena.records() + " are left of a burst that is over");
        }
    }

    @Test
    void shouldNotMakeRecordsForALoadThatComesAndGoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(8L * BLOCK))) {
            List<Segment> held = new ArrayList<>();
            for (int i = 0; i < 200_000; i++) {
                if (held.size() < 300 && (held.isEmpty() || random.nextBoolean())) {
                    held.add(arena.acquire(256 << random.nextInt(7)));
                } else {
                    held.remove(random.nextInt(held.size())).release();
                }
            }
            int most = 300 + SizeClasses.COUNT * 32;
            assertTrue(arena.records() <= most, "seed " + seed + ": " + arena.records());
            held.forEach(Segment::release);
        }
    }

    @Test
    void shouldSendAndReceiveByViewsOfItsOwnBytesAlone() {
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(2L * BLOCK, BLOCK, false))) {
            List<Segment> held = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                for (Segment s = arena.acquire(2048); s != null; s = arena.acquire(2048)) {
                    s.receiveView(10, 8).putLong(held.size());
                    held.add(s);
                }
                for (int i = 0; i < held.size(); i++) {
                    assertEquals(i, Long.reverseBytes(held.get(i).buffer().getLong(10)));
                    assertEquals(i, held.get(i).sendView(10, 8).getLong());
                    assertEquals(8, held.get(i).sendView(2040, 8).remaining());
                }
                while (held.size() > 0) {
                    held.remove(round == 0 ? held.size() - 1 : held.size() / 2).release();
                }
            }
        }
    }
}
