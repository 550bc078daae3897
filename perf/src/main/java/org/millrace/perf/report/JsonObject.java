package org.millrace.perf.report;

import java.util.Collection;
import java.util.Locale;

/** Writes one JSON object, member by member; names carry their units. */
public final class JsonObject {
    private final StringBuilder text = new StringBuilder("{");

    /** A text. */
    public JsonObject put(String name, String value) {
        return member(name, quote(value));
    }

    /** A whole number. */
    public JsonObject put(String name, long value) {
        return member(name, String.valueOf(value));
    }

    /** A number; one that is not finite becomes null. */
    public JsonObject put(String name, double value) {
        return member(name, number(value));
    }

    /** True or false. */
    public JsonObject put(String name, boolean value) {
        return member(name, String.valueOf(value));
    }

    /** An object in the object. */
    public JsonObject put(String name, JsonObject value) {
        return member(name, value.toString());
    }

    /** A list of objects. */
    public JsonObject put(String name, Collection<JsonObject> values) {
        return member(name, values.toString());
    }

    /** A list of numbers. */
    public JsonObject put(String name, double[] values) {
        StringBuilder list = new StringBuilder("[");
        for (double value : values) {
            list.append(list.length() == 1 ? "" : ", ").append(number(value));
        }
        return member(name, list.append(']').toString());
    }

    private JsonObject member(String name, String value) {
        text.append(text.length() == 1 ? "" : ", ").append(quote(name)).append(": ").append(value);
        return this;
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null";
    }

    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
