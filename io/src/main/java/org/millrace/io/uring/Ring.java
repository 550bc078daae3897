package org.millrace.io.uring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.millrace.io.uring.Abi.Cqe;
import org.millrace.io.uring.Abi.Enter;
import org.millrace.io.uring.Abi.Params;
import org.millrace.io.uring.Abi.Sqe;

/**
 * A submission and a completion ring, mapped. The thread that opens it is the only one that the kernel lets use it.
 *
 * <p>Order of memory: what the kernel writes is read behind an acquire of its index, what it reads is written before a
 * release of ours.
 */
final class Ring {
    static final int SETUP_FLAGS = Params.SETUP_SINGLE_ISSUER | Params.SETUP_DEFER_TASKRUN | Params.SETUP_SUBMIT_ALL
        | Params.SETUP_CQSIZE | Params.SETUP_NO_SQARRAY | Params.SETUP_CLAMP;
    static final int FEATURES = Params.FEAT_SINGLE_MMAP | Params.FEAT_NODROP | Params.FEAT_SUBMIT_STABLE
        | Params.FEAT_EXT_ARG | Params.FEAT_CQE_SKIP;
    /** The completion ring has so many entries for one of the submission ring. */
    private static final int COMPLETIONS_PER_SUBMISSION = 4;
    /** So many completions end a wait that gathers: about what a turn handles in the time of a wake-up. */
    private static final int GATHERED = 32;
    private static final long NS_PER_S = 1_000_000_000;
    private static final long NS_PER_US = 1_000;

    private final Syscalls syscalls;
    private final MemorySegment scratch = Arena.ofAuto().allocate(Params.BYTES, Long.BYTES);
    private final MemorySegment wait = Arena.ofAuto().allocate(Enter.ARG_BYTES + Enter.TIMESPEC_BYTES, Long.BYTES);
    private final int fd;
    private int features;
    private int sqEntries;
    private int cqEntries;
    private long rings;
    private long ringsBytes;
    private long sqes;
    private long sqHead;
    private long sqTail;
    private long sqFlags;
    private long cqHead;
    private long cqTail;
    private long cqes;
    private int tail;
    private int head;

