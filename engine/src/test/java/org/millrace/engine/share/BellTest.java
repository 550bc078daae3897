package org.millrace.engine.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bell loses no ring, keeps each caller once, and wakes nobody who is awake. */
@Timeout(60)
class BellTest {
    private static final class Counter extends Bell.Caller {
        /** Written before ringing by others. */
        private final AtomicInteger wanted = new AtomicInteger();
        private int seen;

        @Override
        void onRung() {
            seen = wanted.get();
        }
    }

    private int wakeUps;
    private final Bell bell = new Bell(() -> wakeUps++);

    private static int answer(Bell bell) {
        int count = 0;
        Bell.Caller caller = bell.take();
        while (caller != null) {
            Bell.Caller next = Bell.next(caller);
            caller.onRung();
            caller = next;
            count++;
        }
        return count;
    }

    @Test
    void shouldKeepEachCallerOnceHoweverOftenHeRings() {
        List<Counter> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            callers.add(new Counter());
        }
        for (int round = 0; round < 1000; round++) {
            callers.forEach(bell::ring);
        }
        assertTrue(bell.isRung());
        assertEquals(3, answer(bell));
        assertFalse(bell.isRung());
        assertNull(bell.take());
        bell.ring(callers.get(1));
        assertEquals(1, answer(bell), "whoever was answered may ring again");
    }

    @Test
    void shouldWakeAThreadOnlyWhereItWaits() {
        Counter caller = new Counter();
        bell.ring(caller);
        assertEquals(1, wakeUps, "nobody knows at first whether the thread waits");
        answer(bell);
        bell.ring(caller);
        assertEquals(1, wakeUps, "it is at work and will look");
        answer(bell);
        bell.arm();
        bell.ring(caller);
        bell.ring(new Counter());
        assertEquals(2, wakeUps, "once is enough");
    }

    @Test
    void shouldLoseNoRingOfManyThreads() throws Exception {
        Thread waiter = Thread.currentThread();
        Bell shared = new Bell(() -> LockSupport.unpark(waiter));
        int rings = 50_000;
        List<Counter> callers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Counter caller = new Counter();
            callers.add(caller);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int ring = 0; ring < rings; ring++) {
                    caller.wanted.incrementAndGet();
                    shared.ring(caller);
                }
            }));
        }
        while (callers.stream().anyMatch(caller -> caller.seen < rings)) {
            shared.arm();
            if (answer(shared) == 0 && !shared.isRung()) {
                // ends at once where somebody has rung since; a ring that is lost would be the test's timeout
                shared.arm();
                if (!shared.isRung()) {
                    LockSupport.park();
                }
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        callers.forEach(caller -> assertEquals(rings, caller.seen));
    }
}
