package org.millrace.engine.link;

import org.millrace.engine.ring.ReplySlot;
import org.millrace.io.Connection;

/** What the proxy itself says first on a link (AUTH, SELECT), and what its server says to that. */
final class Greeting {
    private final ServerLinks owner;
    private final LinkOptions options;

    /** Of one link; the greeting of one that is borrowed is its owner's business. */
    Greeting(ServerLinks owner) {
        this.owner = owner;
        options = owner.options();
    }

    private boolean isNeeded() {
        return options.handshakeReplies() > 0 && !owner.isBorrowed();
    }

    /** True if requests wait for what the server says. */
    boolean decides() {
        return isNeeded() && options.handshakeDecides();
    }

    /**
     * Says it.
     *
     * @return false if there is no memory
     */
    boolean say(Connection connection, LinkQueue queue) {
        boolean needed = isNeeded();
        if (needed && !connection.output().append(options.handshake(), 0, options.handshake().capacity())) {
            return false;
        }
        if (needed) {
            queue.expectHandshake(options.handshakeReplies());
        }
        return true;
    }

    /**
     * Takes an answer.
     *
     * @return true if no request may be sent after this one
     */
    boolean isRefusal(ReplySlot slot) {
        owner.otherReply();
        if (slot.buffer.getByte(slot.offset) == '-') {
            owner.handshakeRefused(slot.buffer.getStringWithoutLengthAscii(slot.offset, Math.min(slot.length, 128)));
        }
        return options.protocol().forbidsRequests(slot.buffer, slot.offset, slot.length);
    }
}
