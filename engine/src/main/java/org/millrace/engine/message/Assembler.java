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

    private final Framer framer;
    private final MessagePool pool;
    private Message current;
    private Message complete;
    private long bodyLeft;
    private int position;
    private int residentOffset;
    private int residentLength;

    public Assembler(Framer framer, MessagePool pool) {
        this.framer = framer;
        this.pool = pool;
    }

    /** Takes bytes {@code [offset, limit)} of a segment up to the end of one message. */
    public int advance(Segment segment, int offset, int limit) {
        int at = offset;
        while (true) {
            if (bodyLeft > 0) {
                int length = (int) Math.min(limit - at, bodyLeft);
                if (length > 0 && !current.addSlice(segment, at, length)) {
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
            current.beginBody();
            bodyLeft = framer.bodyLength();
            at = position;
        }
    }

    private int finish(Segment segment, int at) {
        if (current == null) {
            residentLength = (int) framer.headLength();
            residentOffset = position - residentLength;
            complete = null;
            return MESSAGE;
        }
        if (!join(segment, at)) {
            return NO_MEMORY;
        }
        complete = current;
        current = null;
        return MESSAGE;
    }

    /** Moves the head bytes {@code [at, position)} behind those of the current message. */
    private boolean join(Segment segment, int at) {
        // empty lines before the message are not part of it, neither in this segment nor among the bytes joined before
        int fresh = (int) Math.min(framer.headLength(), position - at);
        if (current == null) {
            current = pool.acquire();
            long ahead = Math.min(framer.headBytesAhead(), Integer.MAX_VALUE / 4);
            if (!current.reserveHead(fresh + (int) ahead)) {
                return false;
            }
        }
        current.keepHead((int) framer.headLength() - fresh);
        return current.appendHead(segment.buffer(), position - fresh, fresh);
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
    }
}
