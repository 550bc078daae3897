package org.millrace.io.uring;

import java.lang.foreign.Arena;
import org.millrace.io.uring.Abi.Probe;
import org.millrace.io.uring.Abi.Sqe;

/** The operations that are asked for, and whether a kernel has them all: some emulate io_uring in part. */
final class Operations {
    /** An operation is a byte. */
    private static final int MAX_OPS = 255;
    private static final byte[] NEEDED = {Sqe.OP_POLL_ADD, Sqe.OP_SENDMSG, Sqe.OP_ACCEPT, Sqe.OP_ASYNC_CANCEL,
        Sqe.OP_READ, Sqe.OP_SEND, Sqe.OP_RECV};
    private static final String[] NAMES = {"IORING_OP_POLL_ADD", "IORING_OP_SENDMSG", "IORING_OP_ACCEPT",
        "IORING_OP_ASYNC_CANCEL", "IORING_OP_READ", "IORING_OP_SEND", "IORING_OP_RECV"};

    private Operations() {
    }

    /** Throws with the names of what is missing. */
    static void check(Ring ring) throws RingException {
        StringBuilder missing = new StringBuilder();
        try (Arena arena = Arena.ofConfined()) {
            long probe = arena.allocate(Probe.BYTES + MAX_OPS * (long) Probe.OP_BYTES, Long.BYTES).address();
            RingException.check("IORING_REGISTER_PROBE", ring.register(Probe.REGISTER, probe, MAX_OPS));
            int known = Raw.getByte(probe + Probe.OPS_LEN) & 0xff;
            for (int i = 0; i < NEEDED.length; i++) {
                long flags = probe + Probe.BYTES + NEEDED[i] * (long) Probe.OP_BYTES + Probe.OP_FLAGS;
                if (NEEDED[i] >= known || (Raw.getShort(flags) & Probe.OP_SUPPORTED) == 0) {
                    missing.append(missing.isEmpty() ? "" : " ").append(NAMES[i]);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw RingException.lacking(missing.toString());
        }
    }
}