    private Ring(Syscalls syscalls, int entries) throws RingException {
        this.syscalls = syscalls;
        long params = scratch.address();
        Raw.clear(params, Params.BYTES);
        Raw.putInt(params + Params.FLAGS, SETUP_FLAGS);
        Raw.putInt(params + Params.CQ_ENTRIES, entries * COMPLETIONS_PER_SUBMISSION);
        fd = (int) RingException.check("io_uring_setup",
            syscalls.call(SyscallNumbers.IO_URING_SETUP, entries, params, 0));
        try {
            features = Raw.getInt(params + Params.FEATURES);
            if ((features & FEATURES) != FEATURES) {
                throw RingException.lacking(FEATURES & ~features);
            }
            map(params);
        } catch (RingException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a ring for the calling thread.
     *
     * @param entries of the submission ring, a power of two
     */
    static Ring open(Syscalls syscalls, int entries) throws RingException {
        return new Ring(syscalls, entries);
    }

    private void map(long params) throws RingException {
        sqEntries = Raw.getInt(params + Params.SQ_ENTRIES);
        cqEntries = Raw.getInt(params + Params.CQ_ENTRIES);
        int cqesOffset = Raw.getInt(params + Params.CQ_OFF_CQES);
        ringsBytes = cqesOffset + (long) cqEntries * Cqe.BYTES;
        rings = RingException.check("mmap of the rings",
            Mapping.ofFile(syscalls, fd, ringsBytes, Enter.OFF_SQ_RING));
        sqes = RingException.check("mmap of the entries",
            Mapping.ofFile(syscalls, fd, (long) sqEntries * Sqe.BYTES, Enter.OFF_SQES));
        sqHead = rings + Raw.getInt(params + Params.SQ_OFF_HEAD);
        sqTail = rings + Raw.getInt(params + Params.SQ_OFF_TAIL);
        sqFlags = rings + Raw.getInt(params + Params.SQ_OFF_FLAGS);
        cqHead = rings + Raw.getInt(params + Params.CQ_OFF_HEAD);
        cqTail = rings + Raw.getInt(params + Params.CQ_OFF_TAIL);
        cqes = rings + cqesOffset;
        tail = Raw.getInt(sqTail);
        head = Raw.getInt(cqHead);
    }

    int entries() {
        return sqEntries;
    }

    int features() {
        return features;
    }

    /** Whether the kernel can wait for several completions, and for one after a while (Linux 6.12). */
    boolean canGather() {
        return (features & Params.FEAT_MIN_TIMEOUT) != 0;
    }

    /** The address of an entry to fill, all zero; 0 if the ring is full. */
    long nextSqe() {
        if (tail - Raw.getIntAcquire(sqHead) == sqEntries) {
            return 0;
        }
        long sqe = sqes + (long) (tail++ & sqEntries - 1) * Sqe.BYTES;
        Raw.clear(sqe, Sqe.BYTES);
        return sqe;
    }

    /** Count of entries ever filled. */
    int filled() {
        return tail;
    }

    /** Count of completions ever taken. */
    int completed() {
        return head;
    }

    /** Whether the kernel has taken the entries up to a count of {@link #filled()}. */
    boolean isTaken(int position) {
        return position - Raw.getIntAcquire(sqHead) <= 0;
    }

    /**
     * Submits what is filled, lets the kernel do what is deferred, and waits for a completion.
     *
     * @param waitNs   longest wait, 0 = none, negative = for ever
     * @param gatherNs how long it waits for {@link #GATHERED} completions before a single one will do; needs a wait
     *                 that is limited, and {@link #canGather}
     */
    void enter(long waitNs, long gatherNs) {
        Raw.putIntRelease(sqTail, tail);
        int submissions = tail - Raw.getIntAcquire(sqHead);
        int flags = Enter.GETEVENTS;
        long arg = 0;
        if (waitNs > 0) {
            flags |= Enter.EXT_ARG;
            arg = wait.address();
            long timespec = arg + Enter.ARG_BYTES;
            Raw.putInt(arg + Enter.ARG_MIN_WAIT_USEC, (int) (gatherNs / NS_PER_US));
            Raw.putLong(arg + Enter.ARG_TS, timespec);
            Raw.putLong(timespec + Enter.TV_SEC, waitNs / NS_PER_S);
            Raw.putLong(timespec + Enter.TV_NSEC, waitNs % NS_PER_S);
        }
        int completions = waitNs == 0 ? 0 : gatherNs == 0 ? 1 : GATHERED;
        long result = syscalls.call(SyscallNumbers.IO_URING_ENTER, fd, submissions, completions, flags, arg,
            arg == 0 ? 0 : Enter.ARG_BYTES);
        if (result < 0 && !isHarmless((int) -result)) {
            throw new UncheckedIOException("io_uring_enter", new IOException(Errno.text((int) -result)));
        }
    }

    /** For a look at the kernel: whether it lets the thread enter at all, which a sandbox may forbid by itself. */
    void tryToEnter() throws RingException {
        RingException.check("io_uring_enter",
            syscalls.call(SyscallNumbers.IO_URING_ENTER, fd, 0, 0, Enter.GETEVENTS, 0, 0));
    }

    /** Takes what has completed. The mapped ring may be read by another thread when its own has ended. */
    void drainTo(Completions completions) {
        int end = Raw.getIntAcquire(cqTail);
        while (head != end) {
            long cqe = cqes + (long) (head++ & cqEntries - 1) * Cqe.BYTES;
            completions.add(Raw.getLong(cqe + Cqe.USER_DATA), Raw.getInt(cqe + Cqe.RES), Raw.getInt(cqe + Cqe.FLAGS));
        }
        Raw.putIntRelease(cqHead, head);
    }

    /** Whether the kernel holds completions back that found no room; the next enter call brings them. */
    boolean hasOverflowed() {
        return (Raw.getIntAcquire(sqFlags) & Enter.SQ_CQ_OVERFLOW) != 0;
    }

    /** Returns the result or the negative errno. */
    long register(int opcode, long argument, int count) {
        return syscalls.call(SyscallNumbers.IO_URING_REGISTER, fd, opcode, argument, count, 0, 0);
    }

    /** Memory for arguments of calls that are not on the data path. */
    long scratch() {
        return scratch.address();
    }

    Syscalls syscalls() {
        return syscalls;
    }

    /** The kernel may still hold requests: whoever closes has waited for them. */
    void close() {
        if (sqes > 0) {
            Mapping.free(sqes, (long) sqEntries * Sqe.BYTES);
        }
        if (rings > 0) {
            Mapping.free(rings, ringsBytes);
        }
        Syscalls.close(fd);
    }

    /** Nothing came in time, or before a signal; or memory is short for the moment, and the entries stay. */
    private static boolean isHarmless(int errno) {
        return errno == Errno.ETIME || errno == Errno.EINTR || errno == Errno.EAGAIN || errno == Errno.EBUSY;
    }
}
