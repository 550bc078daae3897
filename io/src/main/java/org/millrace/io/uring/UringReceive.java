package org.millrace.io.uring;

import org.millrace.io.ReceiveMemory;
import org.millrace.io.Segment;
import org.millrace.io.uring.Abi.Cqe;
import org.millrace.io.uring.Abi.Sqe;

/**
 * The receiving half of a connection. Usually one request receives for ever into buffers that the kernel picks. A
 * connection that is paused, gathers, or has found no buffer receives once at a time for a while, so that it takes one
 * buffer after the other and there is nothing to cancel.
 */
final class UringReceive {
    /** Receives one at a time before it is again for ever. */
    private static final int SINGLES = 16;

    /** What is in the kernel. */
    private enum Armed { NONE, MULTI, SINGLE, GATHER }

    private final UringTransport transport;
    private final UringConnection connection;
    private final Stash stash = new Stash();
    private ReceiveMemory gatherMemory;
    private Armed armed = Armed.NONE;
    private boolean isCancelled;
    private boolean isPaused;
    private boolean gathers;
    private boolean isWaiting;
    private boolean hasEnded;
    private boolean isEndTold;
    private int singles;

    UringReceive(UringTransport transport, UringConnection connection) {
        this.transport = transport;
        this.connection = connection;
    }

    void pause() {
        isPaused = true;
        if (armed == Armed.MULTI) {
            transport.addDirty(connection);
        }
    }

    void resume() {
        isPaused = false;
        if (!stash.isEmpty() || hasEnded && !isEndTold) {
            transport.addReady(this);
        }
        transport.addDirty(connection);
    }

    void gather(boolean on) {
        if (on != gathers) {
            gathers = on;
            singles = SINGLES;
            transport.addDirty(connection);
            if (!on) {
                dropGatherMemory();
            }
        }
    }

    /** Whether it receives as usual: it is not paused, does not gather, and has neither bytes nor the end to tell. */
    boolean isPlain() {
        return !isPaused && !gathers && !hasEnded && stash.isEmpty() && armed != Armed.GATHER;
    }

    void prepare() {
        if (connection.isDetaching()) {
            cancel();
        } else if (armed == Armed.NONE) {
            if (wantsMore()) {
                arm();
            }
        } else if (armed == Armed.MULTI ? isPaused || gathers : gathers != (armed == Armed.GATHER)) {
            singles = SINGLES;
            cancel();
        }
    }

    /** Asks the kernel to give up what is armed. */
    void cancel() {
        if (armed != Armed.NONE && !isCancelled) {
            isCancelled = true;
            transport.cancel(connection.tag(Op.RECEIVE), connection.tag(Op.CANCEL_RECEIVE));
        }
    }

    /**
     * The kernel has not found what it was to cancel. Either that has ended at that moment, and has told so before; or
     * it is on its way: when a socket becomes ready while a request that is not for ever is about to wait for it, the
     * request is queued to be tried again, and while it lies in that queue the kernel's search does not see it. If
     * nothing comes in after all it waits again, as if nobody had asked: so it is asked again. Each enter call works
     * the queue off, so that this ends soon. (The other failure, EALREADY, means that a kernel thread is at it and has
     * been interrupted.)
     */
    void onCancelFailed(int result) {
        if (result == -Errno.ENOENT && armed != Armed.NONE) {
            isCancelled = false;
            transport.addDirty(connection);
        }
    }

    /** There may be memory again. */
    void resumeFromWait() {
        isWaiting = false;
        transport.addDirty(connection);
    }

    /**
     * There may be memory to gather in again.
     *
     * @return false if there is none
     */
    boolean gatherAgain() {
        isWaiting = false;
        if (gathers && armed == Armed.NONE && wantsMore()) {
            isWaiting = !armGather();
            return !isWaiting;
        }
        transport.addDirty(connection);
        return true;
    }

    void onResult(int result, int flags) {
        Armed kind = armed;
        if ((flags & Cqe.F_MORE) == 0) {
            armed = Armed.NONE;
            isCancelled = false;
            if (kind == Armed.SINGLE && singles > 0) {
                singles--;
            }
        }
        if (kind == Armed.GATHER) {
            onGathered(result);
        } else if ((flags & Cqe.F_BUFFER) != 0) {
            onBuffer(flags >>> Cqe.BUFFER_SHIFT, result);
        }
        if (connection.isOpen()) {
            if (result <= 0) {
                onNothing(-result);
            }
            if (armed == Armed.NONE) {
                transport.addDirty(connection);
            }
        }
    }

