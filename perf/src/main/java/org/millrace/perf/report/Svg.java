package org.millrace.perf.report;

import java.util.Locale;

/** Puts an SVG drawing together: light background, one font, coordinates in pixels. */
final class Svg {
    static final String INK = "#1f2933";
    static final String FAINT = "#d5dae0";
    /** Told apart by colour-blind people, too. */
    static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height) {
        text.append(String.format(Locale.ROOT, """
            <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
            font-family="DejaVu Sans, Helvetica, Arial, sans-serif">
            <rect width="100%%" height="100%%" fill="#ffffff"/>
            """, width, height, width, height));
    }

    Svg text(double x, double y, int size, String anchor, String content) {
        text.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\" "
            + "fill=\"%s\">%s</text>%n", x, y, size, anchor, INK, escape(content)));
        return this;
    }

    /** Text from bottom to top, centred at the point. */
    Svg upright(double x, double y, int size, String content) {
        text.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"middle\" "
            + "fill=\"%s\" transform=\"rotate(-90 %.1f %.1f)\">%s</text>%n", x, y, size, INK, x, y, escape(content)));
        return this;
    }

    Svg line(double x1, double y1, double x2, double y2, String colour, double width) {
        text.append(String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" "
            + "stroke-width=\"%.1f\"/>%n", x1, y1, x2, y2, colour, width));
        return this;
    }

    /** A curve through points that are given as x, y, x, y. */
    Svg curve(double[] points, int length, String colour, boolean dashed) {
        text.append("<polyline fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"").append(colour)
            .append(dashed ? "\" stroke-dasharray=\"7 4" : "").append("\" points=\"");
        for (int i = 0; i + 1 < length; i += 2) {
            text.append(String.format(Locale.ROOT, "%.1f,%.1f ", points[i], points[i + 1]));
        }
        text.append("\"/>\n");
        return this;
    }

    private static String escape(String content) {
        return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return text + "</svg>\n";
    }
}
