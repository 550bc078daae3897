package org.millrace.engine.memcached;

import org.millrace.codec.memcached.command.Command;
import org.millrace.engine.ring.RequestSlot;

/** Where the words before the keys are in a gat or gats that nothing is wrong with. */
final class MultiGetLine {
    private MultiGetLine() {
    }

    /** Where in the slot's buffer the exptime begins. */
    static int exptimeOffset(RequestSlot slot, Command command) {
        int at = slot.offset + command.name().length();
        while (slot.buffer.getByte(at) == ' ') {
            at++;
        }
        return at;
    }

    /** Length of the exptime. */
    static int exptimeLength(RequestSlot slot, Command command) {
        int from = exptimeOffset(slot, command);
        int at = from;
        while (slot.buffer.getByte(at) > ' ' || slot.buffer.getByte(at) < 0) {
            at++;
        }
        return at - from;
    }
}
