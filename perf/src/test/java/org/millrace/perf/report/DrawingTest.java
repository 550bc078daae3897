package org.millrace.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** Drawings and tables are well-formed and hold what was put into them. */
class DrawingTest {
    @Test
    void shouldDrawCurvesByPercentile() throws Exception {
        Histogram fast = new Histogram(3);
        Histogram slow = new Histogram(3);
        for (int i = 1; i <= 100_000; i++) {
            fast.recordValue(100 + i % 300);
            slow.recordValue(100 + i % 300 * 20);
        }
        String svg = new PercentileSvg("a < b & c", "below").curve("without", fast).curve("with", slow).render();
        Document document = parse(svg);
        assertEquals("svg", document.getDocumentElement().getTagName());
        // two curves and two samples of them in the legend
        assertEquals(4, document.getElementsByTagName("polyline").getLength());
        assertTrue(svg.contains(">99.99 %<"), svg);
        assertTrue(svg.contains("a &lt; b &amp; c"), svg);
        assertTrue(!svg.contains("NaN") && !svg.contains("Infinity"), svg);
    }

    @Test
    void shouldDrawWhatIsEmpty() throws Exception {
        String svg = new PercentileSvg("t", "s").curve("nothing", new Histogram(3)).render();
        assertEquals(1, parse(svg).getElementsByTagName("polyline").getLength());
        assertTrue(!svg.contains("NaN") && !svg.contains("Infinity"), svg);
    }

    @Test
    void shouldDrawSeriesWithGaps() throws Exception {
        String svg = new SeriesSvg("t", "s", new double[] {0, 5, 10}).panel("MiB", new double[] {1, Double.NaN, 3})
            .panel("descriptors", new double[] {0, 0, 0}).render();
        assertEquals(2, parse(svg).getElementsByTagName("polyline").getLength());
        assertTrue(!svg.contains("NaN"), svg);
        assertThrows(IllegalArgumentException.class, () -> new SeriesSvg("t", "s", new double[1]).panel("p",
            new double[2]));
    }

    @Test
    void shouldPadATable() {
        assertEquals("| a  | long |\n|----|------|\n| xy | 1    |\n",
            new MarkdownTable("a", "long").row("xy", "1").toString());
        assertThrows(IllegalArgumentException.class, () -> new MarkdownTable("a").row("1", "2"));
    }

    @Test
    void shouldWriteJson() {
        assertEquals("{\"a\": \"q\\\"\\u000a\", \"n\": 1, \"d\": 0.500, \"x\": null, \"l\": [1.000, 2.000], \"o\": {}}",
            new JsonObject().put("a", "q\"\n").put("n", 1).put("d", 0.5).put("x", Double.NaN)
                .put("l", new double[] {1, 2}).put("o", new JsonObject()).toString());
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
