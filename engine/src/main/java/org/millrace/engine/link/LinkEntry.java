package org.millrace.engine.link;

import org.millrace.engine.message.Account;
import org.millrace.engine.message.Message;
import org.millrace.engine.plan.Plan;
import org.millrace.io.Segment;

/**
 * One request's stay at a link: first parked, owning its bytes, then in flight, owning nothing but its place in the
 * order of replies. Pooled.
 */
final class LinkEntry {
    /** Who takes the reply: a client's exchange. */
    static final int CLIENT = 0;
    /** A fragment of a plan. */
    static final int PLAN = 1;
    /** The proxy itself (AUTH, SELECT). */
    static final int PROXY = 2;
    /** Nobody any more: a tombstone that swallows the late reply of a request that timed out. */
    static final int NOBODY = 3;

    /** Another lane, which sends by way of this link and gets the reply as it comes. */
    static final int GUEST = 4;

    /** Not in the pool. */
    boolean inUse;
    int taker;
    long exchangeId;
    Plan plan;
    int fragment;
    /** When its request was framed, a stamp of {@link org.millrace.engine.latency.Ticks}. */
    int receivedTicks;
    Guest guest;
    long sentNs;
    /** When the request's time is up; Long.MAX_VALUE if it has no limit. */
    long deadlineNs;
    long requestLength;
    /** While parked: the bytes of a resident request, copied ... */
    Segment bytes;
    /** ... or the request as a message. */
    Message message;
    /** What of that is memory of the server half, charged while parked. */
    int parkedBytes;
    /** What is held for the client that takes the reply; null if the reply goes on whatever is held. */
    Account account;
    /** A part of the reply is on its way to the client: it can no longer be answered with an error. */
    boolean streaming;
    /** A tombstone whose late reply may still come. */
    boolean late;
    /** The client half was told that the exchange is parked. */
    boolean announced;
    /** When it was parked, and how long it may have waited unread before. */
    long parkedNs;
    long unreadNs;
    /** Bits of the kinds of replies that fit, and of those that the client does not want to get. */
    int fits;
    int heldBack;
    /** Whose request it is, and whether it may be dropped when he is gone before it was sent. */
    int clientOrdinal;
    boolean mayDrop;
    LinkEntry next;

    /** It is answered: what stays is a tombstone, for which nothing is held. */
    void bury() {
        taker = NOBODY;
        plan = null;
        guest = null;
        account = null;
    }

    /** The exchange that waits for this entry, plan or not. */
    long waitingExchange() {
        return taker == PLAN ? plan.exchangeId() : exchangeId;
    }
}
