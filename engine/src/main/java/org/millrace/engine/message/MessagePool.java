package org.millrace.engine.message;

import java.util.ArrayList;
import java.util.function.ObjLongConsumer;
import org.millrace.io.SegmentArena;

/** The messages of one half of a lane; used by its thread alone. Bounded by the arena that their bytes come from. */
public final class MessagePool {
    private final SegmentArena arena;
    private final ArrayList<Message> free = new ArrayList<>();
    /** All there are: they are used again and never dropped. */
    private final ArrayList<Message> made = new ArrayList<>();
    private final int bodyThreshold;
    private int inUse;
    private long bytesCopied;

    /**
     * A pool over an arena.
     *
     * @param bodyThreshold values of at least so many bytes are bodies
     */
    public MessagePool(SegmentArena arena, int bodyThreshold) {
        this.arena = arena;
        this.bodyThreshold = bodyThreshold;
    }

    /** Values of at least so many bytes are bodies. */
    public int bodyThreshold() {
        return bodyThreshold;
    }

    SegmentArena arena() {
        return arena;
    }

    void countCopied(int bytes) {
        bytesCopied += bytes;
    }

    /** An empty message: of a request. */
    public Message acquire() {
        return acquire(false);
    }

    /** An empty message whose bytes may come from the arena's reserve: of a reply. */
    public Message acquireReserved() {
        return acquire(true);
    }

    private Message acquire(boolean reserved) {
        Message message = free.isEmpty() ? make() : free.removeLast();
        message.open(reserved);
        inUse++;
        return message;
    }

    private Message make() {
        Message message = new Message(this);
        made.add(message);
        return message;
    }

    /**
     * Tells of each message that is out and paid for: by whom, and with how many bytes. For tests, which recount
     * accounts by it; looks at all messages there have been.
     */
    public void forEachCharged(ObjLongConsumer<Account> taker) {
        for (int i = 0; i < made.size(); i++) {
            Message message = made.get(i);
            if (message.payer() != null) {
                taker.accept(message.payer(), message.charged());
            }
        }
    }

    /** Gives a message of this pool and all its memory back. */
    public void release(Message message) {
        if (message.owner() != this) {
            throw new IllegalStateException("a message is freed by its owner alone");
        }
        message.close();
        inUse--;
        free.add(message);
    }

    /** Messages not given back; 0 when the lane is idle and no message is half received. */
    public int inUse() {
        return inUse;
    }

    /** Bytes that were copied into or out of messages: heads and scraps, never the inside of a large value. */
    public long bytesCopied() {
        return bytesCopied;
    }
}
