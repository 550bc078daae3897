package org.millrace.perf.pressure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.millrace.perf.client.Framing;
import org.millrace.perf.client.MemcachedReplyFramer;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.load.Mixer;

/**
 * {@code version}, {@code get} and {@code gets} of one key and of several, {@code set} with and without a reply, and
 * {@code mg} and {@code ms} with an opaque number, by which a reply that belongs to another request shows even if both
 * are about the same key.
 */
final class MemcachedTalk implements ChaosTalk {
    private static final String CRLF = "\r\n";

    private long opaque;

    @Override
    public Framing framing() {
        return new MemcachedReplyFramer();
    }

    @Override
    public ChaosRequest next(List<ChaosKey> keys, Mixer random, RequestWriter out, long nowNs) {
        int dice = random.nextInt(100);
        List<ChaosKey> one = List.of(ChaosTalk.any(keys, random));
        if (dice < 5) {
            line(out, "version");
            return ChaosRequest.read("version", List.of(), nowNs,
                (request, b, from, to) -> text(b, from, to).startsWith("VERSION "));
        } else if (dice < 30) {
            return get("get", one, out, nowNs);
        } else if (dice < 45) {
            return metaGet(one, out, nowNs);
        } else if (dice < 63) {
            return set(one, out, nowNs);
        } else if (dice < 72) {
            return metaSet(one, out, nowNs);
        } else if (dice < 75) {
            return silentSet(one, out, nowNs);
        }
        return get(dice < 92 ? "get" : "gets", ChaosTalk.three(keys, random), out, nowNs);
    }

    private static ChaosRequest get(String command, List<ChaosKey> keys, RequestWriter out, long nowNs) {
        ChaosRequest request = ChaosRequest.read(command, keys, nowNs,
            (asked, b, from, to) -> areValues(asked.keys(), text(b, from, to)));
        line(out, request.toString());
        return request;
    }

    private ChaosRequest metaGet(List<ChaosKey> one, RequestWriter out, long nowNs) {
        String flags = " k" + one.getFirst().name() + " O" + ++opaque;
        line(out, "mg " + one.getFirst().name() + " k O" + opaque + " v");
        return ChaosRequest.read("mg", one, nowNs,
            (request, b, from, to) -> isMetaValue(one.getFirst(), flags, text(b, from, to)));
    }

    private static ChaosRequest set(List<ChaosKey> one, RequestWriter out, long nowNs) {
        ChaosRequest request = ChaosRequest.write("set", one, nowNs,
            (asked, b, from, to) -> isStored(asked, "STORED\r\n", text(b, from, to)));
        String value = request.value(0);
        line(out, request + " 0 0 " + value.length());
        line(out, value);
        return request;
    }

    private ChaosRequest metaSet(List<ChaosKey> one, RequestWriter out, long nowNs) {
        String reply = "HD O" + ++opaque + CRLF;
        ChaosRequest request = ChaosRequest.write("ms", one, nowNs,
            (asked, b, from, to) -> isStored(asked, reply, text(b, from, to)));
        String value = request.value(0);
        line(out, request.toString() + ' ' + value.length() + " O" + opaque);
        line(out, value);
        return request;
    }

    /** Whether it is done will never be known. */
    private static ChaosRequest silentSet(List<ChaosKey> one, RequestWriter out, long nowNs) {
        ChaosRequest request = ChaosRequest.write("set", one, nowNs, (asked, b, from, to) -> false);
        request.onFailed();
        String value = request.value(0);
        line(out, request + " 0 0 " + value.length() + " noreply");
        line(out, value);
        return null;
    }

    @Override
    public String error(byte[] b, int from, int to) {
        String start = new String(b, from, Math.min(to - from, 16), StandardCharsets.ISO_8859_1);
        boolean error = start.startsWith("ERROR") || start.startsWith("CLIENT_ERROR")
            || start.startsWith("SERVER_ERROR");
        return error ? text(b, from, to).strip() : null;
    }

    private static boolean isStored(ChaosRequest request, String expected, String text) {
        request.onWritten();
        return text.equals(expected);
    }

    private static boolean isMetaValue(ChaosKey key, String flags, String text) {
        if (text.startsWith("EN")) {
            // versions differ in whether a miss repeats what was asked
            return (text.equals("EN\r\n") || text.equals("EN" + flags + CRLF)) && key.allows(null);
        }
        if (!text.startsWith("VA ")) {
            return false;
        }
        int lineEnd = text.indexOf(CRLF);
        String value = text.substring(lineEnd + 2, text.length() - 2);
        return text.substring(0, lineEnd).equals("VA " + value.length() + flags) && key.allows(value);
    }

    /** One pass: values come in the order asked, whatever misses, and nothing else comes. */
    private static boolean areValues(List<ChaosKey> keys, String text) {
        int at = 0;
        for (ChaosKey key : keys) {
            String start = "VALUE " + key.name() + " 0 ";
            String value = null;
            if (text.startsWith(start, at)) {
                int lineEnd = text.indexOf(CRLF, at);
                String[] numbers = text.substring(at + start.length(), lineEnd).split(" ");
                int from = lineEnd + 2;
                int to = from + Integer.parseInt(numbers[0]);
                value = text.substring(from, to);
                at = to + 2;
            }
            if (!key.allows(value)) {
                return false;
            }
        }
        return text.substring(at).equals("END\r\n");
    }

    private static String text(byte[] b, int from, int to) {
        return new String(b, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static void line(RequestWriter out, String text) {
        out.raw((text + CRLF).getBytes(StandardCharsets.ISO_8859_1));
    }
}