    /** Delivers what had come before a pause. */
    void deliverStash() {
        while (!stash.isEmpty() && connection.isOpen() && !isPaused) {
            int offset = stash.offset();
            int length = stash.length();
            Segment segment = stash.takeFirst();
            connection.deliverReceived(segment, offset, length);
            segment.release();
        }
        deliverEnd();
        transport.addDirty(connection);
    }

    /** Nothing is in the kernel any more: gives all memory back. */
    void release() {
        stash.clear();
        armed = Armed.NONE;
        dropGatherMemory();
    }

    private BufferGroup group() {
        return transport.buffers(connection.isLink());
    }

    private boolean wantsMore() {
        return connection.isOpen() && !isPaused && !hasEnded && !isWaiting && stash.isEmpty();
    }

    private void arm() {
        if (gathers) {
            if (!armGather()) {
                isWaiting = true;
                group().awaitMemory(this);
            }
            return;
        }
        armed = singles > 0 ? Armed.SINGLE : Armed.MULTI;
        BufferGroup group = group();
        group.use();
        connection.asked();
        long sqe = transport.sqe(Sqe.OP_RECV, connection.fd(), connection.tag(Op.RECEIVE));
        Raw.putByte(sqe + Sqe.FLAGS, Sqe.BUFFER_SELECT);
        Raw.putShort(sqe + Sqe.BUF_GROUP, (short) group.id());
        if (armed == Armed.MULTI) {
            Raw.putShort(sqe + Sqe.IOPRIO, Sqe.RECV_MULTISHOT);
        }
    }

    /** Returns false if there is no memory. */
    private boolean armGather() {
        if (gatherMemory == null) {
            gatherMemory = transport.newGatherMemory(connection.isLink());
        }
        Segment segment = gatherMemory.room();
        if (segment == null) {
            return false;
        }
        armed = Armed.GATHER;
        connection.asked();
        int position = gatherMemory.position();
        long sqe = transport.sqe(Sqe.OP_RECV, connection.fd(), connection.tag(Op.RECEIVE));
        Raw.putLong(sqe + Sqe.ADDR, segment.buffer().addressOffset() + position);
        Raw.putInt(sqe + Sqe.LEN, segment.capacity() - position);
        return true;
    }

    private void onGathered(int length) {
        if (length > 0) {
            // The handler may end gathering, which gives the memory up.
            ReceiveMemory memory = gatherMemory;
            Segment segment = memory.room();
            int position = memory.position();
            memory.received(length);
            if (isHeldBack()) {
                segment.retain();
                stash.add(segment, position, length);
            } else {
                connection.deliverReceived(segment, position, length);
            }
            memory.delivered();
        }
        if (!gathers) {
            dropGatherMemory();
        }
    }

    private void onBuffer(int bid, int length) {
        BufferGroup group = group();
        Segment segment = group.take(bid);
        if (length > 0 && isHeldBack()) {
            Segment small = length <= segment.capacity() / 2 ? transport.arena().acquire(length) : null;
            if (small == null) {
                stash.add(group.detach(bid), 0, length);
                return;
            }
            // A small piece must not hold a large buffer for as long as the pause lasts.
            small.buffer().putBytes(0, segment.buffer(), 0, length);
            stash.add(small, 0, length);
        } else if (length > 0) {
            connection.deliverReceived(segment, 0, length);
        }
        group.giveBack(bid);
    }

    /** Whether bytes have come that must not be delivered now. */
    private boolean isHeldBack() {
        return connection.isOpen() && (isPaused || !stash.isEmpty());
    }

    private void onNothing(int errno) {
        switch (errno) {
            case 0 -> {
                hasEnded = true;
                deliverEnd();
            }
            case Errno.ENOBUFS -> {
                isWaiting = true;
                singles = SINGLES;
                group().await(this);
            }
            case Errno.ECANCELED, Errno.EINTR, Errno.EAGAIN -> {
            }
            default -> connection.close(Errno.cause(errno));
        }
    }

    private void deliverEnd() {
        if (hasEnded && !isEndTold && stash.isEmpty() && !isPaused && connection.isOpen()) {
            isEndTold = true;
            connection.deliverEnd();
        }
    }

    /** What is being received into stays until that has ended. */
    private void dropGatherMemory() {
        if (gatherMemory != null && armed != Armed.GATHER) {
            gatherMemory.drop();
            gatherMemory = null;
        }
    }
}
