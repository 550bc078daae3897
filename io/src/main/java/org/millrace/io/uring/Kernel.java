package org.millrace.io.uring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;
import org.millrace.io.SegmentArena;
import org.millrace.io.uring.Abi.Sqe;

/** What a transport has in the kernel: the ring and the two groups of receive buffers. Used by the polling thread. */
final class Kernel {
    /** Enter calls in a row that bring no progress before the kernel is given up. */
    private static final int MAX_TRIES = 1000;
    private static final int MESSAGES_PER_ENTRY_SHIFT = 2;
    private static final long QUIESCE_NS = 3_000_000_000L;
    private static final long QUIESCE_STEP_NS = 10_000_000;
    private static final long PARK_NS = 50_000;
    private static final long SHORTAGE_PARK_NS = 20_000_000;

    private final Ring ring;
    private final MessagePool messages;
    private final BufferGroup clients;
    private final BufferGroup links;
    private final Completions completions = new Completions();
    private final Thread thread = Thread.currentThread();
    private final long threadId;
    private final long processId = ProcessHandle.current().pid();

    private Kernel(Ring ring, SegmentArena arena, UringSettings settings) throws RingException {
        this.ring = ring;
        messages = new MessagePool(Math.max(1, ring.entries() >> MESSAGES_PER_ENTRY_SHIFT));
        int bytes = settings.receiveSegmentBytes();
        clients = new BufferGroup(ring, arena, false, settings.clientBuffers(), settings.keptBuffers(), bytes);
        try {
            links = new BufferGroup(ring, arena, true, settings.linkBuffers(), settings.keptBuffers(), bytes);
        } catch (RingException e) {
            clients.release();
            throw e;
        }
        threadId = ring.syscalls().call(SyscallNumbers.GETTID, 0, 0, 0);
    }

    /**
     * For the calling thread. A closed ring counts against the limit of locked memory until the kernel has got round
     * to it, which takes some tens of milliseconds; so a lack is given the time to pass.
     *
     * @param patienceNs that time
     */
    static Kernel open(Syscalls syscalls, SegmentArena arena, UringSettings settings, long patienceNs)
        throws RingException {
        long startNs = System.nanoTime();
        while (true) {
            try {
                return openOnce(syscalls, arena, settings);
            } catch (RingException e) {
                if (!e.isShortOfMemory() || System.nanoTime() - startNs > patienceNs) {
                    throw e;
                }
                // What a ring that fails had got so far is counted for a while as well.
                LockSupport.parkNanos(SHORTAGE_PARK_NS);
            }
        }
    }

    private static Kernel openOnce(Syscalls syscalls, SegmentArena arena, UringSettings settings)
        throws RingException {
        Ring ring = Ring.open(syscalls, settings.ringEntries());
        try {
            return new Kernel(ring, arena, settings);
        } catch (RingException e) {
            ring.close();
            throw e;
        }
    }

    Ring ring() {
        return ring;
    }

    MessagePool messages() {
        return messages;
    }

    BufferGroup clients() {
        return clients;
    }

    BufferGroup links() {
        return links;
    }

    /** What has completed in this turn. */
    Completions completions() {
        return completions;
    }

    /** Whether somebody waits for memory. */
    boolean isShort() {
        return clients.isShort() || links.isShort();
    }

    /** Puts buffers back and lets those go on that waited for them; replies first, as they free what requests hold. */
    void refill() {
        links.refill();
        links.resumeWaiting();
        clients.refill();
        clients.resumeWaiting();
    }

    void endTurn() {
        completions.clear();
        clients.endTurn();
        links.endTurn();
    }

    /** An entry with its first fields filled. */
    long sqe(byte opcode, int fd, long tag) {
        long sqe = ring.nextSqe();
        for (int i = 0; sqe == 0; i++) {
            submitEarly(i);
            sqe = ring.nextSqe();
        }
        Raw.putByte(sqe + Sqe.OPCODE, opcode);
        Raw.putInt(sqe + Sqe.FD, fd);
        Raw.putLong(sqe + Sqe.USER_DATA, tag);
        return sqe;
    }

