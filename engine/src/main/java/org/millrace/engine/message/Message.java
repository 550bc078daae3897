package org.millrace.engine.message;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.io.Output;
import org.millrace.io.Segment;

/**
 * A whole or growing message that does not lie in one receive segment: a joined <em>head</em> (everything but large
 * values, contiguous) and <em>bodies</em> (large values, as slices of the segments they arrived in).
 * <pre>
 *   head:    *3 $3 SET $1 k $262144 CRLF|CRLF          one segment, copied once
 *                                       ^ body 0       position in the head where its bytes belong
 *   slices:  [segment 7: 1200..65536][segment 9: 0..65536] ...
 * </pre>
 * Owned by the half of the lane that made it; the other half reads it between two ring hand-overs and says by a release
 * event when it is done with it. Only the owner frees.
 */
public final class Message {
    private static final int INITIAL_SLICES = 8;
    /** A body may arrive in so many separate scraps; further ones are copied together. */
    private static final int SCRAPS_MAX = 16;
    private static final int SCRAP_LENGTH = 2048;

    private final MessagePool pool;
    private Segment head;
    int headLength;
    Segment[] sliceSegments = new Segment[INITIAL_SLICES];
    int[] sliceOffsets = new int[INITIAL_SLICES];
    int[] sliceLengths = new int[INITIAL_SLICES];
    int sliceCount;
    int[] bodyPositions = new int[2];
    private int[] bodyFirstSlices = new int[2];
    int bodyCount;
    private long bodyBytes;
    private int scraps;
    private Segment scrapSegment;
    private int scrapLimit;
    private boolean ownsSlices;
    private Message parent;
    private int children;
    private boolean reserved;
    private Account account;
    private long charged;
    /** For whoever holds it in a list of his own. */
    private Message next;

    Message(MessagePool pool) {
        this.pool = pool;
    }

    void open(boolean fromReserve) {
        ownsSlices = true;
        reserved = fromReserve;
    }

    /** Charges its present length to an account, which gets it back when this message is released. Once. */
    public void chargeTo(Account payer) {
        account = payer;
        charged = length();
        payer.charge(charged);
    }

    /** Who pays for it, or null. */
    Account payer() {
        return account;
    }

    /** What the payer is charged with. */
    long charged() {
        return charged;
    }

    /** The message behind this one in its holder's list. */
    public Message next() {
        return next;
    }

    /** Links a message behind this one. */
    public void next(Message message) {
        next = message;
    }

    /** The pool, and so the half, that owns this message. */
    public MessagePool owner() {
        return pool;
    }

    /** The head's bytes; the head begins at 0. */
    public UnsafeBuffer head() {
        return head.buffer();
    }

    public int headLength() {
        return headLength;
    }

    public int bodyCount() {
        return bodyCount;
    }

    /** All bytes, bodies included. */
    public long length() {
        return headLength + bodyBytes;
    }

    /**
     * Makes room for more head bytes.
     *
     * @return false if there is no memory
     */
    public boolean reserveHead(int more) {
        int needed = headLength + more;
        if (head != null && needed <= head.capacity()) {
            return true;
        }
        Segment larger = acquire(head == null ? needed : Math.max(needed, head.capacity() * 2));
        if (larger == null) {
            return false;
        }
        if (head != null) {
            larger.buffer().putBytes(0, head.buffer(), 0, headLength);
            head.release();
        }
        head = larger;
        return true;
    }

    /**
     * Appends head bytes by copying.
     *
     * @return false if there is no memory
     */
    public boolean appendHead(DirectBuffer source, int offset, int length) {
        if (!reserveHead(length)) {
            return false;
        }
        head.buffer().putBytes(headLength, source, offset, length);
        headLength += length;
        pool.countCopied(length);
        return true;
    }

    /** Drops all but the first bytes of the head. */
    public void keepHead(int length) {
        headLength = Math.min(headLength, length);
    }

    /** Says that so many bytes were written directly behind the head, after {@link #reserveHead}. */
    public void commitHead(int length) {
        headLength += length;
    }

