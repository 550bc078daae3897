package org.millrace.perf.pressure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Samples of one thing over time: is it flat? */
final class SoakSeries {
    private final String name;
    private final double slack;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> values = new ArrayList<>();

    /**
     * @param slack growth that is noise whatever the share, in the unit of the values
     */
    SoakSeries(String name, double slack) {
        this.name = name;
        this.slack = slack;
    }

    String name() {
        return name;
    }

    void add(double atSeconds, double value) {
        seconds.add(atSeconds);
        values.add(value);
    }

    double[] values() {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Median of the samples in this third, 0 to 2; not a number where nothing was measured. */
    double third(int index) {
        int from = values.size() * index / 3;
        int to = values.size() * (index + 1) / 3;
        double[] part = values.subList(from, to).stream().mapToDouble(Double::doubleValue).filter(Double::isFinite)
            .sorted().toArray();
        return part.length == 0 ? Double.NaN : (part[(part.length - 1) / 2] + part[part.length / 2]) / 2;
    }

    /** Growth an hour by least squares. */
    double perHour() {
        int[] known = IntStream.range(0, values.size())
            .filter(i -> Double.isFinite(values.get(i))).toArray();
        double meanX = Arrays.stream(known).mapToDouble(seconds::get).average().orElse(0);
        double meanY = Arrays.stream(known).mapToDouble(values::get).average().orElse(0);
        double xy = 0;
        double xx = 0;
        for (int i : known) {
            xy += (seconds.get(i) - meanX) * (values.get(i) - meanY);
            xx += (seconds.get(i) - meanX) * (seconds.get(i) - meanX);
        }
        return xx == 0 ? 0 : xy / xx * 3600;
    }

    /** Whether the last third needs no more than the first and a share of it. */
    boolean isFlat(double maxGrowth) {
        double first = third(0);
        double last = third(2);
        return !Double.isFinite(first) || !Double.isFinite(last) || last <= first * (1 + maxGrowth) + slack;
    }
}
