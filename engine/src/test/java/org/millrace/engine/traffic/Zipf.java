package org.millrace.engine.traffic;

import java.util.Arrays;
import java.util.Random;

/** Numbers as keys of caches are asked for: the n-th most popular one as often as 1/n to a power. */
public final class Zipf {
    private final double[] upTo;
    private final Random random;

    /** Of so many numbers, 0 the most popular one. */
    public Zipf(int count, double exponent, long seed) {
        upTo = new double[count];
        random = new Random(seed);
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.pow(i + 1, -exponent);
            upTo[i] = sum;
        }
    }

    /** The next one. */
    public int next() {
        int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return Math.min(found < 0 ? ~found : found, upTo.length - 1);
    }

    /** The share of a number. */
    public double share(int number) {
        return (upTo[number] - (number == 0 ? 0 : upTo[number - 1])) / upTo[upTo.length - 1];
    }
}
