package org.millrace.perf.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws series over time, one panel below the other, each with its own vertical axis that begins at zero. */
public final class SeriesSvg {
    private static final int WIDTH = 900;
    private static final int PANEL = 170;
    private static final int LEFT = 90;
    private static final int RIGHT = 30;
    private static final int TOP = 70;
    private static final int BOTTOM = 60;
    private static final int INNER_TOP = 28;
    private static final int TICKS = 6;

    private final String title;
    private final String subtitle;
    private final double[] seconds;
    private final List<String> names = new ArrayList<>();
    private final List<double[]> values = new ArrayList<>();

    /** A drawing of series that were sampled at these seconds. */
    public SeriesSvg(String title, String subtitle, double[] seconds) {
        this.title = title;
        this.subtitle = subtitle;
        this.seconds = seconds.clone();
    }

    /** One more panel; the name says the unit, and a value that is not a number leaves a gap. */
    public SeriesSvg panel(String name, double[] series) {
        if (series.length != seconds.length) {
            throw new IllegalArgumentException(name + ": " + series.length + " values at " + seconds.length + " times");
        }
        names.add(name);
        values.add(series.clone());
        return this;
    }

    /** The drawing. */
    public String render() {
        int height = TOP + PANEL * names.size() + BOTTOM;
        Svg svg = new Svg(WIDTH, height);
        svg.text(LEFT, 30, 16, "start", title).text(LEFT, 50, 12, "start", subtitle);
        double last = Math.max(1, seconds.length == 0 ? 1 : seconds[seconds.length - 1]);
        for (int i = 0; i < names.size(); i++) {
            panel(svg, i, last);
        }
        boolean minutes = last >= 180;
        for (int i = 0; i <= TICKS; i++) {
            double at = last * i / TICKS;
            svg.text(x(at, last), height - BOTTOM + 18, 13, "middle",
                String.format(Locale.ROOT, "%.1f", minutes ? at / 60 : at));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, height - 16, 14, "middle", minutes ? "minutes" : "seconds");
        return svg.toString();
    }

    private void panel(Svg svg, int index, double last) {
        double top = TOP + PANEL * index + INNER_TOP;
        double bottom = TOP + PANEL * (index + 1) - 8.0;
        double[] series = values.get(index);
        double highest = 0;
        for (double value : series) {
            highest = Double.isFinite(value) ? Math.max(highest, value) : highest;
        }
        double step = step(highest / 3);
        double ceiling = Math.max(step, Math.ceil(highest * 1.02 / step) * step);
        svg.text(LEFT, top - 9, 14, "start", names.get(index));
        for (double value = 0; value <= ceiling * 1.001; value += step) {
            double y = bottom - value / ceiling * (bottom - top);
            svg.line(LEFT, y, WIDTH - RIGHT, y, Svg.FAINT, 1);
            svg.text(LEFT - 8, y + 4, 12, "end", String.format(Locale.ROOT, step < 1 ? "%.1f" : "%.0f", value));
        }
        svg.line(LEFT, top, LEFT, bottom, Svg.INK, 1.2).line(LEFT, bottom, WIDTH - RIGHT, bottom, Svg.INK, 1.2);
        double[] points = new double[2 * series.length];
        int length = 0;
        for (int i = 0; i < series.length; i++) {
            if (Double.isFinite(series[i])) {
                points[length++] = x(seconds[i], last);
                points[length++] = bottom - series[i] / ceiling * (bottom - top);
            }
        }
        svg.curve(points, length, Svg.COLOURS[index % Svg.COLOURS.length], false);
    }

    private static double x(double at, double last) {
        return LEFT + at / last * (WIDTH - LEFT - RIGHT);
    }

    private static double step(double rough) {
        double decade = Math.pow(10, Math.floor(Math.log10(Math.max(0.1, rough))));
        double digit = Math.max(0.1, rough) / decade;
        return decade * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }
}
