package org.millrace.engine.control.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The history holds an hour, or what there is room for, and wakes who waits. */
@Timeout(20)
class HistoryTest {
    private static final byte[] NOTHING = {};

    private static void fill(History history, int samples, int bytes) {
        for (int i = 1; i <= samples; i++) {
            history.add(new Sample(i, new byte[bytes]), NOTHING);
        }
    }

    private static List<Long> numbers(List<Sample> samples) {
        return samples.stream().map(Sample::number).toList();
    }

    @Test
    void shouldKeepSamplesMax() {
        History history = new History();
        fill(history, History.SAMPLES_MAX + 3, 10);
        assertEquals(History.SAMPLES_MAX, history.count());
        assertEquals(4, history.after(0).getFirst().number());
        assertEquals(History.SAMPLES_MAX + 3, history.last());
    }

    @Test
    void shouldKeepBytesMax() {
        History history = new History(10_000);
        fill(history, 100, 944);
        assertEquals(10, history.count());
        assertEquals(10_000, history.bytes());
        fill(history, 1, 20_000);
        assertEquals(1, history.count(), "the last one is kept, however large");
        fill(history, 1, 1);
        assertEquals(1, history.count());
        assertTrue(history.bytes() < 100, "what has gone is no longer counted");
    }

    @Test
    void shouldTellWhatIsNew() throws InterruptedException {
        History history = new History();
        fill(history, 5, 1);
        assertEquals(List.of(4L, 5L), numbers(history.after(3)));
        assertEquals(List.of(), history.after(5));
        assertEquals(List.of(5L), numbers(history.await(4, 0).samples()));
        assertEquals(List.of(), history.await(5, 1).samples(), "nothing came in that time");
    }

    @Test
    void shouldWakeWhoWaits() throws Exception {
        History history = new History();
        CompletableFuture<History.News> told = new CompletableFuture<>();
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                told.complete(history.await(0, 60_000));
                assertNull(history.await(1, 60_000));
            } catch (InterruptedException e) {
                told.completeExceptionally(e);
            }
        });
        history.add(new Sample(1, new byte[] {7}), new byte[] {8});
        History.News news = told.get(10, TimeUnit.SECONDS);
        assertEquals(List.of(1L), numbers(news.samples()));
        assertEquals(8, news.now()[0]);
        history.close();
        waiter.join();
    }
}
