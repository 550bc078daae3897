package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.codec.memcached.command.CommandTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** Time to find a command of memcached by its name. Each method returns how many of the names are in the table. */
public class MemcachedLookupBenchmark extends NanosBenchmark {
    /** Names in one invocation. */
    static final int OPERATIONS = 8;
    private static final String[] KNOWN = {"get", "set", "gets", "delete", "incr", "cas", "mg", "touch"};
    private static final String[] UNKNOWN = {"got", "sat", "getz", "deleted", "incx", "caz", "mz", "touched"};

    private final CommandTable table = CommandTable.standard();
    private DirectBuffer known;
    private DirectBuffer unknown;

    /** Writes the names. */
    @Setup
    public void setUp() {
        known = Wire.offHeap(String.join("", KNOWN));
        unknown = Wire.offHeap(String.join("", UNKNOWN));
    }

    /** Names that are there. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int known() {
        return find(known, KNOWN);
    }

    /** Names that are not. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int unknown() {
        return find(unknown, UNKNOWN);
    }

    private int find(DirectBuffer buffer, String[] names) {
        int found = 0;
        int at = 0;
        for (String name : names) {
            found += table.find(buffer, at, name.length()) == null ? 0 : 1;
            at += name.length();
        }
        return found;
    }
}
