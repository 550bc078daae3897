package org.millrace.engine.memcached;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.millrace.codec.memcached.ReplyView;
import org.millrace.engine.message.Message;

/**
 * Makes one list of the statistics of all servers, in the order in which names come up:
 * <ul>
 * <li>numbers add up: {@code curr_items}, {@code bytes}, {@code rusage_user}, {@code 1:used_chunks} ...
 * <li>of what is an age or a time the greatest is told: {@code uptime}, {@code time}, {@code items:1:age}
 * <li>of all else, and of numbers that say how a server is set up, the first server's: {@code version}, {@code pid},
 * {@code 1:chunk_size}, and all that {@code stats settings} tells
 * <li>lines that are about one connection, item or prefix of a server are listed one server after another
 * </ul>
 * Rare, and so it may use the heap; the number of lines has a limit.
 */
final class StatsMerge {
    /** Most lines of all servers together. */
    static final int LINES_MAX = 1 << 16;

    private static final Set<String> GREATEST = Set.of("uptime", "time", "age", "age_hot", "age_warm");
    private static final Set<String> FIRST = Set.of("pid", "pointer_size", "version", "libevent", "threads",
        "hash_power_level", "chunk_size", "chunks_per_page", "accepting_conns", "hash_is_expanding",
        "slab_reassign_running", "lru_crawler_running");
    /** Names that only {@code stats settings} has. */
    private static final String SETTINGS = "maxconns";
    private static final String CONNECTION = ":addr";

    private final Map<String, String> values = new LinkedHashMap<>();
    private final StringBuilder lines = new StringBuilder();
    private final ReplyView view = new ReplyView();
    private boolean adds = true;
    private boolean listed;
    private int count;

    private StatsMerge() {
    }

    static boolean write(Message result, IntFunction<Message> replies, int count) {
        for (int i = 0; i < count; i++) {
            if (AllOk.isError(replies.apply(i))) {
                return AllOk.write(result, replies, count);
            }
        }
        Message first = replies.apply(0);
        // RESET, OK
        if (first.head().getByte(0) == 'R' || first.head().getByte(0) == 'O') {
            return AllOk.write(result, replies, count);
        }
        StatsMerge merge = new StatsMerge();
        for (int i = 0; i < count && merge.count <= LINES_MAX; i++) {
            merge.add(replies.apply(i));
        }
        byte[] text = merge.text().getBytes(StandardCharsets.ISO_8859_1);
        if (!result.reserveHead(text.length)) {
            return false;
        }
        result.head().putBytes(0, text);
        result.commitHead(text.length);
        return true;
    }

    private void add(Message reply) {
        view.wrap(reply.head(), 0, reply.headLength(), Integer.MAX_VALUE);
        boolean first = true;
        while (view.next() && ++count <= LINES_MAX) {
            String name = text(reply, view.keyOffset(), view.keyLength());
            if (first) {
                listed = reply.head().getByte(view.entryOffset()) != 'S' || name.endsWith(CONNECTION);
                first = false;
            }
            if (listed) {
                lines.append(text(reply, view.entryOffset(), view.entryEnd() - view.entryOffset()));
            } else {
                adds &= !name.equals(SETTINGS);
                values.merge(name, text(reply, view.dataOffset(), (int) view.dataLength()),
                    (sum, value) -> join(name, sum, value));
            }
        }
    }

    private static String text(Message reply, int offset, int length) {
        byte[] bytes = new byte[length];
        reply.head().getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String join(String name, String sum, String value) {
        String last = name.substring(name.lastIndexOf(':') + 1);
        if (!adds || FIRST.contains(last) || !isNumber(sum) || !isNumber(value)) {
            return sum;
        }
        BigDecimal one = new BigDecimal(sum);
        BigDecimal other = new BigDecimal(value);
        return (GREATEST.contains(last) ? one.max(other) : one.add(other)).toPlainString();
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,20}(\\.[0-9]{1,9})?");
    }

    private String text() {
        if (count > LINES_MAX) {
            return "SERVER_ERROR more than " + LINES_MAX
                + " lines of statistics: ask the servers themselves\r\n";
        }
        values.forEach((name, value) -> lines.append("STAT ").append(name).append(' ').append(value).append("\r\n"));
        return lines.append("END\r\n").toString();
    }
}
