package org.millrace.io.sim;

import java.util.Random;

/**
 * What goes wrong in a run, as probabilities from 0 to 1.
 *
 * @param partialWrite      a write takes only a part of what is offered
 * @param chunked           a read gets only a part of what has arrived
 * @param delayed           bytes, connects, write results and closes take up to {@code maxDelayNs}
 * @param reset             a write breaks its connection instead
 * @param refuse            a connect is refused
 * @param stall             a direction of a connection stands still for {@code stallNs}
 * @param deliverAfterPause bytes that had arrived in the same turn are delivered although reading was paused
 * @param maxDelayNs        longest delay, virtual
 * @param stallNs           length of a stall, virtual
 */
public record SimFaults(
    double partialWrite,
    double chunked,
    double delayed,
    double reset,
    double refuse,
    double stall,
    double deliverAfterPause,
    long maxDelayNs,
    long stallNs) {

    /** A perfect network. */
    public static SimFaults none() {
        return new SimFaults(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Chunks, delays and stalls, but no loss. */
    public static SimFaults slow(Random random) {
        return new SimFaults(random.nextDouble(), random.nextDouble(), random.nextDouble(), 0, 0,
            random.nextDouble() * 0.01, random.nextDouble(), 1 + random.nextInt(1_000_000), 50_000_000);
    }

    /** Every run has a different mix: each fault is rare, frequent or absent. */
    public static SimFaults random(Random random) {
        return new SimFaults(draw(random, 1), draw(random, 1), draw(random, 1), draw(random, 0.01),
            draw(random, 0.2), draw(random, 0.01), draw(random, 1), 1 + random.nextInt(5_000_000),
            1 + random.nextInt(2_000_000_000));
    }

    private static double draw(Random random, double most) {
        double value = random.nextDouble() * most;
        return random.nextInt(3) == 0 ? 0 : value;
    }
}
