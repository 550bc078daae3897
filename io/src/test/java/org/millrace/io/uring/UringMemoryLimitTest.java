package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel's own limit of locked memory, on kernels that count rings against it. */
class UringMemoryLimitTest {
    private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));
    private static final long PRLIMIT64 = X86 ? 302 : 261;
    private static final long CAPGET = X86 ? 125 : 90;
    private static final long CAPSET = X86 ? 126 : 91;
    private static final int RLIMIT_MEMLOCK = 8;
    /** _LINUX_CAPABILITY_VERSION_3. */
    private static final int CAPABILITY_VERSION = 0x20080522;
    private static final int CAP_IPC_LOCK = 14;
    private static final int RLIMIT_BYTES = 16;
    private static final int CAPABILITY_BYTES = 24;
    /** More than one ring with its buffer rings takes, less than four. */
    private static final long LIMIT = 200_000;

    private static final long DEADLINE_NS = 20_000_000_000L;

    private final Arena arena = Arena.ofShared();
    private final long before = arena.allocate(RLIMIT_BYTES, Long.BYTES).address();

    @BeforeEach
    void rememberTheLimit() {
        Assumptions.assumeTrue(UringSupport.probe() == null, UringSupport::probe);
        assertEquals(0, limit(0, before));
    }

    @AfterEach
    void restoreTheLimit() {
        assertEquals(0, limit(before, 0));
        arena.close();
    }

    @Test
    void shouldSayThatAllRingsTogetherFindNoLockedMemory() throws InterruptedException {
        setLimit(0);
        String none = asOneWhoMayNotLock(UringSupport::probe);
        Assumptions.assumeTrue(none != null, "this kernel does not count rings as locked memory");
        assertEquals("the limit of locked memory (ulimit -l) is too small for io_uring: "
            + "io_uring_setup: Cannot allocate memory", none);
        setLimit(LIMIT);
        awaitOne();
        String four = asOneWhoMayNotLock(() -> UringSupport.probe(4));
        assertTrue(four != null && four.startsWith("the limit of locked memory (ulimit -l) is too small for io_uring: ")
            && four.endsWith(" of 4)"), four);
        // What was taken down is counted for a while, and does not stand in the way of who comes next.
        awaitOne();
    }

    /** Others of this user may have rings for the moment, or have had them. */
    private void awaitOne() throws InterruptedException {
        long startNs = System.nanoTime();
        String refusal = asOneWhoMayNotLock(UringSupport::probe);
        while (refusal != null && System.nanoTime() - startNs < DEADLINE_NS) {
            refusal = asOneWhoMayNotLock(UringSupport::probe);
        }
        assertNull(refusal);
    }

    /** Capabilities are a thread's own: the limit is nothing to one who has CAP_IPC_LOCK. */
    private String asOneWhoMayNotLock(Supplier<String> probe) throws InterruptedException {
        AtomicReference<String> text = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                dropCapability();
                text.set(probe.get());
            } catch (RuntimeException | AssertionError e) {
                failure.set(e);
            }
        });
        thread.join();
        assertNull(failure.get());
        return text.get();
    }

    private void dropCapability() {
        Syscalls syscalls = new Syscalls();
        long header = arena.allocate(Long.BYTES, Long.BYTES).address();
        Raw.putInt(header, CAPABILITY_VERSION);
        // Twice effective, permitted, inheritable.
        long data = arena.allocate(CAPABILITY_BYTES, Long.BYTES).address();
        assertEquals(0, syscalls.call(CAPGET, header, data, 0));
        Raw.putInt(data, Raw.getInt(data) & ~(1 << CAP_IPC_LOCK));
        assertEquals(0, syscalls.call(CAPSET, header, data, 0));
    }

    private void setLimit(long bytes) {
        long limit = arena.allocate(RLIMIT_BYTES, Long.BYTES).address();
        Raw.putLong(limit, bytes);
        Raw.putLong(limit + Long.BYTES, Raw.getLong(before + Long.BYTES));
        assertEquals(0, limit(limit, 0));
    }

    private static long limit(long next, long previous) {
        return new Syscalls().call(PRLIMIT64, 0, RLIMIT_MEMLOCK, next, previous, 0, 0);
    }
}
