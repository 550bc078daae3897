package org.millrace.engine.ring;

import org.agrona.DirectBuffer;
import org.millrace.engine.message.Message;

/**
 * One slot of the reply ring, from the server half to the client half. The bytes are the server half's: resident (valid
 * until client send has passed the slot) or a {@link Message} (valid until the client half gives it back).
 */
public final class ReplySlot {
    /** Nothing for the client half. */
    public static final int NOTHING = 0;
    /** A link's next message, not yet paired. */
    public static final int RECEIVED = 1;
    /** A reply for {@link #exchangeId}. */
    public static final int REPLY = 2;
    /** A reply made by the proxy because a request failed; bytes in {@link #buffer}. */
    public static final int FAILURE = 3;
    /** The server half is done with a request's {@link #message}. */
    public static final int RELEASE = 4;
    /**
     * The request of {@link #exchangeId} waits for its link, in {@link #length} bytes of memory that are its client's
     * from now on: he is not read.
     */
    public static final int PARKED = 5;
    /** It waits no longer, and its bytes are nobody's. */
    public static final int UNPARKED = 6;

    /** A part of a large reply for {@link #exchangeId}; further ones follow, the last as {@link #REPLY}. */
    public static final int REPLY_PART = 7;
    /** The client of {@link #exchangeId} does not take its large reply, which holds a link; with an error instead. */
    public static final int STALLED = 8;
    /** The request of {@link #exchangeId} has timed out and may be carried out later than those that come after it. */
    public static final int LATE = 9;

    public int kind;
    /** Of {@link #RECEIVED} alone: further parts of the same message follow. */
    public boolean more;
    /** Received: what kind of reply it is, one bit of its protocol's. */
    public int replyKind;
    /** The link that received, for pair. */
    public ReplySource source;
    public long exchangeId;
    public DirectBuffer buffer;
    public int offset;
    public int length;
    public Message message;
    /** When a server's reply was paired, a stamp of {@link org.millrace.engine.latency.Ticks}; 0 = not known. */
    public int repliedTicks;
    /** Name of the server that it is from, or that has failed; null = none. */
    public String server;
    /** When the request was given to the link, likewise a stamp; 0 = never. */
    public int sentTicks;

    /** Forgets all references. */
    public void clear() {
        source = null;
        buffer = null;
        message = null;
        repliedTicks = 0;
        server = null;
        sentTicks = 0;
    }
}
