package org.millrace.engine.link;

import org.agrona.DirectBuffer;
import org.millrace.engine.protocol.Protocol;

/**
 * How a pool wants its links.
 *
 * @param protocol        what the server speaks
 * @param links           for each server and lane
 * @param linksTotal      most for each server over all lanes, 0 for no limit
 * @param requestTimeoutNs limit for one request, Long.MAX_VALUE for none
 * @param maxQueue        most requests in flight on one link
 * @param maxUnsent       most bytes handed to one link that its server has not taken
 * @param clientMaxBytes  most bytes held for a client before a large reply of its is not read on
 * @param queueTimeoutNs  longest wait for a link, Long.MAX_VALUE for none
 * @param handshake       what is sent first on every link (AUTH, SELECT), or null
 * @param handshakeReplies how many replies that brings
 * @param handshakeDecides requests wait for the last of them, which may forbid them
 */
public record LinkOptions(Protocol protocol, int links, int linksTotal, long requestTimeoutNs,
    int maxQueue, int maxUnsent, long clientMaxBytes, long queueTimeoutNs, DirectBuffer handshake,
    int handshakeReplies, boolean handshakeDecides) {
}
