package org.millrace.perf.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Draws latency curves by percentile: the horizontal axis has as much room from 90 to 99 as from 99 to 99.9, the
 * vertical one is logarithmic. A curve ends where fewer than {@link #MIN_BEYOND} values lie beyond it: further right it
 * would show single values.
 */
public final class PercentileSvg {
    /** So many values must lie beyond the end of a curve. */
    public static final int MIN_BEYOND = 5;

    private static final int WIDTH = 900;
    private static final int HEIGHT = 520;
    private static final int LEFT = 90;
    private static final int RIGHT = 45;
    private static final int TOP = 90;
    private static final int BOTTOM = 70;
    private static final int STEPS = 240;
    private static final double[] MARKS = {0, 50, 90, 99, 99.9, 99.99, 99.999};

    private final String title;
    private final String subtitle;
    private final List<String> names = new ArrayList<>();
    private final List<Histogram> histograms = new ArrayList<>();

    /** A drawing without curves yet. */
    public PercentileSvg(String title, String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    /** One more curve; the histogram is in microseconds and is not copied. */
    public PercentileSvg curve(String name, Histogram latencyUs) {
        names.add(name);
        histograms.add(latencyUs);
        return this;
    }

    /** The drawing. */
    public String render() {
        double nines = 1;
        double low = Double.MAX_VALUE;
        double high = 1;
        for (Histogram histogram : histograms) {
            double end = lastNines(histogram);
            nines = Math.max(nines, end);
            low = Math.min(low, Math.max(1, histogram.getValueAtPercentile(0)));
            high = Math.max(high, histogram.getValueAtPercentile(percentile(end)));
        }
        double bottom = floor125(Math.min(low, high));
        double top = Math.max(ceil125(high), bottom * 10);
        Svg svg = new Svg(WIDTH, HEIGHT);
        svg.text(LEFT, 30, 16, "start", title).text(LEFT, 50, 12, "start", subtitle);
        axes(svg, nines, bottom, top);
        for (int i = 0; i < histograms.size(); i++) {
            curve(svg, i, nines, bottom, top);
        }
        legend(svg);
        return svg.toString();
    }

    private static void axes(Svg svg, double nines, double bottom, double top) {
        for (double mark : MARKS) {
            double at = -Math.log10(1 - mark / 100);
            if (at <= nines + 1e-9) {
                double x = x(at, nines);
                svg.line(x, TOP, x, HEIGHT - BOTTOM, Svg.FAINT, 1);
                svg.text(x, HEIGHT - BOTTOM + 20, 13, "middle", trim(mark) + " %");
            }
        }
        for (double value = bottom; value <= top * 1.001; value = next125(value)) {
            double y = y(value, bottom, top);
            svg.line(LEFT, y, WIDTH - RIGHT, y, Svg.FAINT, 1);
            svg.text(LEFT - 8, y + 4, 13, "end", trim(value / 1000));
        }
        svg.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, Svg.INK, 1.2);
        svg.line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, Svg.INK, 1.2);
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 22, 14, "middle", "percentile");
        svg.upright(26, (TOP + HEIGHT - BOTTOM) / 2.0, 14, "latency in milliseconds");
    }

    private void curve(Svg svg, int index, double nines, double bottom, double top) {
        Histogram histogram = histograms.get(index);
        if (histogram.getTotalCount() == 0) {
            return;
        }
        double end = lastNines(histogram);
        double[] points = new double[2 * (STEPS + 1)];
        for (int i = 0; i <= STEPS; i++) {
            double at = end * i / STEPS;
            double value = Math.clamp(histogram.getValueAtPercentile(percentile(at)), bottom, top);
            points[2 * i] = x(at, nines);
            points[2 * i + 1] = y(value, bottom, top);
        }
        svg.curve(points, points.length, Svg.COLOURS[index % Svg.COLOURS.length], index % 2 == 1);
    }

    private void legend(Svg svg) {
        double x = LEFT;
        for (int i = 0; i < names.size(); i++) {
            svg.curve(new double[] {x, 70, x + 34, 70}, 4, Svg.COLOURS[i % Svg.COLOURS.length], i % 2 == 1);
            svg.text(x + 42, 74, 13, "start", names.get(i));
            x += 70 + 7.5 * names.get(i).length();
        }
    }

    private static double lastNines(Histogram histogram) {
        return Math.max(1, Math.log10(Math.max(10.0, (double) histogram.getTotalCount() / MIN_BEYOND)));
    }

    private static double percentile(double nines) {
        return 100 * (1 - Math.pow(10, -nines));
    }

    private static double x(double at, double nines) {
        return LEFT + at / nines * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double bottom, double top) {
        return HEIGHT - BOTTOM - Math.log(value / bottom) / Math.log(top / bottom) * (HEIGHT - BOTTOM - TOP);
    }

    private static double floor125(double value) {
        double decade = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
        return value >= 5 * decade ? 5 * decade : value >= 2 * decade ? 2 * decade : decade;
    }

    private static double ceil125(double value) {
        double floor = floor125(value);
        return floor >= value ? floor : next125(floor);
    }

    private static double next125(double value) {
        double decade = Math.pow(10, Math.floor(Math.log10(value * 1.001)));
        double digit = value / decade;
        return digit < 1.5 ? 2 * decade : digit < 3 ? 5 * decade : 10 * decade;
    }

    private static String trim(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