    /** The slices added from now on are a body whose place is the head's present end. */
    public void beginBody() {
        if (bodyCount == bodyPositions.length) {
            bodyPositions = Arrays.copyOf(bodyPositions, bodyCount * 2);
            bodyFirstSlices = Arrays.copyOf(bodyFirstSlices, bodyCount * 2);
        }
        bodyPositions[bodyCount] = headLength;
        bodyFirstSlices[bodyCount] = sliceCount;
        bodyCount++;
        scraps = 0;
    }

    /**
     * Adds bytes of the current body where they lie, and retains their segment. Scraps that do not join the bytes
     * before them are copied together once there are many, so that a dripping peer cannot pin a segment with each byte.
     *
     * @return false if there is no memory
     */
    public boolean addSlice(Segment segment, int offset, int length) {
        int last = sliceCount - 1;
        boolean sameBody = last >= bodyFirstSlices[bodyCount - 1];
        if (sameBody && sliceSegments[last] == segment && sliceOffsets[last] + sliceLengths[last] == offset) {
            sliceLengths[last] += length;
            bodyBytes += length;
            return true;
        }
        if (length < SCRAP_LENGTH && ++scraps > SCRAPS_MAX) {
            return copyScrap(segment, offset, length, sameBody);
        }
        segment.retain();
        pushSlice(segment, offset, length);
        return true;
    }

    private boolean copyScrap(Segment segment, int offset, int length, boolean sameBody) {
        if (scrapSegment == null || scrapLimit + length > scrapSegment.capacity()) {
            Segment fresh = acquire(SCRAP_LENGTH * 8);
            if (fresh == null) {
                return false;
            }
            if (scrapSegment != null) {
                scrapSegment.release();
            }
            scrapSegment = fresh;
            scrapLimit = 0;
        }
        scrapSegment.buffer().putBytes(scrapLimit, segment.buffer(), offset, length);
        pool.countCopied(length);
        int last = sliceCount - 1;
        if (sameBody && sliceSegments[last] == scrapSegment && sliceOffsets[last] + sliceLengths[last] == scrapLimit) {
            sliceLengths[last] += length;
            bodyBytes += length;
        } else {
            scrapSegment.retain();
            pushSlice(scrapSegment, scrapLimit, length);
        }
        scrapLimit += length;
        return true;
    }

    private Segment acquire(int bytes) {
        return reserved ? pool.arena().acquireReserved(bytes) : pool.arena().acquire(bytes);
    }

    private void pushSlice(Segment segment, int offset, int length) {
        if (sliceCount == sliceSegments.length) {
            sliceSegments = Arrays.copyOf(sliceSegments, sliceCount * 2);
            sliceOffsets = Arrays.copyOf(sliceOffsets, sliceCount * 2);
            sliceLengths = Arrays.copyOf(sliceLengths, sliceCount * 2);
        }
        sliceSegments[sliceCount] = segment;
        sliceOffsets[sliceCount] = offset;
        sliceLengths[sliceCount] = length;
        sliceCount++;
        bodyBytes += length;
    }

    /**
     * Appends a part of another message of the same half, bodies included, retaining their segments: weaving replies.
     *
     * @param from      first byte of the part in the source's head
     * @param to        end of the part in the source's head
     * @param firstBody index of the part's first body in the source
     * @param bodies    how many bodies the part has
     * @return false if there is no memory
     */
    public boolean appendWithBodies(Message source, int from, int to, int firstBody, int bodies) {
        int at = from;
        for (int body = firstBody; body < firstBody + bodies; body++) {
            int position = source.bodyPositions[body];
            if (!appendHead(source.head.buffer(), at, position - at)) {
                return false;
            }
            addBodyOf(source, body);
            at = position;
        }
        return appendHead(source.head.buffer(), at, to - at);
    }

    /** Forgets the head and all bodies, but keeps the memory. */
    public void truncateHead() {
        releaseSlices();
        headLength = 0;
        bodyCount = 0;
    }

    private void addBodyOf(Message source, int body) {
        beginBody();
        for (int i = source.bodyFirstSlices[body], end = source.sliceEnd(body); i < end; i++) {
            source.sliceSegments[i].retain();
            pushSlice(source.sliceSegments[i], source.sliceOffsets[i], source.sliceLengths[i]);
        }
    }

