package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.routing.distribution.Distribution;
import org.millrace.routing.distribution.DistributionKind;
import org.millrace.routing.distribution.ServerNode;
import org.millrace.routing.hash.HashKind;
import org.millrace.routing.hash.KeyHash;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Time from the hash of a key to its server. */
public class DistributionBenchmark extends NanosBenchmark {
    /** Hashes in one invocation: enough that a binary search does not learn its way. */
    static final int OPERATIONS = 1 << 15;

    /** How hashes are distributed. */
    @Param
    DistributionKind kind;

    /** Servers of the pool. */
    @Param({"4", "64", "512"})
    int servers;

    private final int[] hashes = new int[OPERATIONS];
    private Distribution distribution;

    /** Builds the ring and hashes the keys. */
    @Setup
    public void setUp() {
        distribution = kind.over(ServerNode.listOf(Wire.config(kind.configName(), servers).pools().getFirst()
            .servers())).forRouter(1);
        KeyHash hash = HashKind.FNV1A_64.newHash();
        for (int i = 0; i < OPERATIONS; i++) {
            DirectBuffer key = Wire.offHeap(Wire.key(i));
            hashes[i] = hash.hash(key, 0, key.capacity());
        }
    }

    /** Returns the sum of the servers' numbers. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int lookUp() {
        int sum = 0;
        for (int hash : hashes) {
            sum += distribution.serverFor(hash);
        }
        return sum;
    }
}
