package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * A RESP2 value: a reply, or a request as its server sees it.
 *
 * @param type     its first byte
 * @param text     what stands behind that, or the bulk's bytes; null for a null
 * @param elements of an array, else null
 */
record Reply(char type, String text, List<Reply> elements) {
    /** Takes the next value off the bytes; null if it is not whole. */
    static Reply take(Bytes bytes) {
        // texts are made only of what is whole: a value that drips in would be made anew with each of its pieces
        if (endOf(bytes, 0) < 0) {
            return null;
        }
        int[] at = new int[1];
        Reply reply = parse(bytes, at);
        bytes.skip(at[0]);
        return reply;
    }

    /** Where the value ends that begins there; -1 if it is not whole. */
    private static int endOf(Bytes bytes, int begin) {
        int line = bytes.lineEnd(begin);
        if (line < 0) {
            return -1;
        }
        byte type = bytes.at(begin);
        if (type != '$' && type != '*') {
            return line + 2;
        }
        int count = Integer.parseInt(bytes.text(begin + 1, line - begin - 1));
        int end = line + 2;
        if (type == '$') {
            end += count < 0 ? 0 : count + 2;
            return end <= bytes.size() ? end : -1;
        }
        for (int i = 0; i < count && end >= 0; i++) {
            end = endOf(bytes, end);
        }
        return end;
    }

    private static Reply parse(Bytes bytes, int[] at) {
        int end = bytes.lineEnd(at[0]);
        char type = (char) bytes.at(at[0]);
        String line = bytes.text(at[0] + 1, end - at[0] - 1);
        at[0] = end + 2;
        return switch (type) {
            case '+', '-', ':' -> new Reply(type, line, null);
            case '$' -> bulk(bytes, at, Integer.parseInt(line));
            case '*' -> array(bytes, at, Integer.parseInt(line));
            default -> throw new IllegalArgumentException("no RESP2 value begins with '" + type + "': " + line);
        };
    }

    private static Reply bulk(Bytes bytes, int[] at, int length) {
        if (length < 0) {
            return new Reply('$', null, null);
        }
        String text = bytes.text(at[0], length);
        at[0] += length + 2;
        return new Reply('$', text, null);
    }

    private static Reply array(Bytes bytes, int[] at, int count) {
        List<Reply> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(parse(bytes, at));
        }
        return new Reply('*', null, elements);
    }

    /** A bulk string as it is sent; null gives the null bulk. */
    static String bulk(String text) {
        return text == null ? "$-1\r\n" : "$" + text.length() + "\r\n" + text + "\r\n";
    }

    /** A request as it is sent. */
    static String request(List<String> words) {
        StringBuilder text = new StringBuilder("*" + words.size() + "\r\n");
        words.forEach(word -> text.append(bulk(word)));
        return text.toString();
    }

    boolean isError() {
        return type == '-';
    }

    @Override
    public String toString() {
        String shown = text == null ? "null" : text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return elements == null ? type + shown : "*" + elements;
    }
}
