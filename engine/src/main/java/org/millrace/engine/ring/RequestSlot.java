package org.millrace.engine.ring;

import org.agrona.DirectBuffer;
import org.millrace.engine.message.Account;
import org.millrace.engine.message.Message;
import org.millrace.engine.plan.Plan;
import org.millrace.engine.topology.Snapshot;

/**
 * One slot of the request ring, from the client half to the server half. Each stage fills its part and reads what the
 * stages before it have filled. The bytes are the client half's: resident in a receive segment (valid until the ring's
 * last stage has passed the slot) or a {@link Message} (valid until the server half gives it back).
 */
public final class RequestSlot {
    /** A request on its way to a server. */
    public static final int REQUEST = 0;
    /** Answered by the client half: nothing left to do. */
    public static final int ANSWERED = 1;
    /** The client half is done with a reply's {@link #message}. */
    public static final int RELEASE = 2;

    /** The client {@link #clientOrdinal} is gone while requests of its were outstanding. */
    public static final int GONE = 3;

    /** Requests behind this one go by the new {@link #snapshot}, those before it by the one before. */
    public static final int TOPOLOGY = 4;

    // set by recv
    public int kind;
    /** Who asked: for the choice of a link. */
    public int clientOrdinal;
    public int pool;
    /** The number of the protocol that its clients speak. */
    public int protocol;
    /** What is held for the client. */
    public Account account;
    /** Index and generation of the exchange that awaits the reply. */
    public long exchangeId;
    /** Holds the request's head. */
    public DirectBuffer buffer;
    public int offset;
    public int length;
    /** The request as an object, or null if it is resident. */
    public Message message;
    /** RESP: a line of text, which parse makes an array. */
    public boolean inline;
    public int argumentCount;
    /** First word, relative to {@link #offset}; length -1 if it is a body. */
    public int nameOffset;
    public int nameLength;
    /** First key, or whatever the second word is, likewise; length -1 if there is none or it is a body. */
    public int keyOffset;
    public int keyLength;

    /** Pools and servers from here on. */
    public Snapshot snapshot;

    // set by parse
    /** Nothing is wrong with it, and it is for the server of its first key: no stage need look at it again. */
    public boolean plain;
    /** Number of the command in the table of its protocol, -1 if it is unknown. */
    public int command;
    /** What is wrong with the request, a code of its protocol; 0 = nothing. */
    public int fault;
    /** It changes nothing, and may be dropped when its client is gone before it was sent. */
    public boolean mayDrop;
    /** Bits of the kinds of replies that fit it; any other ends the link. */
    public int fits;
    /** Bits of the kinds of replies that its client does not want to get. */
    public int heldBack;

    // set by filter
    /** When it was framed, a stamp of {@link org.millrace.engine.latency.Ticks}. */
    public int receivedTicks;

    // set by route
    public int server;
    public Plan plan;

    /** Forgets all references, so that an idle ring keeps nothing alive. */
    public void clear() {
        buffer = null;
        message = null;
        snapshot = null;
        account = null;
        plan = null;
    }
}
