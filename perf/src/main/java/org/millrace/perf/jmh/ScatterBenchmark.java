package org.millrace.perf.jmh;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.millrace.io.Segment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a key of an MGET or a multi-get of memcached costs: split into a request for each server, the replies woven in
 * the order of the keys. Through a whole fused lane, without the kernel.
 */
public class ScatterBenchmark extends NanosBenchmark {
    /** Keys in one invocation: whole requests of every length. */
    static final int OPERATIONS = 10_000;
    private static final String VALUE = "v".repeat(16);

    /** MGET, or get of memcached. */
    @Param({"MGET", "get"})
    String command;

    /** Keys of a request. */
    @Param({"10", "100", "10000"})
    int keys;

    /** Servers of the pool. */
    @Param({"4", "16"})
    int servers;

    private ScriptedLane lane;
    private Segment request;
    private int requestLength;
    private int replyLength;

    /** Builds the lane and sends the request once, so that the links stand. */
    @Setup
    public void setUp() {
        boolean redis = command.equals("MGET");
        DirectBuffer text = Wire.offHeap(redis ? Wire.mget(keys) : Wire.multiGet(keys));
        requestLength = text.capacity();
        replyLength = reply().length();
        lane = new ScriptedLane(Wire.config("ketama", servers, redis), arena -> redis
            ? new MgetReplies(arena, keys, Wire.bulk(VALUE)) : new MultiGetReplies(arena, VALUE));
        request = lane.segment(text);
        lane.exchange(request, 0, requestLength, replyLength);
    }

    /** The woven reply. */
    String reply() {
        if (command.equals("MGET")) {
            return "*" + keys + "\r\n" + Wire.bulk(VALUE).repeat(keys);
        }
        return IntStream.range(0, keys).mapToObj(i -> "VALUE " + Wire.key(i) + " 0 " + VALUE.length() + "\r\n" + VALUE
            + "\r\n").collect(Collectors.joining()) + "END\r\n";
    }

    /** Fails if memory has leaked. */
    @TearDown
    public void tearDown() {
        request.release();
        lane.close();
    }

    ScriptedLane lane() {
        return lane;
    }

    /** Returns the bytes of the replies. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long keys() {
        long before = lane.client().received();
        for (int done = 0; done < OPERATIONS; done += keys) {
            lane.exchange(request, 0, requestLength, replyLength);
        }
        return lane.client().received() - before;
    }
}
