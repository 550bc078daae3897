package org.millrace.perf.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandFlag;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.KeyFinder;
import org.millrace.codec.resp.command.KeyList;

/** Reads RESP requests by the command table. */
final class RespRequests implements RequestReader {
    /** Time, chance, and what is about the server itself. */
    private static final Set<String> BY_NATURE = Set.of("time", "info", "randomkey", "srandmember", "spop",
        "hrandfield", "zrandmember", "scan", "sscan", "hscan", "zscan", "object", "ttl", "pttl", "expiretime",
        "pexpiretime", "httl", "hpttl", "hexpiretime", "hpexpiretime", "lastsave", "memory", "debug", "role", "client",
        "command", "config", "slowlog", "latency", "acl", "cluster", "dump", "dbsize", "xadd", "xrange", "xrevrange",
        "xread", "xreadgroup", "xinfo", "xpending", "xclaim", "xautoclaim");
    private static final Set<String> UNORDERED = Set.of("smembers", "sinter", "sunion", "sdiff", "hkeys", "hvals",
        "hgetall", "keys");
    private static final Set<String> LOGIN = Set.of("auth", "hello");

    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();
    private final KeyList keys = new KeyList();
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    @Override
    public void read(Recorded request) {
        buffer.wrap(request.request);
        if (request.request[0] != '*') {
            inline(request);
            return;
        }
        view.wrap(buffer, 0, request.request.length, Integer.MAX_VALUE);
        if (!view.next()) {
            return;
        }
        Command command = table.find(buffer, view.argumentOffset(), (int) view.argumentLength());
        name(request, command, view.argumentOffset(), (int) view.argumentLength());
        if (command != null && command.isContainer() && view.next()) {
            Command sub = table.findSub(command, buffer, view.argumentOffset(), (int) view.argumentLength());
            command = sub == null ? command : sub;
        }
        if (command != null && command.acceptsWords(view.argumentCount())
            && KeyFinder.find(command, buffer, view, keys) == KeyFinder.OK) {
            List<ByteBuffer> found = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                found.add(ByteBuffer.wrap(request.request, keys.offset(i), (int) keys.length(i)));
            }
            request.keys = found;
        }
    }

    private void name(Recorded request, Command command, int offset, int length) {
        request.command = command != null ? command.name()
            : new String(request.request, offset, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        request.writes = command == null || !command.is(CommandFlag.READONLY);
        request.treatment = LOGIN.contains(request.command) ? Treatment.NOT_SENT
            : BY_NATURE.contains(request.command) ? Treatment.BY_NATURE
            : UNORDERED.contains(request.command) ? Treatment.UNORDERED : Treatment.COMPARED;
    }

    /** A line of text; its second word is taken for the key where there is one. */
    private void inline(Recorded request) {
        byte[] b = request.request;
        int from = wordFrom(b, 0);
        int to = wordEnd(b, from);
        Command command = table.find(buffer, from, to - from);
        name(request, command, from, to - from);
        int key = wordFrom(b, to);
        int keyEnd = wordEnd(b, key);
        if (command != null && command.isForwardedByFirstKey() && keyEnd > key) {
            request.keys = List.of(ByteBuffer.wrap(b, key, keyEnd - key));
        }
    }

    private static int wordFrom(byte[] b, int from) {
        int at = from;
        while (at < b.length && b[at] <= ' ') {
            at++;
        }
        return at;
    }

    private static int wordEnd(byte[] b, int from) {
        int at = from;
        while (at < b.length && b[at] > ' ') {
            at++;
        }
        return at;
    }
}
