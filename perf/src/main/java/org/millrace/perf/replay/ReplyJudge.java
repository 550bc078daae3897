package org.millrace.perf.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.resp.ReplyView;

/** Says whether two replies are the same. */
final class ReplyJudge {
    private static final int SHAPE_MAX = 64 << 10;

    private final ReplyView view = new ReplyView();
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** By every byte, or as its request's nature allows. */
    boolean isSame(Recorded request, byte[] b, int from, int to, boolean byShape) {
        byte[] before = request.reply;
        if (Arrays.equals(before, 0, before.length, b, from, to)) {
            return true;
        }
        byte[] now = Arrays.copyOfRange(b, from, to);
        if (byShape) {
            return request.talk.memcached ? lines(before).equals(lines(now)) : shape(before).equals(shape(now));
        }
        return request.treatment == Treatment.UNORDERED && before.length == now.length && now.length > 0
            && before[0] == '*' && now[0] == '*' && elements(before).equals(elements(now));
    }

    /** The elements of an array, sorted. */
    private List<ByteBuffer> elements(byte[] reply) {
        List<ByteBuffer> elements = new ArrayList<>();
        buffer.wrap(reply);
        view.wrap(buffer, 0, reply.length, Integer.MAX_VALUE);
        while (view.next()) {
            elements.add(ByteBuffer.wrap(reply, view.startOffset(), view.endOffset() - view.startOffset()));
        }
        elements.sort(null);
        return elements;
    }

    /** Types and counts of a RESP reply, without its values; of an error its first word. */
    private static String shape(byte[] reply) {
        StringBuilder shape = new StringBuilder();
        int at = 0;
        while (at < reply.length && shape.length() < SHAPE_MAX) {
            int end = at;
            while (end < reply.length && reply[end] != '\r') {
                end++;
            }
            String line = new String(reply, at, end - at, StandardCharsets.ISO_8859_1);
            at = end + 2;
            switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                case '-' -> shape.append(line.split(" ", 2)[0]);
                case ':' -> shape.append(':');
                case '$' -> {
                    int length = Integer.parseInt(line.substring(1));
                    shape.append(length < 0 ? "$-" : "$");
                    at += length < 0 ? 0 : length + 2;
                }
                default -> shape.append(line);
            }
            shape.append('\n');
        }
        return shape.toString();
    }

    /** First words of the lines of a memcached reply, data left out. */
    private static String lines(byte[] reply) {
        StringBuilder shape = new StringBuilder();
        int at = 0;
        while (at < reply.length && shape.length() < SHAPE_MAX) {
            int end = at;
            while (end < reply.length && reply[end] != '\r') {
                end++;
            }
            String[] words = new String(reply, at, end - at, StandardCharsets.ISO_8859_1).split(" ");
            at = end + 2;
            int length = words[0].equals("VALUE") && words.length > 3 ? number(words[3])
                : words[0].equals("VA") && words.length > 1 ? number(words[1]) : -1;
            at += length < 0 ? 0 : length + 2;
            shape.append(number(words[0]) >= 0 ? "number" : words[0]).append('\n');
        }
        return shape.toString();
    }

    private static int number(String word) {
        return word.matches("[0-9]{1,9}") ? Integer.parseInt(word) : -1;
    }
}
