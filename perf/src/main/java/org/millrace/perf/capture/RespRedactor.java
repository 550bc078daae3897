package org.millrace.perf.capture;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.resp.RequestFramer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.KeyFinder;
import org.millrace.codec.resp.command.KeyList;

/** Overwrites what is no name, no key and no option in RESP requests; the command table says which words are keys. */
final class RespRedactor {
    private static final Set<String> SECRET = Set.of("auth", "hello");
    /** Option words tell nothing, and without them most requests would be refused when they are replayed. */
    private static final Set<String> OPTIONS = Set.of("ex", "px", "exat", "pxat", "nx", "xx", "keepttl", "persist",
        "get", "gt", "lt", "ch", "incr", "withscores", "withscore", "withvalues", "limit", "by", "asc", "desc", "alpha",
        "store", "match", "count", "type", "left", "right", "before", "after", "aggregate", "sum", "min", "max",
        "weights", "byscore", "bylex", "rev", "maxlen", "minid", "streams", "block", "group", "nomkstream", "replace",
        "absttl", "idletime", "freq", "withcoord", "withdist", "withhash", "m", "km", "ft", "mi", "fields", "+", "-",
        "*", "$", "+inf", "-inf");
    private static final int OPTION_MAX = 10;
    /** A request of so many words has no options: its last word is a value. */
    private static final int WORDS_WITHOUT_OPTIONS = 3;

    private final boolean all;
    private final FrameLimits everyValue;
    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();
    private final KeyList keys = new KeyList();

    /**
     * Of all values, or of passwords alone.
     *
     * @param everyValue limits by which each value is a body
     */
    RespRedactor(boolean all, FrameLimits everyValue) {
        this.all = all;
        this.everyValue = everyValue;
    }

    /** True if there is surely nothing secret in a whole request. */
    boolean shows(DirectBuffer buffer, int offset, int length) {
        if (all || buffer.getByte(offset) != '*') {
            return false;
        }
        view.wrap(buffer, offset, length, Integer.MAX_VALUE);
        return !view.next()
            || !isSecret(table.find(buffer, view.argumentOffset(), (int) view.argumentLength()));
    }

    private static boolean isSecret(Command command) {
        return command != null && SECRET.contains(command.name());
    }

    /** Overwrites what is secret in a whole request. */
    void whole(UnsafeBuffer buffer, int from, int to) {
        if (buffer.getByte(from) != '*') {
            inline(buffer, from, to);
            return;
        }
        view.wrap(buffer, from, to - from, Integer.MAX_VALUE);
        if (!view.next()) {
            return;
        }
        Command command = table.find(buffer, view.argumentOffset(), (int) view.argumentLength());
        boolean secret = isSecret(command);
        if (!all && !secret) {
            return;
        }
        int names = 1;
        if (command != null && command.isContainer() && view.next()) {
            Command sub = table.findSub(command, buffer, view.argumentOffset(), (int) view.argumentLength());
            command = sub == null ? command : sub;
            names = sub == null ? 1 : 2;
        }
        boolean known = !secret && command != null && command.acceptsWords(view.argumentCount())
            && KeyFinder.find(command, buffer, view, keys) == KeyFinder.OK;
        view.rewind();
        int key = 0;
        while (view.next()) {
            int word = view.argumentIndex();
            if (known && key < keys.size() && keys.argumentIndex(key) == word) {
                key++;
            } else if (word >= names && (secret || !isOption(buffer))) {
                ValueMask.word(buffer.byteArray(), view.argumentOffset(),
                    view.argumentOffset() + (int) view.argumentLength());
            }
        }
    }

    private boolean isOption(UnsafeBuffer buffer) {
        int length = (int) view.argumentLength();
        return view.argumentCount() > WORDS_WITHOUT_OPTIONS && view.argumentIndex() > 1 && length <= OPTION_MAX
            && OPTIONS.contains(text(buffer, view.argumentOffset(), length));
    }

    /** For a request that begins with these bytes and goes on: its name stays, and its key if that is the next word. */
    ValueMask begun(UnsafeBuffer buffer, int from, int to) {
        int kept = Integer.MAX_VALUE;
        if (buffer.getByte(from) == '*') {
            int at = nameAt(buffer, from, to);
            int end = lineEnd(buffer, at, to);
            Command command = at < 0 || end < 0 ? null : table.find(buffer, at, end - at);
            boolean secret = isSecret(command);
            kept = !all && !secret ? Integer.MAX_VALUE
                : !secret && command != null && command.isForwardedByFirstKey() ? 2 : 1;
        }
        return new ValueMask(new RequestFramer(everyValue), kept);
    }

    /** Where the first word begins: behind two lines; -1 if that is not there. */
    private static int nameAt(UnsafeBuffer buffer, int from, int to) {
        int first = lineEnd(buffer, from, to);
        int second = first < 0 ? -1 : lineEnd(buffer, first + 2, to);
        return second < 0 ? -1 : second + 2;
    }

    private static int lineEnd(UnsafeBuffer buffer, int from, int to) {
        for (int i = Math.max(from, 0); from >= 0 && i < to; i++) {
            if (buffer.getByte(i) == '\r') {
                return i;
            }
        }
        return -1;
    }

    /** A line of text: all but its first word is overwritten, and its second one if that is the key. */
    private void inline(UnsafeBuffer buffer, int from, int to) {
        byte[] b = buffer.byteArray();
        int word = 0;
        int kept = 1;
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && b[end] > ' ') {
                end++;
            }
            if (end == at) {
                at++;
                continue;
            }
            if (word == 0) {
                Command command = table.find(buffer, at, end - at);
                boolean secret = isSecret(command);
                if (!all && !secret) {
                    return;
                }
                kept = !secret && command != null && command.isForwardedByFirstKey() ? 2 : 1;
            }
            if (word >= kept) {
                ValueMask.fill(b, at, end);
            }
            word++;
            at = end;
        }
    }

    private static String text(UnsafeBuffer buffer, int from, int length) {
        byte[] word = new byte[length];
        buffer.getBytes(from, word);
        return new String(word, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }
}
