package org.millrace.perf.jmh;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.millrace.io.Segment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One MGET over four servers: split into a request for each, the replies woven in the order of the keys. Through a
 * whole fused lane, without the kernel. Microseconds; linear in the keys.
 */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ScatterBenchmark extends NanosBenchmark {
    private static final int SERVERS = 4;
    private static final String VALUE = Wire.bulk("v".repeat(16));

    /** Keys of the MGET. */
    @Param({"10", "100", "10000"})
    int keys;

    private ScriptedLane lane;
    private Segment request;
    private int requestLength;
    private int replyLength;

    /** Builds the lane and sends the request once, so that the links stand. */
    @Setup
    public void setUp() {
        DirectBuffer text = Wire.offHeap(Wire.mget(keys));
        requestLength = text.capacity();
        replyLength = reply().length();
        lane = new ScriptedLane(Wire.config("ketama", SERVERS), arena -> new MgetReplies(arena, keys, VALUE));
        request = lane.segment(text);
        mget();
    }

    /** The woven reply. */
    String reply() {
        return "*" + keys + "\r\n" + VALUE.repeat(keys);
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

    /** Returns the bytes of the reply. */
    @Benchmark
    public long mget() {
        long before = lane.client().received();
        lane.exchange(request, 0, requestLength, replyLength);
        return lane.client().received() - before;
    }
}
