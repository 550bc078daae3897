package org.millrace.perf.check;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.millrace.perf.client.ReplyCursor;

/**
 * What one request must return. It refers to the model's values without copying them; the model never changes a value
 * in place, so they still are what they were when the request was written.
 */
abstract class Expected {
    private static final int SHOWN = 60;

    private final String request;
    private final long bytes;
    private long sentNs;

    /**
     * @param request the request in a few words
     * @param bytes   about how many bytes the reply has
     */
    Expected(String request, long bytes) {
        this.request = request;
        this.bytes = bytes;
    }

    /** Whether the reply, with the cursor before its first element, is right. */
    abstract boolean matches(ReplyCursor reply);

    /** The right reply in a few words. */
    abstract String describe();

    final String request() {
        return request;
    }

    final long bytes() {
        return bytes;
    }

    final long sentNs() {
        return sentNs;
    }

    final void sentAt(long nowNs) {
        sentNs = nowNs;
    }

    /** A line such as {@code +OK} or an error, with its type byte. */
    static Expected line(String request, String line) {
        byte[] body = line.substring(1).getBytes(StandardCharsets.US_ASCII);
        return new Expected(request, line.length()) {
            @Override
            boolean matches(ReplyCursor reply) {
                return reply.next().is(line.charAt(0), body);
            }

            @Override
            String describe() {
                return line;
            }
        };
    }

    /** An integer; null stands for any. */
    static Expected integer(String request, Long value) {
        return new Expected(request, 8) {
            @Override
            boolean matches(ReplyCursor reply) {
                reply.next();
                return reply.type() == ':' && (value == null || reply.number() == value);
            }

            @Override
            String describe() {
                return value == null ? "an integer" : ":" + value;
            }
        };
    }

    /** A bulk string; null stands for the null bulk string. */
    static Expected bulk(String request, byte[] value) {
        return new Expected(request, value == null ? 5 : value.length) {
            @Override
            boolean matches(ReplyCursor reply) {
                return isBulk(reply.next(), value);
            }

            @Override
            String describe() {
                return show(value);
            }
        };
    }

    /** An array of bulk strings in this order. */
    static Expected array(String request, List<byte[]> values) {
        return new Expected(request, sum(values)) {
            @Override
            boolean matches(ReplyCursor reply) {
                reply.next();
                if (reply.type() != '*' || reply.number() != values.size()) {
                    return false;
                }
                for (byte[] value : values) {
                    if (!isBulk(reply.next(), value)) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            String describe() {
                return "array of " + values.size() + (values.isEmpty() ? "" : ", first " + show(values.getFirst()));
            }
        };
    }

    /** Fields and values of a hash, {@code f v f v ...}, the pairs in any order. */
    static Expected pairs(String request, List<byte[]> fieldsAndValues) {
        return new Expected(request, sum(fieldsAndValues)) {
            @Override
            boolean matches(ReplyCursor reply) {
                reply.next();
                if (reply.type() != '*' || reply.number() != fieldsAndValues.size()) {
                    return false;
                }
                boolean[] seen = new boolean[fieldsAndValues.size()];
                for (int i = 0; i < seen.length; i += 2) {
                    int at = indexOf(reply.next());
                    if (at < 0 || seen[at] || !isBulk(reply.next(), fieldsAndValues.get(at + 1))) {
                        return false;
                    }
                    seen[at] = true;
                }
                return true;
            }

            private int indexOf(ReplyCursor field) {
                for (int i = 0; i < fieldsAndValues.size(); i += 2) {
                    if (isBulk(field, fieldsAndValues.get(i))) {
                        return i;
                    }
                }
                return -1;
            }

            @Override
            String describe() {
                return "hash of " + fieldsAndValues.size() / 2 + " fields";
            }
        };
    }

    private static boolean isBulk(ReplyCursor reply, byte[] value) {
        return value == null ? reply.type() == '$' && reply.isNull() : reply.isBulk() && reply.bodyIs(value);
    }

    private static long sum(List<byte[]> values) {
        long sum = 16;
        for (byte[] value : values) {
            sum += value == null ? 5 : value.length + 8;
        }
        return sum;
    }

    /** Bytes in a few characters, for messages. */
    static String show(byte[] value) {
        if (value == null) {
            return "(nil)";
        }
        byte[] start = Arrays.copyOf(value, Math.min(SHOWN, value.length));
        return value.length + " bytes \"" + new String(start, StandardCharsets.ISO_8859_1) + '"';
    }
}
