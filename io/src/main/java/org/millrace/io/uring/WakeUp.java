package org.millrace.io.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.millrace.io.uring.Abi.Sqe;

/** An eventfd with a read armed in the ring. Any thread may signal; it costs a system call only the first time. */
final class WakeUp extends Owner {
    /** EFD_CLOEXEC. */
    private static final int EFD_CLOEXEC = 0x80000;

    private final UringTransport transport;
    /** The counter that the kernel writes when it is read, and the 1 that is written to it. */
    private final MemorySegment counter = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final MemorySegment one = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final SignalState state = new SignalState();
    private final int fd;
    private boolean isArmed;

    WakeUp(UringTransport transport, Syscalls syscalls) throws RingException {
        this.transport = transport;
        fd = (int) RingException.check("eventfd", syscalls.call(SyscallNumbers.EVENTFD2, 0, EFD_CLOEXEC, 0));
        Raw.putLong(one.address(), 1);
    }

    /** Any thread. */
    void signal() {
        if (state.startWriting()) {
            Syscalls.callQuietly(SyscallNumbers.WRITE, fd, one.address(), Long.BYTES);
            state.written();
        }
    }

    @Override
    void prepare() {
        if (!isArmed) {
            isArmed = true;
            asked();
            long sqe = transport.sqe(Sqe.OP_READ, fd, tag(Op.WAKE));
            Raw.putLong(sqe + Sqe.ADDR, counter.address());
            Raw.putInt(sqe + Sqe.LEN, Long.BYTES);
        }
    }

    @Override
    void onCompletion(Op op, int result, int flags) {
        isArmed = false;
        state.arrived();
        transport.addDirty(this);
    }

    @Override
    void abandon() {
        // A thread that writes at this moment must not meet a descriptor that is somebody else's by then.
        while (!state.tryClose()) {
            Thread.onSpinWait();
        }
        Syscalls.close(fd);
    }
}
