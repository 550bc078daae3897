package org.millrace.codec.resp.command;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.RespWriter;

/**
 * Writes the replies to COMMAND INFO, COMMAND DOCS and COMMAND GETKEYS with arguments. One instance belongs to one
 * thread. The out buffers must be expandable: a reply may be many times its request, which {@link #MAX_NAMES} and
 * {@link #MAX_KEYS_LENGTH} bound.
 */
public final class CommandQueries {
    /** Most names that one request may ask about. */
    public static final int MAX_NAMES = 1024;
    /** Most bytes of a list of keys. */
    public static final int MAX_KEYS_LENGTH = 1 << 20;

    private static final DirectBuffer TOO_MANY = RespErrors.ready("ERR too many command names, the limit is 1024");
    private static final DirectBuffer INVALID_COMMAND = RespErrors.ready("ERR Invalid command specified");
    private static final DirectBuffer INVALID_COUNT =
        RespErrors.ready("ERR Invalid number of arguments specified for command");
    private static final DirectBuffer NO_KEYS = RespErrors.ready("ERR The command has no key arguments");
    private static final DirectBuffer INVALID_ARGUMENTS =
        RespErrors.ready("ERR Invalid arguments specified for command");
    private static final DirectBuffer TOO_LONG =
        RespErrors.ready("ERR too many keys, the limit of this list is 1048576 bytes");
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_WORD = 2;

    private final CommandTable table;
    private final CommandReplies replies;
    private final KeyList keys = new KeyList();

    /** Queries about a table. */
    public CommandQueries(CommandTable table, CommandReplies replies) {
        this.table = table;
        this.replies = replies;
    }

    /**
     * Writes the reply to COMMAND INFO with names.
     *
     * @param head   the buffer that the view reads
     * @param view   the whole request; rewound here
     * @param out    expandable
     * @param offset where to begin
     * @return bytes written
     */
    public int info(DirectBuffer head, RequestView view, MutableDirectBuffer out, int offset) {
        final int names = view.argumentCount() - FIRST_WORD;
        if (names > MAX_NAMES) {
            return put(out, offset, TOO_MANY) - offset;
        }
        int at = putHeader(out, offset, '*', names);
        skipToFirst(view);
        while (view.next()) {
            final Command command = named(head, view);
            at = put(out, at, command == null ? CommandReplies.NULL_ARRAY : replies.info(command));
        }
        return at - offset;
    }

    /** Writes the reply to COMMAND DOCS with names; unknown names are left out. See {@link #info}. */
    public int docs(DirectBuffer head, RequestView view, MutableDirectBuffer out, int offset) {
        if (view.argumentCount() - FIRST_WORD > MAX_NAMES) {
            return put(out, offset, TOO_MANY) - offset;
        }
        int known = 0;
        skipToFirst(view);
        while (view.next()) {
            known += named(head, view) == null ? 0 : 1;
        }
        int at = putHeader(out, offset, '*', known * 2);
        skipToFirst(view);
        while (view.next()) {
            final Command command = named(head, view);
            if (command != null) {
                at = put(out, at, replies.docs(command));
            }
        }
        return at - offset;
    }

    /** Writes the reply to COMMAND GETKEYS, a list of keys or an error. See {@link #info}. */
    public int getKeys(DirectBuffer head, RequestView view, MutableDirectBuffer out, int offset) {
        skipToFirst(view);
        if (!view.next() || view.isBody()) {
            return put(out, offset, INVALID_COMMAND) - offset;
        }
        Command command = table.find(head, view.argumentOffset(), (int) view.argumentLength());
        if (command != null && command.isContainer() && view.next() && !view.isBody()) {
            command = command.findSub(head, view.argumentOffset(), (int) view.argumentLength());
        }
        if (command == null) {
            return put(out, offset, INVALID_COMMAND) - offset;
        }
        // The channels of sharded publish and subscribe are placed like keys, but are none.
        if (!command.keySpec().hasKeys() || command.is(CommandFlag.PUBSUB)) {
            return put(out, offset, NO_KEYS) - offset;
        }
        if (!command.acceptsWords(view.argumentCount() - FIRST_WORD)) {
            return put(out, offset, INVALID_COUNT) - offset;
        }
        final int result = KeyFinder.find(command, head, view, FIRST_WORD, keys);
        if (result == KeyFinder.NO_KEY) {
            // A script that names no key: Redis answers an empty list.
            keys.clear();
        } else if (result != KeyFinder.OK && result != KeyFinder.BLOCKS || hasBody()) {
            keys.shrink();
            return put(out, offset, INVALID_ARGUMENTS) - offset;
        }
        int length = keysLength() > MAX_KEYS_LENGTH ? put(out, offset, TOO_LONG) - offset
            : putKeys(head, out, offset) - offset;
        keys.shrink();
        return length;
    }

    /** Bytes of the list of the keys that were found. */
    private long keysLength() {
        long length = RespWriter.headerLength(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            length += RespWriter.bulkLength(keys.length(i));
        }
        return length;
    }

    private boolean hasBody() {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.bodyIndex(i) >= 0) {
                return true;
            }
        }
        return false;
    }

    private int putKeys(DirectBuffer head, MutableDirectBuffer out, int offset) {
        int at = putHeader(out, offset, '*', keys.size());
        for (int i = 0; i < keys.size(); i++) {
            final int length = (int) keys.length(i);
            at = putHeader(out, at, '$', length);
            out.putBytes(at, head, keys.offset(i), length);
            at += length;
            out.putBytes(at, LINE_END);
            at += LINE_END.length;
        }
        return at;
    }

    private Command named(DirectBuffer head, RequestView view) {
        if (view.isBody()) {
            return null;
        }
        final int offset = view.argumentOffset();
        final int length = (int) view.argumentLength();
        for (int i = 1; i < length; i++) {
            if (head.getByte(offset + i) == '|') {
                final Command container = table.find(head, offset, i);
                return container == null ? null : container.findSub(head, offset + i + 1, length - i - 1);
            }
        }
        return table.find(head, offset, length);
    }

    private static void skipToFirst(RequestView view) {
        view.rewind();
        for (int i = 0; i < FIRST_WORD; i++) {
            view.next();
        }
    }

    private static int putHeader(MutableDirectBuffer out, int offset, char type, int value) {
        out.putByte(offset, (byte) type);
        final int at = offset + 1 + out.putIntAscii(offset + 1, value);
        out.putBytes(at, LINE_END);
        return at + LINE_END.length;
    }

    private static int put(MutableDirectBuffer out, int offset, DirectBuffer bytes) {
        out.putBytes(offset, bytes, 0, bytes.capacity());
        return offset + bytes.capacity();
    }
}
