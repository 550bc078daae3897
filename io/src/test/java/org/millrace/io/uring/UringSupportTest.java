package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The one line that says why io_uring is not used, and the numbers that the kernel is told. */
class UringSupportTest {
    private static final long PRCTL = "amd64".equals(System.getProperty("os.arch")) ? 157 : 167;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_FILTER = 2;

    @Test
    void shouldSayThatASandboxForbidsIt() throws InterruptedException {
        assertForbidden("io_uring_setup", SyscallNumbers.IO_URING_SETUP);
        assertForbidden("IORING_REGISTER_PBUF_RING", SyscallNumbers.IO_URING_REGISTER);
        assertForbidden("io_uring_enter", SyscallNumbers.IO_URING_ENTER);
    }

    private static void assertForbidden(String call, long number) throws InterruptedException {
        Assumptions.assumeTrue(UringSupport.probe() == null, UringSupport::probe);
        AtomicReference<String> text = new AtomicReference<>();
        AtomicReference<Long> filtered = new AtomicReference<>();
        // A filter holds for the thread that sets it, and ends with it.
        Thread sandbox = Thread.ofPlatform().start(() -> {
            filtered.set(forbid(number, Errno.EPERM));
            text.set(UringSupport.probe());
        });
        sandbox.join();
        Assumptions.assumeTrue(filtered.get() == 0, "no seccomp filter can be set here");
        assertEquals("io_uring is not allowed here (seccomp or kernel.io_uring_disabled): " + call
            + ": Operation not permitted", text.get());
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertTrue(RingException.explain("x", Errno.ENOMEM).startsWith("the limit of locked memory"));
        assertTrue(RingException.explain("x", Errno.ENOSYS).startsWith("the kernel has no io_uring"));
        assertTrue(RingException.explain("x", Errno.EINVAL).contains("too old"));
        assertTrue(RingException.explain("x", Errno.EMFILE).contains("descriptor"));
        assertEquals("the kernel's io_uring lacks IORING_FEAT_EXT_ARG IORING_FEAT_CQE_SKIP (Linux 6.8 is needed)",
            RingException.lacking(Abi.Params.FEAT_EXT_ARG | Abi.Params.FEAT_CQE_SKIP).getMessage());
    }

    @Test
    void shouldAgreeWithTheKernelOnTheRing() throws RingException {
        Assumptions.assumeTrue(UringSupport.probe() == null, UringSupport::probe);
        assertEquals(0x13098, Ring.SETUP_FLAGS);
        Ring ring = Ring.open(new Syscalls(), 8);
        try {
            assertEquals(8, ring.entries());
            for (int i = 0; i < 8; i++) {
                long sqe = ring.nextSqe();
                Raw.putLong(sqe + Abi.Sqe.USER_DATA, 1000 + i);
            }
            assertEquals(0, ring.nextSqe());
            ring.enter(0, 0);
            assertTrue(ring.isTaken(ring.filled()));
            Completions completions = new Completions();
            ring.drainTo(completions);
            assertEquals(8, completions.size());
            for (int i = 0; i < 8; i++) {
                assertEquals(1000 + i, completions.userData(i));
                assertEquals(0, completions.result(i), "a NOP");
            }
            long startNs = System.nanoTime();
            ring.enter(20_000_000, 0);
            assertTrue(System.nanoTime() - startNs >= 20_000_000);
        } finally {
            ring.close();
        }
    }

    /** Sets a filter that lets one system call fail; returns 0 or the negative errno. */
    private static long forbid(long number, int errno) {
        Syscalls syscalls = new Syscalls();
        try (Arena arena = Arena.ofConfined()) {
            long[] filter = {
                instruction(0x20, 0, 0, 0), // load seccomp_data.nr
                instruction(0x15, 0, 1, (int) number), // equal: go on, else skip one
                instruction(0x06, 0, 0, 0x00050000 | errno), // SECCOMP_RET_ERRNO
                instruction(0x06, 0, 0, 0x7fff0000), // SECCOMP_RET_ALLOW
            };
            MemorySegment code = arena.allocateFrom(ValueLayout.JAVA_LONG, filter);
            MemorySegment program = arena.allocate(16, 8);
            Raw.putShort(program.address(), (short) filter.length);
            Raw.putLong(program.address() + 8, code.address());
            long result = syscalls.call(PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0);
            return result < 0 ? result
                : syscalls.call(PRCTL, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.address());
        }
    }

    /** struct sock_filter: code, jt, jf, k. */
    private static long instruction(int code, int ifTrue, int ifFalse, int k) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (long) k << 32;
    }
}
