package org.millrace.engine.memcached;

import org.agrona.MutableDirectBuffer;
import org.millrace.codec.memcached.RequestFramer;
import org.millrace.codec.memcached.RequestView;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.CommandTable;
import org.millrace.codec.memcached.command.Fault;
import org.millrace.codec.memcached.command.Field;
import org.millrace.codec.memcached.command.Treatment;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.RequestSlot;

/**
 * Finds out what is wrong with a request and which replies fit it, and blanks {@code noreply} and the flag {@code q}:
 * the bytes are the client half's own. Client half's thread.
 */
final class MemcachedParser implements RequestParser {
    /**
     * The exptime of gat or gats is so long that no line of a server would hold it beside a key. Codes below are those
     * of {@link Fault}.
     */
    static final int LONG_EXPTIME = Fault.values().length;

    private static final byte ANOTHER_FLAG = 'k';

    /** Longest word that is taken for an exptime. */
    private static final int EXPTIME_LENGTH_MAX = 64;

    private final RequestView view = new RequestView();
    private final CommandTable table = CommandTable.standard();
    private final int bodyThreshold;

    MemcachedParser(int bodyThreshold) {
        this.bodyThreshold = bodyThreshold;
    }

    @Override
    public int parse(RequestSlot slot) {
        slot.heldBack = 0;
        if (!slot.plain) {
            return look(slot);
        }
        Command command = table.byId(slot.command);
        note(slot, command);
        slot.plain = slot.length <= RequestFramer.LINE_LENGTH_MAX || !isTouching(command);
        return slot.plain ? NO_FAULT : LONG_EXPTIME;
    }

    private static void note(RequestSlot slot, Command command) {
        slot.fits = command.replies();
        slot.mayDrop = command.hasManyKeys() && !isTouching(command);
    }

    private static boolean isTouching(Command command) {
        return command.wordOf(Field.EXPTIME) >= 0;
    }

    private int look(RequestSlot slot) {
        view.wrap(slot.buffer, slot.offset, slot.length, bodyThreshold);
        if (view.fault() != Fault.NONE) {
            return view.fault().ordinal();
        }
        Command command = view.command();
        note(slot, command);
        if (command.treatment() == Treatment.LOCAL) {
            return NO_FAULT;
        }
        if (view.isNoreply()) {
            slot.heldBack = Protocol.ALL_REPLIES;
            blank(slot, view.lastWordOffset(), "noreply".length());
        } else if (view.isQuiet()) {
            slot.heldBack = command.quietReplies();
            blankQuiet(slot);
        } else if (command.hasManyKeys() && isTouching(command)
            && MultiGetLine.exptimeLength(slot, command) > EXPTIME_LENGTH_MAX) {
            return LONG_EXPTIME;
        }
        slot.plain = command.treatment() == Treatment.FORWARD && slot.argumentCount > command.firstKey();
        return NO_FAULT;
    }

    /**
     * Of two flags q a server would see none, and not refuse them as it does: it gets two other ones, which it refuses
     * in the same words.
     */
    private void blankQuiet(RequestSlot slot) {
        MutableDirectBuffer bytes = (MutableDirectBuffer) slot.buffer;
        view.findFlag('q');
        int first = view.flagOffset();
        boolean twice = false;
        for (int at = first + view.flagLength() + 1; at < view.lineEnd(); at++) {
            if (bytes.getByte(at) == 'q' && bytes.getByte(at - 1) == ' ') {
                bytes.putByte(at, ANOTHER_FLAG);
                twice = true;
            }
        }
        if (twice) {
            bytes.putByte(first, ANOTHER_FLAG);
        } else {
            blank(slot, first, view.flagLength());
        }
    }

    private static void blank(RequestSlot slot, int offset, int length) {
        ((MutableDirectBuffer) slot.buffer).setMemory(offset, length, (byte) ' ');
    }
}
