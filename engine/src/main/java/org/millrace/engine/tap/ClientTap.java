package org.millrace.engine.tap;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.message.Message;

/**
 * The tap of one client. What it says and gets from its first request on is a conversation; each request has one reply,
 * in order, without bytes if none was due. When something finds no room the conversation ends there, damaged, and the
 * next request begins another one once there is room. Client half's thread.
 */
public final class ClientTap {
    private final LaneTap lane;
    private final UnsafeBuffer pool;
    private final int openFlags;
    private boolean fresh;
    private boolean begun;
    private boolean damaged;
    private long conversation;
    /** Replies to come to requests that are not part of the conversation. */
    private int foreign;

    /**
     * A tap for a client.
     *
     * @param pool      name of its pool
     * @param memcached what it speaks
     * @param fresh     it has not sent anything yet
     */
    public ClientTap(LaneTap lane, byte[] pool, boolean memcached, boolean fresh) {
        this.lane = lane;
        this.pool = new UnsafeBuffer(pool);
        this.openFlags = memcached ? TapRecord.MEMCACHED : 0;
        this.fresh = fresh;
    }

    /**
     * A request was framed.
     *
     * @param outstanding how many before it have not been answered
     * @param message     the request, or null if it lies in the buffer
     */
    public void request(long nowNs, int outstanding, Message message, DirectBuffer buffer, int offset, int length) {
        if (!begun && !begin(nowNs, outstanding)) {
            lane.dropped();
        } else if (!(message == null
            ? lane.write(TapRecord.REQUEST, 0, nowNs, conversation, buffer, offset, length)
            : lane.write(TapRecord.REQUEST, 0, nowNs, conversation, message))) {
            damage(nowNs);
        }
    }

    /** The client gets an answer to something that was no request. */
    public void broken(long nowNs, int outstanding) {
        if (!begun && !begin(nowNs, outstanding)) {
            lane.dropped();
        } else if (!lane.write(TapRecord.REQUEST, TapRecord.BROKEN, nowNs, conversation, null, 0, 0)) {
            damage(nowNs);
        }
    }

    /** A whole reply goes to the client. */
    public void reply(long nowNs, DirectBuffer buffer, int offset, int length) {
        if (isOurs(true) && !lane.write(TapRecord.REPLY, 0, nowNs, conversation, buffer, offset, length)) {
            damage(nowNs);
        }
    }

    /** A reply, or a part of it, goes to the client. */
    public void reply(long nowNs, Message message, boolean last) {
        if (isOurs(last)
            && !lane.write(TapRecord.REPLY, last ? 0 : TapRecord.MORE, nowNs, conversation, message)) {
            damage(nowNs);
        }
    }

    /** The client is gone, or is captured no longer. */
    public void closed(long nowNs) {
        if (begun && !lane.write(TapRecord.CLOSED, 0, nowNs, conversation, null, 0, 0)) {
            damage(nowNs);
        }
        begun = false;
    }

    private boolean isOurs(boolean last) {
        if (!begun) {
            if (damaged) {
                lane.dropped();
            }
            return false;
        }
        if (foreign > 0) {
            foreign -= last ? 1 : 0;
            return false;
        }
        return true;
    }

    private boolean begin(long nowNs, int outstanding) {
        if (damaged && !lane.hasRoom(nowNs)) {
            return false;
        }
        conversation = lane.newConversation();
        int flags = openFlags | (fresh ? 0 : TapRecord.JOINED);
        if (!lane.write(TapRecord.OPEN, flags, nowNs, conversation, pool, 0, pool.capacity())) {
            damaged = true;
            return false;
        }
        foreign = outstanding;
        fresh = false;
        damaged = false;
        begun = true;
        return true;
    }

    private void damage(long nowNs) {
        begun = false;
        damaged = true;
        lane.damaged(nowNs, conversation);
    }
}
