package org.millrace.engine.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whoever is between two lanes is counted once. */
class TravelsTest {
    private final Travels travels = new Travels();
    private final AtomicLong first = new AtomicLong(5);
    private final AtomicLong second = new AtomicLong(2);

    private long ofLanes() {
        return first.get() + second.get();
    }

    @Test
    void shouldCountWhoIsOnTheWay() {
        travels.leave(0, first::decrementAndGet);
        assertEquals(7, travels.sum(0, this::ofLanes));
        assertEquals(1, travels.underWay(0));
        assertEquals(0, travels.underWay(1), "of another pool");
        travels.arrive(0, second::incrementAndGet);
        assertEquals(7, travels.sum(0, this::ofLanes));
        assertEquals(0, travels.underWay(0));
        assertEquals(2, travels.changes(0));
    }

    @Test
    void shouldSumAnewWhenSomebodyHasMovedMeanwhile() {
        AtomicLong sums = new AtomicLong();
        assertEquals(7, travels.sum(0, () -> {
            long there = first.get();
            if (sums.getAndIncrement() == 0) {
                // whom the sum would count twice
                travels.leave(0, first::decrementAndGet);
                travels.arrive(0, second::incrementAndGet);
            }
            return there + second.get();
        }));
        assertEquals(2, sums.get());
    }

    @Test
    void shouldSumNoMoreThanAThousandTimes() {
        AtomicLong sums = new AtomicLong();
        long sum = travels.sum(0, () -> {
            sums.incrementAndGet();
            long there = first.get();
            travels.leave(0, first::decrementAndGet);
            travels.arrive(0, first::incrementAndGet);
            return there + second.get();
        });
        assertEquals(Travels.TRIES, sums.get(), "whoever asks must get an answer");
        assertEquals(7, sum);
    }

    @Test
    void shouldWaitForALaneThatLostItsProcessorAsSomebodyLeft() throws InterruptedException {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        Thread lane = new Thread(() -> travels.leave(0, () -> {
            begun.complete(null);
            goOn.join();
            first.decrementAndGet();
        }));
        lane.start();
        begun.join();
        AtomicLong sums = new AtomicLong();
        assertEquals(7, travels.sum(0, () -> {
            if (sums.incrementAndGet() == Travels.TRIES / 5) {
                goOn.complete(null);
            }
            return ofLanes();
        }));
        lane.join();
    }
}
