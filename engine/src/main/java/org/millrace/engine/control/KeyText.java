package org.millrace.engine.control;

import java.util.HexFormat;

/** Keys as text. Stateless. */
public final class KeyText {
    private static final HexFormat HEX = HexFormat.of();

    private KeyText() {
    }

    /**
     * A key, all of it or its beginning: printable bytes of ASCII as they are, others escaped as redis-cli does it.
     *
     * @param length of the whole key
     */
    public static String of(byte[] key, long length) {
        StringBuilder text = new StringBuilder(key.length);
        for (byte each : key) {
            switch (each) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (each >= ' ' && each < 127) {
                        text.append((char) each);
                    } else {
                        text.append("\\x").append(HEX.toHexDigits(each));
                    }
                }
            }
        }
        return text.append(missing(length - key.length)).toString();
    }

    /** What stands in Redis's words for so many bytes at the end of a key; nothing for none. */
    public static String missing(long bytes) {
        return bytes > 0 ? "... (" + bytes + " more bytes)" : "";
    }
}
