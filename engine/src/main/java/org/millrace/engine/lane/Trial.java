package org.millrace.engine.lane;

/**
 * Compares windows of time with gathering with those without, by pairs of neighbours: what both have in common, such as
 * the load or a machine that others use too, falls out of a pair's ratio. The mean of the ratios' logarithms has a
 * standard error, and whoever asks gets an answer as soon as the mean is twice that away from the limit, or all pairs
 * are there. Belongs to the lane's thread.
 */
final class Trial {
    /** Answers: more pairs are needed, it does not pay, it does. */
    static final int OPEN = -1;
    static final int NO = 0;
    static final int YES = 1;

    private static final int KINDS = 2;
    /** Standard errors that the mean must be away from the limit, for there are many looks at it. */
    private static final int MARGIN = 2;
    private final double[] cost = new double[KINDS];
    private final double[] rate = new double[KINDS];
    private final double[] rates = new double[KINDS];
    private final Mean costs = new Mean();
    private final Mean paces = new Mean();
    /** Windows so far. */
    private int windows;

    void clear() {
        windows = 0;
        costs.clear();
        paces.clear();
        java.util.Arrays.fill(rates, 0);
    }

    /** One window; those with and without gathering come by turns. */
    void add(boolean gathers, long requests, long cpuNs, long elapsedNs) {
        int kind = gathers ? 1 : 0;
        cost[kind] = (double) cpuNs / requests;
        rate[kind] = requests * 1e9 / elapsedNs;
        rates[kind] += rate[kind];
        windows++;
        if (windows % KINDS == 0) {
            costs.add(Math.log(cost[1] / cost[0]));
            paces.add(Math.log(rate[1] / rate[0]));
        }
    }

    /**
     * Whether gathering pays.
     *
     * @param maxCost what a request may cost with it, as a ratio to what it costs without
     * @param minPace how many requests must come with it, as a ratio to those that come without
     */
    int pays(double maxCost, double minPace) {
        if (windows % KINDS != 0 || costs.count < Moderation.MIN_PAIRS) {
            return OPEN;
        }
        double margin = costs.count < Moderation.MAX_PAIRS ? MARGIN : 0;
        double above = costs.mean - Math.log(maxCost);
        double below = Math.log(minPace) - paces.mean;
        if (above > margin * costs.error() || below > margin * paces.error()) {
            return NO;
        }
        return above < -margin * costs.error() && below < -margin * paces.error() || margin == 0 ? YES : OPEN;
    }

    /** Requests a second in the windows of one kind, when there are as many of the other. */
    double rate(boolean gathers) {
        return rates[gathers ? 1 : 0] * KINDS / windows;
    }

    /** A mean and its standard error, one value at a time (Welford, Technometrics 4, 1962). */
    private static final class Mean {
        private int count;
        private double mean;
        private double squares;

        void clear() {
            count = 0;
            mean = 0;
            squares = 0;
        }

        void add(double value) {
            count++;
            double before = value - mean;
            mean += before / count;
            squares += before * (value - mean);
        }

        double error() {
            return Math.sqrt(squares / (count - 1) / count);
        }
    }
}
