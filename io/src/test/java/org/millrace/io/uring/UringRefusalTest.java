package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.millrace.io.uring.Abi.Params;
import org.millrace.io.uring.Abi.Probe;
import org.millrace.io.uring.Abi.Register;
import org.millrace.io.uring.Abi.Sqe;

/** Kernels that refuse, or have not all that is needed: one line each, and nothing is left open. */
class UringRefusalTest {
    @BeforeAll
    static void needIoUring() {
        Assumptions.assumeTrue(UringSupport.probe() == null, UringSupport::probe);
    }

    @Test
    void shouldSayThatTheKernelHasNone() {
        assertRefused("the kernel has no io_uring: io_uring_setup: Function not implemented",
            new Refusing(SyscallNumbers.IO_URING_SETUP, Errno.ENOSYS));
    }

    /** Before 6.6 the flags of the set-up are unknown, before 6.8 the status of a buffer ring. */
    @Test
    void shouldSayThatTheKernelIsTooOld() {
        assertRefused("the kernel's io_uring is too old (Linux 6.8 is needed): io_uring_setup: Invalid argument",
            new Refusing(SyscallNumbers.IO_URING_SETUP, Errno.EINVAL));
        assertRefused("the kernel's io_uring is too old (Linux 6.8 is needed): IORING_REGISTER_PBUF_RING: "
            + "Invalid argument", new RefusingRegister(Register.PBUF_RING, Errno.EINVAL));
        assertRefused("the kernel's io_uring is too old (Linux 6.8 is needed): IORING_REGISTER_PBUF_STATUS: "
            + "Invalid argument", new RefusingRegister(Register.PBUF_STATUS, Errno.EINVAL));
    }

    @Test
    void shouldSayThatASandboxForbidsAnyOfTheCalls() {
        String forbidden = "io_uring is not allowed here (seccomp or kernel.io_uring_disabled): ";
        assertRefused(forbidden + "io_uring_setup: Operation not permitted",
            new Refusing(SyscallNumbers.IO_URING_SETUP, Errno.EPERM));
        assertRefused(forbidden + "IORING_REGISTER_PBUF_RING: Operation not permitted",
            new Refusing(SyscallNumbers.IO_URING_REGISTER, Errno.EPERM));
        assertRefused(forbidden + "io_uring_enter: Operation not permitted",
            new Refusing(SyscallNumbers.IO_URING_ENTER, Errno.EPERM));
    }

    @Test
    void shouldSayThatTheLimitOfLockedMemoryIsTooSmall() {
        assertRefused("the limit of locked memory (ulimit -l) is too small for io_uring: io_uring_setup: "
            + "Cannot allocate memory", new Refusing(SyscallNumbers.IO_URING_SETUP, Errno.ENOMEM));
        assertRefused("the limit of locked memory (ulimit -l) is too small for io_uring: IORING_REGISTER_PBUF_RING: "
            + "Cannot allocate memory", new RefusingRegister(Register.PBUF_RING, Errno.ENOMEM));
    }

    /** What suffices for one ring need not for all. */
    @Test
    void shouldSayWhichRingFoundNoLockedMemory() {
        assertRefused("the limit of locked memory (ulimit -l) is too small for io_uring: io_uring_setup: "
            + "Cannot allocate memory (ring 3 of 4)", 4, new Syscalls() {
                private int rings;

                @Override
                long call(long number, long a, long b, long c, long d, long e, long f) {
                    if (number == SyscallNumbers.IO_URING_SETUP && rings++ >= 2) {
                        return -Errno.ENOMEM;
                    }
                    return super.call(number, a, b, c, d, e, f);
                }
            });
    }

    /** As while the ring of one who has just gone is still counted. */
    @Test
    void shouldGiveALackOfLockedMemoryTheTimeToPass() {
        int[] lacks = {3};
        assertNull(UringSupport.probe(1, new Syscalls() {
            @Override
            long call(long number, long a, long b, long c, long d, long e, long f) {
                return number == SyscallNumbers.IO_URING_SETUP && lacks[0]-- > 0 ? -Errno.ENOMEM
                    : super.call(number, a, b, c, d, e, f);
            }
        }));
        assertEquals(-1, lacks[0]);
    }

    @Test
    void shouldSayThatNoDescriptorIsLeft() {
        assertRefused("no descriptor is left for io_uring: io_uring_setup: Too many open files",
            new Refusing(SyscallNumbers.IO_URING_SETUP, Errno.EMFILE));
    }

    @Test
    void shouldSayOfAnyOtherErrorWhatTheKernelSays() {
        assertRefused("io_uring cannot be set up: mmap of the rings: Device or resource busy",
            new Refusing(SyscallNumbers.MMAP, Errno.EBUSY));
    }

