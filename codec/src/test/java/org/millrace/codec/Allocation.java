package org.millrace.codec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Proves that code allocates nothing once it is warm. */
public final class Allocation {
    private static final int ROUNDS = 50;

    private Allocation() {
    }

    /** Runs the work until one round allocates nothing; fails if no round does. */
    public static void assertNone(Runnable work) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            work.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least == 0, "a round allocates at least " + least + " bytes");
    }
}
