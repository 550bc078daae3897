package org.millrace.perf.jmh;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In steady state a request on its way through a lane and back takes no heap. */
class RequestPathAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final double MOST_BYTES_PER_REQUEST = 0.01;
    private static final int WARM_UP = 60;
    private static final int ROUNDS = 5;
    private static final int INVOCATIONS = 60;

    @ParameterizedTest
    @CsvSource({"GET, 1", "GET, 16", "GET, 100", "SET, 1", "SET, 16", "SET, 100",
        "get, 1", "get, 16", "get, 100", "set, 1", "set, 16", "set, 100"})
    void shouldAllocateNothingForARequest(String command, int pipeline) {
        RequestPathBenchmark benchmark = new RequestPathBenchmark();
        benchmark.command = command;
        benchmark.pipeline = pipeline;
        benchmark.valueBytes = 32;
        benchmark.servers = 4;
        benchmark.setUp();
        run(benchmark, WARM_UP);

        // The least of a few rounds: what a request allocates comes back in each of them, but now and then the JVM
        // charges the thread with a few kilobytes once, while its code is being compiled.
        double least = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            least = Math.min(least, bytesPerRequest(benchmark));
        }

        assertTrue(least < MOST_BYTES_PER_REQUEST, least + " bytes for each request");
        benchmark.tearDown();
    }

    private static double bytesPerRequest(RequestPathBenchmark benchmark) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run(benchmark, INVOCATIONS);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        return (double) bytes / (INVOCATIONS * RequestPathBenchmark.OPERATIONS);
    }

    private static void run(RequestPathBenchmark benchmark, int invocations) {
        for (int i = 0; i < invocations; i++) {
            benchmark.requests();
        }
    }
}
