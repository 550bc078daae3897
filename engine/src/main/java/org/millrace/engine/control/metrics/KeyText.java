package org.millrace.engine.control.metrics;

import java.util.HexFormat;

/** Keys as text. Stateless. */
final class KeyText {
    private static final HexFormat HEX = HexFormat.of();

    private KeyText() {
    }

    /**
     * A key, all of it or its beginning: printable bytes of ASCII as they are, others as {@code \xhh}.
     *
     * @param length of the whole key
     */
    static String of(byte[] name, long length) {
        StringBuilder text = new StringBuilder(name.length);
        for (byte each : name) {
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
        if (length > name.length) {
            text.append("... (").append(length).append(" bytes)");
        }
        return text.toString();
    }
}
