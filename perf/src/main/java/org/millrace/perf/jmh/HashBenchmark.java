package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.routing.hash.HashKind;
import org.millrace.routing.hash.KeyHash;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Time to hash a key. */
public class HashBenchmark extends NanosBenchmark {
    /** Keys in one invocation. */
    static final int OPERATIONS = 256;

    /** Which hash. */
    @Param
    HashKind kind;

    /** Bytes of a key. */
    @Param({"16", "64"})
    int length;

    private KeyHash hash;
    private DirectBuffer keys;

    /** Writes the keys. */
    @Setup
    public void setUp() {
        hash = kind.newHash();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < OPERATIONS; i++) {
            text.append(Wire.key(i)).repeat('x', length - Wire.KEY_LENGTH);
        }
        keys = Wire.offHeap(text.toString());
    }

    /** Returns the hashes, combined. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int hash() {
        int all = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            all = all * 31 + hash.hash(keys, i * length, length);
        }
        return all;
    }
}
