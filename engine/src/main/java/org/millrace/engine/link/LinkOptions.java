package org.millrace.engine.link;

import org.agrona.DirectBuffer;

/**
 * How a pool wants its links.
 *
 * @param links           for each server and lane
 * @param requestTimeoutNs limit for one request, Long.MAX_VALUE for none
 * @param maxQueue        most requests in flight on one link
 * @param maxUnsent       most bytes handed to one link that its server has not taken
 * @param maxStream       most bytes of one large reply that wait for its client, if there is memory
 * @param queueTimeoutNs  longest wait for a link, Long.MAX_VALUE for none
 * @param handshake       what is sent first on every link (AUTH, SELECT), or null
 * @param handshakeReplies how many replies that brings
 */
public record LinkOptions(int links, long requestTimeoutNs, int maxQueue, int maxUnsent, long maxStream,
    long queueTimeoutNs, DirectBuffer handshake, int handshakeReplies) {
}
