package org.millrace.engine.protocol;

import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.engine.latency.CommandFamilies;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.traffic.RequestKeys;

/** One protocol, as far as recv, links and clients have to know it. Immutable, shared by all lanes. */
public interface Protocol {
    /** The bits of all kinds of replies, and of none. */
    int ALL_REPLIES = -1;

    /** Its place in tables of what there is for each protocol. */
    int number();

    /** Cuts what clients send into requests. */
    Framer requestFramer(FrameLimits limits);

    /** Cuts what servers send into replies. */
    Framer replyFramer(FrameLimits limits);

    /**
     * Notes in a slot what the framer knows of the request that it has just ended.
     *
     * @param framer one that {@link #requestFramer} made
     */
    void describe(Framer framer, RequestSlot slot);

    /** False if all replies are of one kind, so that {@link #replyKind} need not be asked. */
    boolean hasReplyKinds();

    /**
     * The kind of the reply that the framer has just ended or is in: one bit, 0 if it cannot be told yet.
     *
     * @param framer one that {@link #replyFramer} made
     */
    int replyKind(Framer framer);

    /** The families of its commands, by the numbers that slots carry. */
    CommandFamilies families();

    /** The name of a command, by its number. Any thread. */
    String commandName(int command);

    /** Finds the keys of its requests, for one lane; those of at least that many bytes are bodies. */
    RequestKeys requestKeys(int bodyThreshold);

    /** The replies to requests that fail on their way. */
    FailureReplies failures();

    /** The whole reply to damage of the stream. Off the data path. */
    DirectBuffer protocolError(String error);

    /** What a client is told for which there is no place. */
    DirectBuffer tooManyClients();

    /** What a client is told for which there is no memory. */
    DirectBuffer noMemoryForClient();

    /** What is said first on each link to a server. */
    Handshake handshake(PoolConfig pool, ServerConfig server);

    /**
     * What the server says to the last word of the handshake.
     *
     * @return true if requests on this link would do harm
     */
    default boolean forbidsRequests(DirectBuffer reply, int offset, int length) {
        return false;
    }
}
