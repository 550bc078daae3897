package org.millrace.engine.top;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last values of a rate, drawn as one line of bars: the largest of them is the highest bar. */
final class History {
    static final int LENGTH = 30;
    private static final String BARS = " ▁▂▃▄▅▆▇█";

    private final Deque<Double> values = new ArrayDeque<>();

    void add(double value) {
        if (values.size() == LENGTH) {
            values.removeFirst();
        }
        values.addLast(value);
    }

    /** A character for each value, the latest at the right. */
    String line() {
        double highest = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        StringBuilder line = new StringBuilder(LENGTH);
        for (double value : values) {
            int bar = highest == 0 ? 0 : (int) Math.ceil(value / highest * (BARS.length() - 1));
            line.append(BARS.charAt(bar));
        }
        return line.toString();
    }
}
