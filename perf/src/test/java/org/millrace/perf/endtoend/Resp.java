package org.millrace.perf.endtoend;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Requests as bytes, and bytes as text that can be read in a failure. */
final class Resp {
    private static final int SHOWN_MAX = 300;

    private Resp() {
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A request of words, one byte for each character. */
    static byte[] request(String... words) {
        byte[][] parts = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            parts[i] = bytes(words[i]);
        }
        return request(parts);
    }

    static byte[] request(byte[]... words) {
        byte[][] parts = new byte[1 + words.length][];
        parts[0] = bytes("*" + words.length + "\r\n");
        for (int i = 0; i < words.length; i++) {
            parts[1 + i] = bulk(words[i]);
        }
        return concat(parts);
    }

    static byte[] bulk(byte[] value) {
        return concat(bytes("$" + value.length + "\r\n"), value, bytes("\r\n"));
    }

    static byte[] concat(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** For messages: printable, cut if long. */
    static String show(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, SHOWN_MAX); i++) {
            char c = (char) (bytes[i] & 0xFF);
            switch (c) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                default -> text.append(c < ' ' || c > '~' ? String.format("\\x%02x", (int) c) : String.valueOf(c));
            }
        }
        return text + (bytes.length > SHOWN_MAX ? "... (" + bytes.length + " bytes)" : "");
    }
}
