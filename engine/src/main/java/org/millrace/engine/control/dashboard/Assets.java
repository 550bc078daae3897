package org.millrace.engine.control.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/** The files of the page, read from the jar when they are first asked for. Any thread. */
final class Assets {
    private static final String FOLDER = "/org/millrace/engine/dashboard/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    /** All that there are: no path of a request ever becomes the name of a resource. */
    private static final Map<String, String> TYPES = Map.ofEntries(
        Map.entry("/index.html", "text/html; charset=utf-8"), Map.entry("/icon.svg", "image/svg+xml"),
        Map.entry("/style.css", STYLE), Map.entry("/uPlot.min.css", STYLE), Map.entry("/uPlot.iife.min.js", SCRIPT),
        Map.entry("/main.js", SCRIPT), Map.entry("/card.js", SCRIPT),
        Map.entry("/data.js", SCRIPT), Map.entry("/charts.js", SCRIPT),
        Map.entry("/heat.js", SCRIPT), Map.entry("/tables.js", SCRIPT), Map.entry("/format.js", SCRIPT),
        Map.entry("/save.js", SCRIPT), Map.entry("/theme.js", SCRIPT));

    private final Map<String, Asset> read = new ConcurrentHashMap<>();

    /**
     * One file.
     *
     * @param type   as HTTP names it
     * @param tag    differs where the bytes differ
     * @param packed by gzip
     */
    record Asset(String type, String tag, byte[] bytes, byte[] packed) {
    }

    /** The file of a path; null if there is none. */
    Asset of(String path) {
        String name = path.equals("/") ? "/index.html" : path;
        String type = TYPES.get(name);
        return type == null ? null : read.computeIfAbsent(name, each -> read(each, type));
    }

    private static Asset read(String name, String type) {
        try (InputStream in = Assets.class.getResourceAsStream(FOLDER + name.substring(1))) {
            if (in == null) {
                throw new IOException("the jar has no " + name);
            }
            byte[] bytes = in.readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(bytes);
            return new Asset(type, "\"" + Long.toHexString(sum.getValue()) + '"', bytes, packed(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
