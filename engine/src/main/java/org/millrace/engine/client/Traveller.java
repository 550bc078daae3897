package org.millrace.engine.client;

import org.millrace.io.AcceptedSocket;

/**
 * A client between two lanes: its socket, which nobody reads, and what is known of it.
 *
 * @param session        what it has said about itself
 * @param activeNs       when it last sent or took a byte
 * @param replyEstimate  mean length of its last replies
 */
public record Traveller(AcceptedSocket socket, ClientSession session, long activeNs, long replyEstimate) {
    /** A lane that takes clients over. */
    @FunctionalInterface
    public interface Target {
        /** Takes over a client; false if it cannot, and the client is the caller's still. Never blocks. */
        boolean take(Traveller traveller);
    }
}
