package org.millrace.perf.pressure;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The ways to send without reading. */
public enum FloodKind {
    /** 100,000 SETs of 52 bytes. */
    SETS("100,000 SETs of 52 bytes", 100_000) {
        @Override
        String request(long n) {
            return set(n);
        }
    },
    /** 50,000 GETs of values of 20 bytes. */
    GETS("50,000 GETs of 20 bytes", 50_000) {
        @Override
        String request(long n) {
            return get(n);
        }
    },
    /** SETs and GETs by turns, until the time is over. */
    ENDLESS("SETs and GETs without end", Long.MAX_VALUE) {
        @Override
        String request(long n) {
            return n % 2 == 0 ? set(n) : get(n);
        }
    };

    /** Keys that are used by turns. */
    static final int KEYS = 1000;
    /** Bytes of a value that is there before the flood begins. */
    static final int VALUE_SIZE = 20;

    private final String label;
    private final long count;

    FloodKind(String label, long count) {
        this.label = label;
        this.count = count;
    }

    /** What to call it in a report. */
    public String label() {
        return label;
    }

    /** Requests in all. */
    long count() {
        return count;
    }

    abstract String request(long n);

    /** So many requests from the n-th on, as they go over the wire. */
    final byte[] batch(long from, int size) {
        StringBuilder text = new StringBuilder(size * 52);
        for (int i = 0; i < size; i++) {
            text.append(request(from + i));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static String key(long n) {
        return String.format(Locale.ROOT, "flood:%06d", n % KEYS);
    }

    private static String set(long n) {
        return "*3\r\n$3\r\nSET\r\n$12\r\n" + key(n) + "\r\n$13\r\n13 bytes here\r\n";
    }

    private static String get(long n) {
        return "*2\r\n$3\r\nGET\r\n$12\r\n" + key(n) + "\r\n";
    }
}
