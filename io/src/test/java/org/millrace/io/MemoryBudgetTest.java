package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Arenas that share memory: what one leaves the other gets, and each keeps its own. */
class MemoryBudgetTest {
    private static final int BLOCK = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(16 * BLOCK);
    private final SegmentArena one = arena(4 * BLOCK);
    private final SegmentArena two = arena(4 * BLOCK);
    private final List<Segment> ofOne = new ArrayList<>();
    private final List<Segment> ofTwo = new ArrayList<>();

    @AfterEach
    void close() {
        ofOne.forEach(Segment::release);
        ofTwo.forEach(Segment::release);
        one.close();
        two.close();
        assertEquals(16 * BLOCK, budget.available());
    }

    @Test
    void shouldLeaseWhatThereIs() {
        MemoryBudget small = new MemoryBudget(100);
        assertEquals(60, small.lease(60, 60));
        assertEquals(0, small.lease(41, 80));
        assertEquals(40, small.lease(1, 80));
        assertEquals(0, small.lease(1, 80));
        small.giveBack(100);
        assertEquals(100, small.available());
        assertEquals(100, small.totalBytes());
    }

    @Test
    void shouldRefuseAnArenaWhoseOwnBytesAreNotThere() {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> arena(9 * BLOCK));
        assertTrue(refused.getMessage().contains("8388608 of 16777216 are left"), refused.getMessage());
        assertEquals(8 * BLOCK, budget.available());
    }

    @Test
    void shouldLetOneArenaTakeAllButTheOthersOwn() {
        assertEquals(12 * BLOCK, one.maxBytes());
        assertEquals(9 * BLOCK, one.plainBytes());
        fill(one, ofOne);
        assertEquals(9 * BLOCK, one.bytesInUse());
        assertEquals(0, budget.available());
        fillReserve(one, ofOne);
        assertEquals(12 * BLOCK, one.bytesReserved());
        assertEquals(4 * BLOCK, two.maxBytes());
        fill(two, ofTwo);
        assertEquals(3 * BLOCK, two.bytesInUse());
        fillReserve(two, ofTwo);
        assertEquals(4 * BLOCK, two.bytesInUse(), "its own cannot be taken by anybody else");
        assertEquals(16 * BLOCK, one.bytesReserved() + two.bytesReserved());
    }

    @Test
    void shouldKeepAQuarterForRepliesWhateverTheOtherTakes() {
        while (one.bytesInUse() < 6 * BLOCK) {
            ofOne.add(one.acquire(BLOCK / 2));
        }
        fill(two, ofTwo);
        fillReserve(two, ofTwo);
        assertEquals(0, budget.available());
        assertNull(one.acquire(BLOCK / 2));
        long before = one.bytesInUse();
        fillReserve(one, ofOne);
        assertEquals(before / 3, one.bytesInUse() - before);
    }

    @Test
    void shouldLeaseToOthersWhatHasBeenTrimmed() {
        fill(one, ofOne);
        fill(two, ofTwo);
        assertEquals(3 * BLOCK, two.bytesInUse());
        while (one.bytesInUse() > BLOCK) {
            ofOne.removeLast().release();
        }
        assertNull(two.acquire(BLOCK / 2), "it is one's until that gives it back");
        assertTrue(one.allowance().requestsOfOthers() > 0);
        assertTrue(one.trimBlocks(0, Long.MAX_VALUE) > 0);
        assertEquals(0, one.allowance().borrowedBytes());
        assertEquals(8 * BLOCK, budget.available());
        fill(two, ofTwo);
        assertEquals(9 * BLOCK, two.bytesInUse());
    }

    @Test
    void shouldLeaseForDedicatedSegmentsAndGiveThatBackAtOnce() {
        Segment large = one.acquire(8 * BLOCK);
        assertNotNull(large);
        assertTrue(budget.available() <= BLOCK);
        assertNull(two.acquire(4 * BLOCK));
        large.release();
        assertEquals(8 * BLOCK, budget.available());
        Segment other = two.acquire(4 * BLOCK);
        assertNotNull(other);
        ofTwo.add(other);
    }

    @Test
    void shouldTellEachItsPartOfWhatIsLeft() {
        assertEquals(12 * BLOCK, one.maxBytes());
        ofOne.add(one.acquire(4 * BLOCK));
        long borrowed = one.allowance().borrowedBytes();
        assertTrue(borrowed > 0);
        assertEquals(12 * BLOCK, one.maxBytes(), "nobody else has borrowed");
        assertEquals(4 * BLOCK + (8 * BLOCK - borrowed) / 2, two.maxBytes());
        ofTwo.add(two.acquire(4 * BLOCK));
        assertEquals(one.maxBytes(), two.maxBytes());
        assertEquals(16 * BLOCK, one.maxBytes() + two.maxBytes());
    }

    @Test
    void shouldPromiseNothingTwice() {
        assertTrue(one.allowance().promise(BLOCK * 9 / 2));
        assertEquals(4 * BLOCK, one.allowance().borrowedBytes());
        assertFalse(two.allowance().promise(6 * BLOCK));
        assertEquals(4 * BLOCK, budget.available(), "who is refused takes nothing");
        assertTrue(two.allowance().promise(BLOCK * 9 / 2));
        one.trim();
        fill(two, ofTwo);
        assertEquals(6 * BLOCK, two.bytesInUse());
        fill(one, ofOne);
        assertEquals(6 * BLOCK, one.bytesInUse(), "what was promised is there");
        one.allowance().promised(0);
        two.allowance().promised(0);
    }

    @Test
    void shouldServeTheFirstOfAnArenaFromAllThatItHolds() {
        fill(one, ofOne);
        assertFalse(one.allowance().promise(6 * BLOCK));
        assertTrue(one.allowance().promiseFirst(7 * BLOCK, 7 * BLOCK), "it fits if the rest comes free");
        one.allowance().promised(0);
        assertTrue(two.allowance().promiseFirst(BLOCK * 9 / 4, BLOCK * 9 / 4));
        two.allowance().promised(0);
        assertFalse(two.allowance().promiseFirst(3 * BLOCK, 3 * BLOCK));
        two.allowance().forgo();
        SegmentArena alone = new SegmentArena(ArenaConfig.ofMaxBytes(BLOCK));
        assertTrue(alone.allowance().promiseFirst(2 * BLOCK, 2 * BLOCK), "nobody could ever give it more");
        alone.close();
    }

    @Test
    void shouldLetNobodyOvertakeWhoGathers() {
        fill(one, ofOne);
        assertFalse(two.allowance().promiseFirst(9 * BLOCK, 9 * BLOCK));
        while (one.bytesInUse() > 6 * BLOCK) {
            ofOne.removeLast().release();
        }
        one.trim();
        long free = budget.available();
        assertTrue(free > 0);
        assertFalse(two.allowance().promiseFirst(9 * BLOCK, 9 * BLOCK));
        assertEquals(0, budget.available());
        two.trim();
        assertEquals(free, two.allowance().borrowedBytes(), "it keeps what it has until all is there");
        assertFalse(one.allowance().promiseFirst(7 * BLOCK, 7 * BLOCK), "and the other gathers nothing meanwhile");
        while (one.bytesInUse() > BLOCK) {
            ofOne.removeLast().release();
        }
        one.trim();
        assertTrue(two.allowance().promiseFirst(9 * BLOCK, 9 * BLOCK));
        two.allowance().promised(0);
        two.trim();
        assertEquals(8 * BLOCK, budget.available());
    }

    @Test
    void shouldGiveBackWhatWasGatheredInVain() {
        fill(one, ofOne);
        while (one.bytesInUse() > 6 * BLOCK) {
            ofOne.removeLast().release();
        }
        one.trim();
        assertFalse(two.allowance().promiseFirst(9 * BLOCK, 9 * BLOCK));
        assertEquals(0, budget.available());
        two.allowance().forgo();
        two.trim();
        assertEquals(0, two.allowance().borrowedBytes());
        assertTrue(budget.available() > 0);
    }

    @Test
    void shouldTellAllOfAShortage() {
        fill(one, ofOne);
        long seen = one.allowance().shortages();
        ofTwo.add(two.acquire(BLOCK));
        assertEquals(seen, one.allowance().shortages(), "it needs no more than its own");
        fill(two, ofTwo);
        assertTrue(one.allowance().shortages() > seen);
    }

    @Test
    void shouldNeverTakeMoreThanTheTotalInAllThreads() throws Exception {
        long seed = new Random().nextLong();
        AtomicBoolean ended = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Future<Long> first = threads.submit(() -> takeAndGiveBack(one, new Random(seed)));
            Future<Long> second = threads.submit(() -> takeAndGiveBack(two, new Random(seed + 1)));
            Callable<Long> watch = () -> {
                long least = Long.MAX_VALUE;
                while (!ended.get()) {
                    least = Math.min(least, budget.available());
                }
                return least;
            };
            Future<Long> least = threads.submit(watch);
            assertTrue(first.get() > 0 && second.get() > 0, "seed " + seed + ": neither was ever short");
            ended.set(true);
            assertTrue(least.get() >= 0, "seed " + seed);
        }
        assertEquals(0, one.allowance().borrowedBytes(), "seed " + seed);
        assertEquals(0, two.allowance().borrowedBytes(), "seed " + seed);
        assertEquals(8 * BLOCK, budget.available(), "seed " + seed);
    }

    /** Returns how often there was nothing. */
    private static long takeAndGiveBack(SegmentArena arena, Random random) {
        List<Segment> held = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            int bytes = 1 << 16 + random.nextInt(6);
            Segment segment = random.nextInt(9) < 6 ? arena.acquire(bytes) : null;
            if (segment != null) {
                held.add(segment);
            } else if (!held.isEmpty()) {
                held.remove(random.nextInt(held.size())).release();
            }
            if (random.nextInt(100) == 0) {
                arena.trimBlocks(0, Long.MAX_VALUE);
            }
            Allowance allowance = arena.allowance();
            if (allowance.reserved() > 4 * BLOCK + allowance.borrowedBytes()) {
                throw new IllegalStateException(allowance.reserved() + " taken, " + allowance.borrowedBytes());
            }
        }
        held.forEach(Segment::release);
        arena.trim();
        return arena.exhausted();
    }

    private static void fill(SegmentArena arena, List<Segment> taken) {
        for (Segment s = arena.acquire(BLOCK / 4); s != null; s = arena.acquire(BLOCK / 4)) {
            taken.add(s);
        }
    }

    private static void fillReserve(SegmentArena arena, List<Segment> taken) {
        for (Segment s = arena.acquireReserved(BLOCK / 4); s != null; s = arena.acquireReserved(BLOCK / 4)) {
            taken.add(s);
        }
    }

    private SegmentArena arena(long own) {
        return new SegmentArena(new ArenaConfig(own, BLOCK, true).withReserve(own / 4), budget);
    }
}
