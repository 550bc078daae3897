package org.millrace.engine.kit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** RESP2 for tests: slow, plain and strict. */
public final class Resp {
    private final String text;
    private int at;

    private Resp(String text) {
        this.text = text;
    }

    /** A request as an array of bulk strings. */
    public static String request(String... words) {
        StringBuilder wire = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            wire.append(bulk(word));
        }
        return wire.toString();
    }

    /** A bulk string. */
    public static String bulk(String value) {
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    /** Requests on the wire, each as its words with blanks between. */
    public static List<String> requests(String wire) {
        Resp reader = new Resp(wire);
        List<String> requests = new ArrayList<>();
        while (reader.at < wire.length()) {
            requests.add(reader.value());
        }
        return requests;
    }

    /** Replies on the wire, each as it stands there; fails if one is not RESP2 or not whole. */
    public static List<String> replies(String wire) {
        Resp reader = new Resp(wire);
        List<String> replies = new ArrayList<>();
        while (reader.at < wire.length()) {
            int from = reader.at;
            reader.value();
            replies.add(wire.substring(from, reader.at));
        }
        return replies;
    }

    private String value() {
        char type = text.charAt(at++);
        String line = line();
        return switch (type) {
            case '+', '-' -> line;
            case ':' -> String.valueOf(Long.parseLong(line));
            case '$' -> bulkValue(Integer.parseInt(line));
            case '*' -> array(Integer.parseInt(line));
            default -> throw new IllegalArgumentException("not RESP2 at " + (at - 1) + ": " + type);
        };
    }

    private String line() {
        int end = text.indexOf('\r', at);
        if (end < 0 || text.charAt(end + 1) != '\n' || text.substring(at, end).indexOf('\n') >= 0) {
            throw new IllegalArgumentException("no line end after " + at + " in " + text);
        }
        String line = text.substring(at, end);
        at = end + 2;
        return line;
    }

    private String bulkValue(int length) {
        if (length < 0) {
            return "(null)";
        }
        String value = text.substring(at, at + length);
        at += length;
        if (!line().isEmpty()) {
            throw new IllegalArgumentException("a bulk string is longer than it says, before " + at);
        }
        return value;
    }

    private String array(int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value());
        }
        return count < 0 ? "(null)" : String.join(" ", values);
    }

    /** Bytes, one for each character. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A value of so many bytes in which no two places look alike. */
    public static String value(int length) {
        StringBuilder value = new StringBuilder(length + 8);
        for (int i = 0; value.length() < length; i++) {
            value.append(Integer.toString(i, 36)).append('.');
        }
        return value.substring(0, length);
    }
}
