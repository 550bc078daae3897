package org.millrace.routing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntUnaryOperator;

/** Counts the heap bytes that the current thread takes. */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 3;
    private static volatile int sink;

    private Allocations() {
    }

    /**
     * Bytes allocated by a million calls in steady state: the least of a few rounds.
     *
     * <p>What a call allocates, however seldom, comes back in each round. What happens once (linking, and now and then
     * some 23 KB in one piece while code is being compiled, whose origin is not known) does not, so the result can be
     * compared with 0 exactly.
     */
    public static long ofMillionCalls(IntUnaryOperator operation) {
        run(operation, 1_000);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            run(operation, 1_000_000);
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static void run(IntUnaryOperator operation, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += operation.applyAsInt(i);
        }
        sink = sum;
    }
}
