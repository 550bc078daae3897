package org.millrace.engine.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A sample costs the same however much there is, and no rhythm of the traffic deceives it. */
class SamplingTest {
    private final Sampling sampling = new Sampling(4711);
    private int samples;
    private long weight;

    private void ask(long requests, int keys) {
        samples = 0;
        weight = 0;
        for (long i = 0; i < requests; i++) {
            if (sampling.isDue()) {
                samples++;
                weight += sampling.weight();
                sampling.take(keys);
            }
        }
    }

    @Test
    void shouldLookAtEveryRequestWhileThereAreFew() {
        for (int second = 0; second < 3; second++) {
            ask(Sampling.WANTED - 1, 1);
            assertEquals(Sampling.WANTED - 1, samples);
            assertEquals(Sampling.WANTED - 1, weight);
            sampling.endInterval();
        }
    }

    @Test
    void shouldTakeAsManySamplesOfManyRequestsAsItWants() {
        ask(200_000, 1);
        assertTrue(samples < 10 * Sampling.WANTED, samples + " in the first interval");
        assertEquals(200_000, weight, 20_000);
        sampling.endInterval();
        ask(200_000, 1);
        assertEquals(Sampling.WANTED, samples, 0.2 * Sampling.WANTED);
        assertEquals(200_000, weight, 30_000);
        sampling.endInterval();
        ask(2_000, 1);
        sampling.endInterval();
        ask(500, 1);
        assertTrue(samples > 100, samples + " once there are few again");
    }

    @Test
    void shouldLookAtFewerRequestsThatHaveManyKeys() {
        ask(20_000, 100);
        sampling.endInterval();
        ask(20_000, 100);
        assertTrue(samples * 100 <= 2 * Sampling.WANTED, samples + " requests of 100 keys");
        assertTrue(samples > 0);
    }

    @Test
    void shouldLetNoGapGrowWithoutEnd() {
        for (int second = 0; second < 3; second++) {
            ask(8_000_000, 1);
            sampling.endInterval();
        }
        assertTrue(samples >= 8_000_000 / Sampling.GAP_MAX * 0.8, samples + " samples");
        assertEquals(8_000_000, weight, 1_000_000);
    }

    /** Every tenth request, such as the first one of each pipeline. */
    @Test
    void shouldNotBeDeceivedByARhythm() {
        ask(100_000, 1);
        sampling.endInterval();
        long tenth = 0;
        long all = 0;
        for (int second = 0; second < 40; second++) {
            for (int i = 0; i < 100_000; i++) {
                if (sampling.isDue()) {
                    all += sampling.weight();
                    tenth += i % 10 == 0 ? sampling.weight() : 0;
                    sampling.take(1);
                }
            }
            sampling.endInterval();
        }
        assertEquals(0.1, (double) tenth / all, 0.015, "five times its deviation");
    }
}
