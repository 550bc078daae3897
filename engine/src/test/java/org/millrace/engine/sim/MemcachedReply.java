package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * A reply of the text protocol.
 *
 * @param line   what it is, or how its list ends: END, STORED, SERVER_ERROR ..., VA 3 O17
 * @param values of its list, empty if it is none
 * @param data   of VA, else null
 */
record MemcachedReply(String line, List<Value> values, String data) {
    private static final String FAILURE = "SERVER_ERROR ";

    /**
     * One entry of a list.
     *
     * @param name  the key; of statistics the name
     * @param flags of VALUE, else null
     * @param cas   of VALUE if it was asked for, else null
     * @param data  its value
     */
    record Value(String name, String flags, String cas, String data) {
        @Override
        public String toString() {
            return name + '=' + shown(data);
        }
    }

    /** Takes the next reply off the bytes; null if it is not whole. */
    static MemcachedReply take(Bytes bytes) {
        int end = endOf(bytes);
        if (end < 0) {
            return null;
        }
        List<Value> values = new ArrayList<>();
        int at = 0;
        while (true) {
            int lineEnd = bytes.lineEnd(at);
            String line = bytes.text(at, lineEnd - at);
            String[] words = line.split(" ");
            at = lineEnd + 2;
            switch (words[0]) {
                case "VALUE" -> {
                    int length = Integer.parseInt(words[3]);
                    values.add(new Value(words[1], words[2], words.length > 4 ? words[4] : null,
                        bytes.text(at, length)));
                    at += length + 2;
                }
                case "STAT" -> values.add(new Value(words[1], null, null, words[2]));
                default -> {
                    String data = words[0].equals("VA") ? bytes.text(at, Integer.parseInt(words[1])) : null;
                    bytes.skip(end);
                    return new MemcachedReply(line, values, data);
                }
            }
        }
    }

    /** Where the reply ends; -1 if it is not whole. Makes no texts of values that drip in. */
    private static int endOf(Bytes bytes) {
        int at = 0;
        while (true) {
            int lineEnd = at > bytes.size() ? -1 : bytes.lineEnd(at);
            if (lineEnd < 0) {
                return -1;
            }
            // of a line that is too long for a header only the beginning matters
            String[] words = bytes.text(at, lineEnd - at).split(" ");
            at = lineEnd + 2;
            boolean listed = words[0].equals("VALUE");
            if (listed || words[0].equals("VA")) {
                at += Integer.parseInt(words[listed ? 3 : 1]) + 2;
                if (at > bytes.size()) {
                    return -1;
                }
                if (bytes.at(at - 2) != '\r' || bytes.at(at - 1) != '\n') {
                    throw new IllegalArgumentException("no line end behind the data of " + String.join(" ", words));
                }
            }
            if (!listed && !words[0].equals("STAT")) {
                return at;
            }
        }
    }

    boolean isFailure() {
        return line.startsWith(FAILURE) && values.isEmpty();
    }

    /** What a failure tells. */
    String cause() {
        return line.substring(FAILURE.length());
    }

    String type() {
        int blank = line.indexOf(' ');
        return blank < 0 ? line : line.substring(0, blank);
    }

    /** A flag that came back, its letter left out; null if it did not. */
    String flag(char letter) {
        String[] words = line.split(" ");
        for (int i = words[0].equals("VA") ? 2 : 1; i < words.length; i++) {
            if (words[i].charAt(0) == letter) {
                return words[i].substring(1);
            }
        }
        return null;
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    @Override
    public String toString() {
        return (values.isEmpty() ? "" : values + " ") + shown(line) + (data == null ? "" : " " + shown(data));
    }
}