    @Test
    void shouldNameEachFeatureThatIsMissing() {
        long[] bits = {Params.FEAT_SINGLE_MMAP, Params.FEAT_NODROP, Params.FEAT_SUBMIT_STABLE, Params.FEAT_EXT_ARG,
            Params.FEAT_CQE_SKIP};
        String[] names = {"SINGLE_MMAP", "NODROP", "SUBMIT_STABLE", "EXT_ARG", "CQE_SKIP"};
        for (int i = 0; i < bits.length; i++) {
            long bit = bits[i];
            assertRefused("the kernel's io_uring lacks IORING_FEAT_" + names[i] + " (Linux 6.8 is needed)",
                new Lacking(features -> features & ~bit));
        }
        assertRefused("the kernel's io_uring lacks IORING_FEAT_NODROP IORING_FEAT_EXT_ARG (Linux 6.8 is needed)",
            new Lacking(features -> features & ~(Params.FEAT_NODROP | Params.FEAT_EXT_ARG)));
    }

    @Test
    void shouldNameEachOperationThatIsMissing() {
        byte[] ops = {Sqe.OP_POLL_ADD, Sqe.OP_SENDMSG, Sqe.OP_ACCEPT, Sqe.OP_ASYNC_CANCEL, Sqe.OP_READ, Sqe.OP_SEND,
            Sqe.OP_RECV};
        String[] names = {"POLL_ADD", "SENDMSG", "ACCEPT", "ASYNC_CANCEL", "READ", "SEND", "RECV"};
        for (int i = 0; i < ops.length; i++) {
            assertRefused("the kernel's io_uring lacks IORING_OP_" + names[i] + " (Linux 6.8 is needed)",
                new Emulating(Set.of((int) ops[i]), Byte.MAX_VALUE));
        }
        assertRefused("the kernel's io_uring lacks IORING_OP_SENDMSG IORING_OP_RECV (Linux 6.8 is needed)",
            new Emulating(Set.of((int) Sqe.OP_SENDMSG, (int) Sqe.OP_RECV), Byte.MAX_VALUE));
        assertRefused("the kernel's io_uring lacks IORING_OP_SEND IORING_OP_RECV (Linux 6.8 is needed)",
            new Emulating(Set.of(), Sqe.OP_SEND));
        assertNull(UringSupport.probe(1, new Emulating(Set.of((int) Sqe.OP_NOP), Byte.MAX_VALUE)));
    }

    private static void assertRefused(String line, Syscalls kernel) {
        assertRefused(line, 1, kernel);
    }

    private static void assertRefused(String line, int transports, Syscalls kernel) {
        RingsOpen before = RingsOpen.now();
        String refusal = UringSupport.probe(transports, kernel);
        assertEquals(line, refusal);
        assertFalse(refusal.contains("\n"));
        assertTrue(RingsOpen.now().equals(before), "a ring or its memory is left");
    }

    /** A kernel that answers one call with an error. */
    private static final class Refusing extends Syscalls {
        private final long refused;
        private final int errno;

        Refusing(long refused, int errno) {
            this.refused = refused;
            this.errno = errno;
        }

        @Override
        long call(long number, long a, long b, long c, long d, long e, long f) {
            return number == refused ? -errno : super.call(number, a, b, c, d, e, f);
        }
    }

    /** A kernel that does not register one kind of thing. */
    private static final class RefusingRegister extends Syscalls {
        private final int opcode;
        private final int errno;

        RefusingRegister(int opcode, int errno) {
            this.opcode = opcode;
            this.errno = errno;
        }

        @Override
        long call(long number, long a, long b, long c, long d, long e, long f) {
            return number == SyscallNumbers.IO_URING_REGISTER && b == opcode ? -errno
                : super.call(number, a, b, c, d, e, f);
        }
    }

    /** A kernel with other features. */
    private static final class Lacking extends Syscalls {
        private final LongUnaryOperator features;

        Lacking(LongUnaryOperator features) {
            this.features = features;
        }

        @Override
        long call(long number, long a, long b, long c, long d, long e, long f) {
            long result = super.call(number, a, b, c, d, e, f);
            if (number == SyscallNumbers.IO_URING_SETUP && result >= 0) {
                long at = b + Params.FEATURES;
                Raw.putInt(at, (int) features.applyAsLong(Raw.getInt(at)));
            }
            return result;
        }
    }

    /** A kernel with fewer operations. */
    private static final class Emulating extends Syscalls {
        private final Set<Integer> missing;
        private final int known;

        Emulating(Set<Integer> missing, int known) {
            this.missing = missing;
            this.known = known;
        }

        @Override
        long call(long number, long a, long b, long c, long d, long e, long f) {
            long result = super.call(number, a, b, c, d, e, f);
            if (number == SyscallNumbers.IO_URING_REGISTER && b == Probe.REGISTER) {
                Raw.putByte(c + Probe.OPS_LEN, (byte) Math.min(known, Raw.getByte(c + Probe.OPS_LEN)));
                for (int op : missing) {
                    Raw.putShort(c + Probe.BYTES + op * (long) Probe.OP_BYTES + Probe.OP_FLAGS, (short) 0);
                }
            }
            return result;
        }
    }
}
