package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.resp.ReplyFramer;
import org.millrace.codec.resp.RequestFramer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Time for a message, by how many of them lie in one buffer: it must not depend on that. */
public class FramerBenchmark extends NanosBenchmark {
    /** Messages in one invocation. */
    static final int OPERATIONS = 10_000;

    /** Messages in the buffer. */
    @Param({"1", "10", "100", "1000", "10000"})
    int messages;

    private RequestFramer requestFramer;
    private ReplyFramer replyFramer;
    private DirectBuffer requests;
    private DirectBuffer replies;

    /** Writes the buffers. */
    @Setup
    public void setUp() {
        requestFramer = new RequestFramer(FrameLimits.defaults());
        replyFramer = new ReplyFramer(FrameLimits.defaults());
        String value = "v".repeat(32);
        requests = Wire.offHeap(Wire.request("SET", Wire.key(1), value).repeat(messages));
        replies = Wire.offHeap(Wire.bulk(value).repeat(messages));
    }

    /** SET with a value of 32 bytes. Returns the messages framed. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int requests() {
        int framed = 0;
        for (int round = OPERATIONS / messages; round > 0; round--) {
            framed += frameAll(requestFramer, requests);
        }
        return framed;
    }

    /** A value of 32 bytes. Returns the messages framed. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int replies() {
        int framed = 0;
        for (int round = OPERATIONS / messages; round > 0; round--) {
            framed += frameAll(replyFramer, replies);
        }
        return framed;
    }

    private static int frameAll(RequestFramer framer, DirectBuffer buffer) {
        int framed = 0;
        int limit = buffer.capacity();
        for (int at = 0; at < limit && framer.scan(buffer, at, limit) == Framer.MESSAGE; at = framer.position()) {
            framed++;
        }
        return framed;
    }

    private static int frameAll(ReplyFramer framer, DirectBuffer buffer) {
        int framed = 0;
        int limit = buffer.capacity();
        for (int at = 0; at < limit && framer.scan(buffer, at, limit) == Framer.MESSAGE; at = framer.position()) {
            framed++;
        }
        return framed;
    }
}
