package org.millrace.engine.message;

import org.millrace.codec.Framer;
import org.millrace.io.Segment;

/**
 * Turns the received bytes of one connection into messages: <em>resident</em> ones, which lie whole in the segment at
 * hand and are told by offset and length, and assembled {@link Message}s. One per connection, used by its thread.
 *
 * <p>Each head byte is copied at most once, and only if its message does not lie whole in one segment; large values are
 * kept as slices.
 */
public final class Assembler {
    /** Everything up to the limit is taken. */
    public static final int NEED_MORE = 0;
    /** A message is whole; {@link #takeMessage()} tells where. */
    public static final int MESSAGE = 1;
    /** The protocol is broken; see {@link Framer#error()}. */
    public static final int ERROR = 2;
    /** The arena has no memory left for this message. */
    public static final int NO_MEMORY = 3;

    private static final int WHOLE_BYTES = 64 << 10;

    private final Framer framer;
    private final MessagePool pool;
    private final boolean ofReplies;
    private Message current;
    private Message complete;
    private long bodyLeft;
    private int position;
    private int residentOffset;
    private int residentLength;
    /** Head bytes of the unfinished message that went away with its parts, and whether there were any parts. */
    private long headTaken;
    private boolean parted;
    private boolean completeWasParted;
    /** There was no memory for the unfinished message: it is framed to its end and not kept. */
    private boolean discarding;
    private boolean completeWasDiscarded;

    /** Of requests. */
    public Assembler(Framer framer, MessagePool pool) {
        this(framer, pool, false);
    }

    /**
     * Of requests or replies.
     *
     * @param ofReplies memory may come from the arena's reserve, and a message for which there is none is discarded, or
     *                  what is left of it
     */
    public Assembler(Framer framer, MessagePool pool, boolean ofReplies) {
        this.framer = framer;
        this.pool = pool;
        this.ofReplies = ofReplies;
    }

    /** Takes bytes {@code [offset, limit)} of a segment up to the end of one message. */
    public int advance(Segment segment, int offset, int limit) {
        int at = offset;
        while (true) {
            if (bodyLeft > 0) {
                int length = (int) Math.min(limit - at, bodyLeft);
                if (length > 0 && !addSlice(segment, at, length)) {
                    return NO_MEMORY;
                }
                at += length;
                bodyLeft -= length;
                if (bodyLeft > 0) {
                    position = at;
                    return NEED_MORE;
                }
                framer.bodyTaken();
            }
            int status = framer.scan(segment.buffer(), at, limit);
            position = framer.position();
            if (status == Framer.MESSAGE) {
                return finish(segment, at);
            }
            if (status == Framer.ERROR) {
                return ERROR;
            }
            if (status == Framer.NEED_MORE && framer.isBetweenMessages()) {
                // what was joined so far has turned out to be an empty line
                close();
                return NEED_MORE;
            }
            if (!join(segment, at)) {
                return NO_MEMORY;
            }
            if (status == Framer.NEED_MORE) {
                return NEED_MORE;
            }
            if (!discarding) {
                current.beginBody();
            }
            bodyLeft = framer.bodyLength();
            at = position;
        }
    }

    private boolean addSlice(Segment segment, int at, int length) {
        if (discarding) {
            return true;
        }
        if (current == null) {
            current = acquire();
            if (!current.reserveHead(0)) {
                return discard();
            }
            current.beginBody();
        }
        return !isTooMuch() && current.addSlice(segment, at, length) || discard();
    }

    /** The reserve is for replies that go on; one that must be whole may not use it up. */
    private boolean isTooMuch() {
        return ofReplies && !parted && current.length() > WHOLE_BYTES
            && pool.arena().bytesInUse() >= pool.arena().plainBytes();
    }

    private Message acquire() {
        return ofReplies ? pool.acquireReserved() : pool.acquire();
    }

    /** Gives up keeping the rest of a reply, whether parts of it have gone on or not; false for a request. */
    private boolean discard() {
        if (!ofReplies) {
            return false;
        }
        discarding = true;
        pool.release(current);
        current = null;
        return true;
    }

    private int finish(Segment segment, int at) {
        completeWasParted = parted;
        completeWasDiscarded = discarding;
        if (discarding) {
            reset();
            return MESSAGE;
        }
        if (current == null && !parted) {
            residentLength = (int) framer.headLength();
            residentOffset = position - residentLength;
            complete = null;
            return MESSAGE;
        }
        if (!join(segment, at)) {
            return NO_MEMORY;
        }
        completeWasDiscarded = discarding;
        complete = current;
        current = null;
        reset();
        return MESSAGE;
    }

    private void reset() {
        headTaken = 0;
        parted = false;
        discarding = false;
    }

    /** Moves the head bytes {@code [at, position)} behind those of the current message. */
    private boolean join(Segment segment, int at) {
        // empty lines before the message are not part of it, neither in this segment nor among the bytes joined before
        if (discarding) {
            return true;
        }
        long held = framer.headLength() - headTaken;
        int fresh = (int) Math.min(held, position - at);
        if (current == null) {
            current = acquire();
            long ahead = Math.min(framer.headBytesAhead(), Integer.MAX_VALUE / 4);
            if (!current.reserveHead(fresh + (int) ahead)) {
                return discard();
            }
        }
        current.keepHead((int) held - fresh);
        return !isTooMuch() && current.appendHead(segment.buffer(), position - fresh, fresh) || discard();
    }

    /** Offset of the first byte not taken by the last {@link #advance}. */
    public int position() {
        return position;
    }

    /** After {@link #MESSAGE}: the assembled message, now the caller's; or null if it is resident. */
    public Message takeMessage() {
        Message message = complete;
        complete = null;
        return message;
    }

    /**
     * Hands over what the unfinished message holds so far, which is the caller's now; the rest comes in further parts,
     * the last of which is what {@link #takeMessage()} gives. Only if it holds something.
     */
    public Message takePart() {
        Message part = current;
        current = null;
        headTaken += part.headLength();
        parted = true;
        return part;
    }

    /** True if parts of the unfinished message were taken. */
    public boolean isParted() {
        return parted;
    }

    /** After {@link #MESSAGE}: it is the last part of a message. */
    public boolean wasParted() {
        return completeWasParted;
    }

    /** After {@link #MESSAGE}: there was no memory for it, and nothing is kept of it but the parts taken before. */
    public boolean wasDiscarded() {
        return completeWasDiscarded;
    }

    /** Where the resident message begins in the segment. */
    public int residentOffset() {
        return residentOffset;
    }

    public int residentLength() {
        return residentLength;
    }

    /** True while bytes of a large value are awaited. */
    public boolean isGathering() {
        return bodyLeft > 0;
    }

    /** Bytes of a large value that are still to come. */
    public long awaitedBytes() {
        return bodyLeft;
    }

    /** True if no message is half received. */
    public boolean isIdle() {
        return current == null && framer.isBetweenMessages();
    }

    /** Bytes of a half-received message. */
    public long heldBytes() {
        return current == null ? 0 : current.length();
    }

    /** Drops a half-received message. */
    public void close() {
        if (current != null) {
            pool.release(current);
            current = null;
        }
        if (complete != null) {
            pool.release(complete);
            complete = null;
        }
        bodyLeft = 0;
        reset();
    }
}