    /**
     * Asks for the end of a request, which tells by its completion.
     *
     * @param failureTag of the completion that comes only if there was nothing to cancel
     */
    void cancel(long tag, long failureTag) {
        long sqe = sqe(Sqe.OP_ASYNC_CANCEL, -1, failureTag);
        Raw.putByte(sqe + Sqe.FLAGS, Sqe.CQE_SKIP_SUCCESS);
        Raw.putLong(sqe + Sqe.ADDR, tag);
    }

    void ensureMessage() {
        for (int i = 0; messages.isEmpty(); i++) {
            submitEarly(i);
        }
    }

    /** Submits, waits, and collects all that has completed. */
    void enter(long waitNs, long gatherNs) {
        ring.enter(waitNs, gatherNs);
        collect();
        // So that a send's failure is always seen in the turn that submitted it.
        for (int i = 0; ring.hasOverflowed(); i++) {
            submitEarly(i);
        }
    }

    /**
     * Ends all requests and waits until the kernel knows none of the owners' memory any more. From another thread than
     * that of the ring: the kernel cancels a thread's requests when it ends, so its end is waited for.
     *
     * @return false if that took too long
     */
    boolean quiesce(Owners owners) {
        boolean isQuiet = Thread.currentThread() == thread ? cancelAll(owners) : awaitThread();
        if (isQuiet) {
            ring.drainTo(completions);
            answer(owners);
        }
        return isQuiet;
    }

    /** After {@link #quiesce}. */
    void close() {
        clients.release();
        links.release();
        ring.close();
    }

    private void submitEarly(int tries) {
        if (tries == MAX_TRIES) {
            throw new UncheckedIOException("io_uring", new IOException("the kernel takes no requests"));
        }
        ring.enter(0, 0);
        collect();
    }

    private void collect() {
        ring.drainTo(completions);
        if (ring.isTaken(ring.filled())) {
            messages.reset();
        }
    }

    private boolean cancelAll(Owners owners) {
        long startNs = System.nanoTime();
        answer(owners);
        while (pending(owners) > 0 || !ring.isTaken(ring.filled())) {
            if (System.nanoTime() - startNs > QUIESCE_NS) {
                return false;
            }
            long sqe = sqe(Sqe.OP_ASYNC_CANCEL, -1, 0);
            Raw.putInt(sqe + Sqe.OP_FLAGS, Sqe.CANCEL_ALL | Sqe.CANCEL_ANY);
            enter(0, 0);
            if (completions.size() == 0) {
                enter(QUIESCE_STEP_NS, 0);
            }
            answer(owners);
        }
        return true;
    }

    private boolean awaitThread() {
        long startNs = System.nanoTime();
        Syscalls syscalls = ring.syscalls();
        while (syscalls.call(SyscallNumbers.TGKILL, processId, threadId, 0) == 0) {
            if (System.nanoTime() - startNs > QUIESCE_NS) {
                return false;
            }
            LockSupport.parkNanos(PARK_NS);
        }
        return true;
    }

    /** Takes notice of what has ended, without events; an accepted socket that nobody will take is closed. */
    private void answer(Owners owners) {
        for (int i = 0; i < completions.size(); i++) {
            Op op = Op.of(completions.userData(i));
            if (op == Op.ACCEPT && completions.result(i) >= 0) {
                Syscalls.close(completions.result(i));
            }
            Owner owner = op.isAlwaysAnswered() ? owners.of(completions.userData(i)) : null;
            if (owner != null && (completions.flags(i) & Abi.Cqe.F_MORE) == 0) {
                owner.answered();
            }
        }
        completions.clear();
    }

    private static int pending(Owners owners) {
        int pending = 0;
        for (int slot = 0; slot < owners.end(); slot++) {
            pending += owners.at(slot) == null ? 0 : owners.at(slot).pending();
        }
        return pending;
    }
}
