package org.millrace.perf.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** One that allocates, to see whether it is noticed, and one that does not. */
public class AllocatingBenchmark extends NanosBenchmark {
    static final int OPERATIONS = 1000;

    @Param({"16"})
    int size;

    private int state;

    /** An array a thousand times less often than there are operations: 0.03 bytes for each. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public byte[] allocating() {
        free();
        return new byte[size];
    }

    /** Nothing. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int free() {
        for (int i = 0; i < OPERATIONS; i++) {
            state = state * 31 + i;
        }
        return state;
    }
}
