package org.millrace.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and sizes follow the law that they are named by, from the token alone. */
class DistributionTest {
    private static final int DRAWS = 400_000;

    @ParameterizedTest
    @ValueSource(strings = {"zipf:0.5", "zipf", "zipf:1", "zipf:1.3", "zipf:3", "uniform"})
    void shouldDrawEachKeyAsOftenAsItsLawSays(String text) {
        int keys = 1000;
        KeyDistribution distribution = KeyDistribution.parse(text);
        Keys law = distribution.over(keys);
        double[] expected = new double[keys];
        for (int i = 0; i < keys; i++) {
            expected[i] = Math.pow(i + 1, -distribution.exponent());
        }
        double sum = Arrays.stream(expected).sum();
        long[] seen = new long[keys];
        Mixer random = new Mixer(5);
        for (int i = 0; i < DRAWS; i++) {
            seen[(int) law.keyId(random.nextLong(), i % 10)]++;
        }
        // Pearson's test over keys, the rare ones taken together; six standard deviations of chi-square.
        double chiSquare = 0;
        int cells = 0;
        double expectedRest = 0;
        double seenRest = 0;
        for (int i = 0; i < keys; i++) {
            expectedRest += DRAWS * expected[i] / sum;
            seenRest += seen[i];
            if (expectedRest >= 20) {
                chiSquare += (seenRest - expectedRest) * (seenRest - expectedRest) / expectedRest;
                cells++;
                expectedRest = 0;
                seenRest = 0;
            }
        }
        double limit = cells + 6 * Math.sqrt(2.0 * cells);
        assertTrue(chiSquare < limit, text + ": chi-square " + chiSquare + " of " + cells + " cells");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "zipf:0.99", "zipf:2", "sequential"})
    void shouldStayWithinItsKeysAndRepeatItself(String text) {
        for (long keys : new long[] {1, 2, 3, 1L << 32}) {
            Keys law = KeyDistribution.parse(text).over(keys);
            Mixer random = new Mixer(keys);
            for (int i = 0; i < 10_000; i++) {
                long token = random.nextLong();
                long key = law.keyId(token, 3);
                assertTrue(key >= 0 && key < keys, () -> key + " of " + keys);
                assertEquals(key, law.keyId(token, 3));
            }
        }
    }

    @Test
    void shouldWalkThroughAllKeysOneAfterTheOther() {
        Keys law = KeyDistribution.SEQUENTIAL.over(5);
        assertEquals(List.of(3L, 4L, 0L), List.of(law.keyId(8, 0), law.keyId(8, 1), law.keyId(8, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zipf:0", "zipf:-1", "zipf:11", "zipf:x", "zipf:", "normal", "uniform:1", ""})
    void shouldRefuseAnUnknownLaw(String text) {
        assertThrows(IllegalArgumentException.class, () -> KeyDistribution.parse(text));
    }

    @Test
    void shouldAskForKeysThatAreNeverWrittenAsOftenAsTold() {
        Workload workload = new Workload(new LoadConfig().keys(50).hitRatio(0.9));
        Mixer random = new Mixer(3);
        int beyond = 0;
        for (int i = 0; i < DRAWS; i++) {
            long token = random.nextLong();
            assertTrue(workload.keyId(token, 1) < 50);
            beyond += workload.readId(token, 1) >= 50 ? 1 : 0;
        }
        assertEquals(0.1, (double) beyond / DRAWS, 0.005);
    }

    @Test
    void shouldMixSizesByTheirWeights() {
        ValueSizes sizes = ValueSizes.mixed(
            List.of(new ValueSizes.Part(100, 100, 8), new ValueSizes.Part(500, 599, 2)));
        long[] small = new long[1];
        double mean = mean(token -> {
            int size = sizes.of(token);
            assertTrue(size == 100 || size >= 500 && size <= 599);
            small[0] += size == 100 ? 1 : 0;
            return size;
        });
        assertEquals(0.8, (double) small[0] / DRAWS, 0.005);
        assertEquals(0.8 * 100 + 0.2 * 549.5, mean, 2);
        assertEquals("100=8,500..599=2", sizes.toString());
    }

    @Test
    void shouldDrawSizesOfARangeAlike() {
        ValueSizes sizes = ValueSizes.range(10, 30);
        assertEquals(20, mean(sizes::of), 0.1);
    }

    @Test
    void shouldDrawExponentialSizes() {
        ValueSizes sizes = ValueSizes.exponential(1000, 100_000);
        assertEquals(1000, mean(sizes::of), 10);
        assertEquals(Math.exp(-2), share(sizes, 2000), 0.005);
    }

    @Test
    void shouldDrawLogNormalSizes() {
        ValueSizes sizes = ValueSizes.logNormal(300, 1.5, 300_000);
        assertEquals(0.5, share(sizes, 300), 0.005);
        // One standard deviation above the median are 15.87 %.
        assertEquals(0.1587, share(sizes, 300 * Math.exp(1.5)), 0.005);
    }

    @Test
    void shouldCutSizesAtTheirLimit() {
        ValueSizes sizes = ValueSizes.logNormal(1000, 5, 2000);
        Mixer random = new Mixer(4);
        int most = 0;
        for (int i = 0; i < 1000; i++) {
            most = Math.max(most, sizes.of(random.nextLong()));
        }
        assertEquals(2000, most);
    }

    private static double share(ValueSizes sizes, double above) {
        return mean(token -> sizes.of(token) > above ? 1 : 0);
    }

    private static double mean(LongUnaryOperator drawn) {
        Mixer random = new Mixer(9);
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            sum += drawn.applyAsLong(random.nextLong());
        }
        return sum / DRAWS;
    }
}
