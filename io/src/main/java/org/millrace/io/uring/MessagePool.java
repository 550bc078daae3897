package org.millrace.io.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for {@code struct msghdr} with {@code struct iovec}s, handed out between two enter calls: the kernel copies
 * them when it takes the request (IORING_FEAT_SUBMIT_STABLE), so that all of it is free again then.
 */
final class MessagePool {
    static final int MAX_IOVECS = 64;
    /** struct msghdr: msg_iov and msg_iovlen; the other fields stay zero. */
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSGHDR_BYTES = 56;
    /** struct iovec: iov_base and iov_len. */
    private static final int IOV_BASE = 0;
    private static final int IOV_LEN = 8;
    private static final int IOVEC_BYTES = 16;
    private static final int MESSAGE_BYTES = MSGHDR_BYTES + Long.BYTES + MAX_IOVECS * IOVEC_BYTES;

    private final MemorySegment memory;
    private final long end;
    private long next;

    MessagePool(int messages) {
        memory = Arena.ofAuto().allocate((long) messages * MESSAGE_BYTES, Long.BYTES * 2);
        next = memory.address();
        end = next + memory.byteSize();
    }

    boolean isEmpty() {
        return next == end;
    }

    /** The address of a message, without iovecs; the pool is not empty. */
    long take() {
        long message = next;
        next += MESSAGE_BYTES;
        Raw.clear(message, MSGHDR_BYTES);
        Raw.putLong(message + MSG_IOV, message + MSGHDR_BYTES + Long.BYTES);
        return message;
    }

    static void add(long message, int index, long address, int length) {
        long iovec = message + MSGHDR_BYTES + Long.BYTES + (long) index * IOVEC_BYTES;
        Raw.putLong(iovec + IOV_BASE, address);
        Raw.putLong(iovec + IOV_LEN, length);
        Raw.putLong(message + MSG_IOVLEN, index + 1);
    }

    /** Everything that was taken is free again. */
    void reset() {
        next = memory.address();
    }
}
