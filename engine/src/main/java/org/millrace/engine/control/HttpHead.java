package org.millrace.engine.control;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an HTTP/1 request, as far as it has come.
 *
 * @param stage  how far that is
 * @param method GET and the like; null before the first line is whole
 * @param path   what is asked for, without a query; likewise
 * @param accept the media types that are wanted; empty if that is not said, or not yet
 */
record HttpHead(Stage stage, String method, String path, String accept) {
    private static final Pattern ACCEPT = Pattern.compile("\n(?i:accept):[ \t]*([^\r\n]*)");
    private static final Pattern LINE = Pattern.compile("([A-Z]{1,16}) ([^ ?]+)(?:\\?[^ ]*)? HTTP/1\\.[0-9]");
    /** What a first line that is not whole may look like. */
    private static final Pattern BEGUN = Pattern.compile("[A-Z]{1,16}(?: [^\\r\\n]*\\r?)?");

    /** How far a head has come. */
    enum Stage {
        /** These bytes do not begin an HTTP/1 request. */
        NOT_HTTP,
        /** They may; there is no whole line yet. */
        PERHAPS,
        /** They do; the head goes on. */
        BEGUN,
        WHOLE
    }

    /** Looks at the first bytes of a connection, at least one. */
    static HttpHead of(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        if (end < 0) {
            return new HttpHead(BEGUN.matcher(text).matches() ? Stage.PERHAPS : Stage.NOT_HTTP, null, null,
                "");
        }
        Matcher line = LINE.matcher(text.substring(0, end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end));
        if (!line.matches()) {
            return new HttpHead(Stage.NOT_HTTP, null, null, "");
        }
        boolean whole = text.indexOf("\n\n", end) >= 0 || text.indexOf("\n\r\n", end) >= 0;
        Matcher accept = ACCEPT.matcher(text);
        return new HttpHead(whole ? Stage.WHOLE : Stage.BEGUN, line.group(1), line.group(2),
            accept.find() ? accept.group(1).strip() : "");
    }
}