    /**
     * Adds a body of the other half's message without touching its segments' counts: splitting requests. The source
     * must be {@link #adopt adopted}, so that it outlives this message.
     */
    public void borrowBodyOf(Message source, int body) {
        beginBody();
        ownsSlices = false;
        for (int i = source.bodyFirstSlices[body], end = source.sliceEnd(body); i < end; i++) {
            pushSlice(source.sliceSegments[i], source.sliceOffsets[i], source.sliceLengths[i]);
        }
    }

    int sliceEnd(int body) {
        return body + 1 < bodyCount ? bodyFirstSlices[body + 1] : sliceCount;
    }

    /** Bytes of a body. */
    public long bodyLength(int body) {
        long length = 0;
        for (int i = bodyFirstSlices[body], end = sliceEnd(body); i < end; i++) {
            length += sliceLengths[i];
        }
        return length;
    }

    /** Copies up to {@code max} bytes of a body, for the rare key that is large enough to be one; returns how many. */
    public int copyBody(int body, UnsafeBuffer target, int max) {
        int copied = 0;
        for (int i = bodyFirstSlices[body], end = sliceEnd(body); i < end && copied < max; i++) {
            int length = Math.min(sliceLengths[i], max - copied);
            target.putBytes(copied, sliceSegments[i].buffer(), sliceOffsets[i], length);
            copied += length;
        }
        pool.countCopied(copied);
        return copied;
    }

    /**
     * Appends everything to an output: bodies and large heads as borrowed chunks, small heads by copying.
     *
     * @param counting the pool of the half that calls, which counts what is copied
     * @return {@link #COPIED} if this message is no longer needed, {@link #BORROWED} if it must stay until the output's
     *     present end is written, {@link #NO_MEMORY} if nothing more could be appended (the stream is then broken)
     */
    public int writeTo(Output output, int copyThreshold, MessagePool counting) {
        int from = 0;
        boolean borrowed = false;
        for (int body = 0; body <= bodyCount; body++) {
            int to = body < bodyCount ? bodyPositions[body] : headLength;
            if (to - from >= copyThreshold) {
                output.appendBorrowed(head, from, to - from);
                borrowed = true;
            } else if (to > from) {
                if (!output.append(head.buffer(), from, to - from)) {
                    return NO_MEMORY;
                }
                counting.countCopied(to - from);
            }
            from = to;
            if (body < bodyCount) {
                for (int i = bodyFirstSlices[body], end = sliceEnd(body); i < end; i++) {
                    output.appendBorrowed(sliceSegments[i], sliceOffsets[i], sliceLengths[i]);
                }
                borrowed = true;
            }
        }
        return borrowed ? BORROWED : COPIED;
    }

    /** See {@link #writeTo}. */
    public static final int COPIED = 0;
    /** See {@link #writeTo}. */
    public static final int BORROWED = 1;
    /** See {@link #writeTo}. */
    public static final int NO_MEMORY = 2;

    /** Makes {@code child} keep this message alive; see {@link #dropChild()}. Used by the half that splits it. */
    public void adopt(Message child) {
        child.parent = this;
        children++;
    }

    /** The message that this one borrows from, or null. */
    public Message parent() {
        return parent;
    }

    /** A child is done. Returns true if it was the last. */
    public boolean dropChild() {
        return --children == 0;
    }

    void close() {
        if (head != null) {
            head.release();
            head = null;
        }
        releaseSlices();
        if (scrapSegment != null) {
            scrapSegment.release();
            scrapSegment = null;
        }
        if (sliceSegments.length > INITIAL_SLICES * 64) {
            sliceSegments = new Segment[INITIAL_SLICES];
            sliceOffsets = new int[INITIAL_SLICES];
            sliceLengths = new int[INITIAL_SLICES];
        }
        if (account != null) {
            account.charge(-charged);
            account = null;
        }
        headLength = 0;
        bodyCount = 0;
        parent = null;
        children = 0;
        next = null;
    }

    private void releaseSlices() {
        if (ownsSlices) {
            for (int i = 0; i < sliceCount; i++) {
                sliceSegments[i].release();
            }
        }
        Arrays.fill(sliceSegments, 0, sliceCount, null);
        sliceCount = 0;
        bodyBytes = 0;
    }
}
