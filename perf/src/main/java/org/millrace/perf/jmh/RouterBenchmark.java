package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.routing.Router;
import org.millrace.routing.Topology;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Time from a key to its server: hash (fnv1a_64) and distribution. */
public class RouterBenchmark extends NanosBenchmark {
    /** Keys in one invocation. */
    static final int OPERATIONS = 1024;

    /** How keys are distributed. */
    @Param({"ketama", "modula", "random"})
    String distribution;

    /** Servers of the pool. */
    @Param({"4", "64"})
    int servers;

    private Router router;
    private DirectBuffer keys;

    /** Builds the topology and writes the keys. */
    @Setup
    public void setUp() {
        router = Topology.of(Wire.config(distribution, servers), 1).newRouter(0);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < OPERATIONS; i++) {
            text.append(Wire.key(i));
        }
        keys = Wire.offHeap(text.toString());
    }

    /** Returns the sum of the servers' numbers. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int route() {
        int sum = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            sum += router.route(keys, i * Wire.KEY_LENGTH, Wire.KEY_LENGTH);
        }
        return sum;
    }
}
