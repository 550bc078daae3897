package org.millrace.engine.control;

/** Texts within JSON. */
public final class JsonText {
    private JsonText() {
    }

    /** A text with its quotes. */
    public static String quote(String name) {
        return '"' + escape(name) + '"';
    }

    /** A text as it stands between quotes. */
    public static String escape(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
