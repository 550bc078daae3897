package org.millrace.engine.top;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) into maps in the order of their members, lists, strings, doubles, longs, booleans and null. A
 * name that comes twice has its last value.
 */
final class JsonReader {
    private static final int DEPTH_MAX = 64;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * Reads one value, and nothing may follow it.
     *
     * @throws IllegalArgumentException if it is none, with the place
     */
    static Object read(String text) {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value();
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.bad("something follows the value");
        }
        return value;
    }

    private Object value() {
        blanks();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        begin();
        while (!isEnd('}', members.isEmpty())) {
            blanks();
            if (peek() != '"') {
                throw bad("a name is missing");
            }
            String name = string();
            blanks();
            take(':');
            members.put(name, value());
        }
        depth--;
        return members;
    }

    private List<Object> array() {
        List<Object> items = new ArrayList<>();
        begin();
        while (!isEnd(']', items.isEmpty())) {
            items.add(value());
        }
        depth--;
        return items;
    }

    private void begin() {
        at++;
        if (++depth > DEPTH_MAX) {
            throw bad("it is nested more than " + DEPTH_MAX + " deep");
        }
    }

    /** Takes the end, or the comma before a further item. */
    private boolean isEnd(char end, boolean isFirst) {
        blanks();
        if (peek() == end) {
            at++;
            return true;
        }
        if (!isFirst) {
            take(',');
        }
        return false;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        for (at++; peek() != '"'; at++) {
            char c = text.charAt(at);
            if (c < ' ') {
                throw bad("a control character in a string");
            }
            string.append(c == '\\' ? escaped() : c);
        }
        at++;
        return string.toString();
    }

    private char escaped() {
        at++;
        return switch (peek()) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> text.charAt(at);
            case 'u' -> unicode();
            default -> throw bad("an unknown escape");
        };
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            at++;
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw bad("four hexadecimal digits are due");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw bad("an unknown word");
        }
        at += word.length();
        return value;
    }

    private Object number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(from, at);
        try {
            return number.matches("-?[0-9]+") ? (Object) Long.valueOf(number) : (Object) Double.valueOf(number);
        } catch (NumberFormatException e) {
            at = from;
            throw bad("no value");
        }
    }

    private void take(char wanted) {
        if (peek() != wanted) {
            throw bad("'" + wanted + "' is missing");
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw bad("the end comes too early");
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException bad(String what) {
        return new IllegalArgumentException("not JSON at character " + at + ": " + what);
    }
}
