package org.millrace.engine.share;

import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.millrace.io.CloseCause;
import org.millrace.io.Segment;

/**
 * One borrowed link between its borrower and its owner: a ring of requests, a ring of replies, both in one segment of
 * the borrower's, and who has done what. Used once: whoever borrows again makes another, so nothing of an earlier one
 * can get into a later one.
 * <pre>
 *   borrower                                         owner
 *   requests.write ──────────────────────────────▶  requests.read
 *   replies.read   ◀──────────────────────────────  opened; replies.write
 *   borrowerDone   ──────────────────────────────▶  (takes nothing more)
 *   (frees the memory)  ◀─────────────────────────  ownerDone: touches the rings no more
 * </pre>
 */
public final class Crossing {
    /** Of a record of the ring of requests: one request, behind the kinds of replies that fit it. */
    public static final int WHOLE = 1;
    /** The beginning of a request that does not fit into one record. */
    public static final int FIRST = 2;
    /** More of it, and its end. */
    public static final int MORE = 3;
    public static final int LAST = 4;
    /** Of the ring of replies: bytes as the server has sent them. */
    public static final int REPLIES = 5;
    /** Bytes of a request's record before the request. */
    public static final int FITS_BYTES = Integer.BYTES;

    static final int REQUEST_BYTES = 32 << 10;
    static final int REPLY_BYTES = 64 << 10;
    /** Memory of one crossing: both rings and their positions. */
    public static final int MEMORY_BYTES = 128 << 10;
    private static final int TRAILER = RingBufferDescriptor.TRAILER_LENGTH;

    private final Destination destination;
    private final OneToOneRingBuffer requests;
    private final OneToOneRingBuffer replies;
    private final Bell ownerBell;
    private final Bell borrowerBell;
    private final Bell.Caller owner;
    private final Bell.Caller borrower;
    private volatile boolean opened;
    private volatile boolean borrowerDone;
    private volatile boolean ownerDone;
    /** Written before {@code ownerDone}. */
    private CloseCause cause;
    private long restNs;
    private volatile boolean requestsWait;
    private volatile boolean repliesWait;
    /** What the owner knows it by; his thread's alone. */
    private Guest guest;

    /** Who serves a borrower, at the owner. */
    public interface Guest {
        /** The borrower has written, has read, or is done. */
        void onRung();
    }

    /**
     * A crossing whose rings are empty.
     *
     * @param memory of the borrower, of {@link #MEMORY_BYTES}
     * @param lanes  the owner, and the borrower with his own bell
     */
    Crossing(Destination destination, Segment memory, Crossings lanes, Crossings ownerLane, Runnable onRung) {
        this.destination = destination;
        UnsafeBuffer bytes = memory.buffer();
        bytes.setMemory(0, MEMORY_BYTES, (byte) 0);
        requests = new OneToOneRingBuffer(new UnsafeBuffer(bytes, 0, REQUEST_BYTES + TRAILER));
        replies = new OneToOneRingBuffer(new UnsafeBuffer(bytes, REQUEST_BYTES + TRAILER, REPLY_BYTES + TRAILER));
        ownerBell = ownerLane.bell();
        borrowerBell = lanes.bell();
        owner = new Bell.Caller() {
            @Override
            void onRung() {
                ownerLane.onRung(Crossing.this);
            }
        };
        borrower = new Bell.Caller() {
            @Override
            void onRung() {
                onRung.run();
            }
        };
    }

    public Destination destination() {
        return destination;
    }

    /** Written by the borrower, read by the owner. */
    public OneToOneRingBuffer requests() {
        return requests;
    }

    /** Written by the owner, read by the borrower. */
    public OneToOneRingBuffer replies() {
        return replies;
    }

    /** Null until the owner has taken the borrower in. Owner's thread. */
    public Guest guest() {
        return guest;
    }

    /** The owner takes the borrower in. */
    public void guest(Guest taken) {
        guest = taken;
    }

    void ringOwner() {
        ownerBell.ring(owner);
    }

    /** Owner's thread, or the borrower himself for what is to be done in a later turn. */
    public void ringBorrower() {
        borrowerBell.ring(borrower);
    }

    /** The link stands: requests are taken. Owner's thread. */
    public void open() {
        opened = true;
        ringBorrower();
    }

    boolean isOpened() {
        return opened;
    }

    /** The borrower writes nothing more. */
    void endBorrower() {
        borrowerDone = true;
        ringOwner();
    }

    /** True if what is in the ring of requests, from the end of one that has begun, goes to nobody. Owner's thread. */
    public boolean isBorrowerDone() {
        return borrowerDone;
    }

    /**
     * The owner touches the rings no more.
     *
     * @param why    what became of the link
     * @param pause  how long it will not be opened again
     */
    public void endOwner(CloseCause why, long pause) {
        cause = why;
        restNs = pause;
        ownerDone = true;
        ringBorrower();
    }

    boolean isOwnerDone() {
        return ownerDone;
    }

    CloseCause cause() {
        return cause;
    }

    long restNs() {
        return restNs;
    }

    /** A place in the ring of requests; negative if there is none: then the borrower's bell rings when there may be. */
    int claimRequest(int type, int length) {
        int index = requests.tryClaim(type, length);
        if (index < 0) {
            requestsWait = true;
            VarHandle.fullFence();
            index = requests.tryClaim(type, length);
            requestsWait = index < 0;
        }
        return index;
    }

    /** A place in the ring of replies; negative if there is none: then the owner's bell rings. Owner's thread. */
    public int claimReply(int length) {
        int index = replies.tryClaim(REPLIES, length);
        if (index < 0) {
            repliesWait = true;
            VarHandle.fullFence();
            index = replies.tryClaim(REPLIES, length);
            repliesWait = index < 0;
        }
        return index;
    }

    /** Requests have been taken: whoever waits for room is told. Owner's thread. */
    public void requestsTaken() {
        VarHandle.fullFence();
        if (requestsWait) {
            requestsWait = false;
            ringBorrower();
        }
    }

    void repliesTaken() {
        VarHandle.fullFence();
        if (repliesWait) {
            repliesWait = false;
            ringOwner();
        }
    }
}
