package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.engine.memcached.MemcachedProtocol;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.resp.RespProtocol;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Time for a message, by how many of them lie in one buffer: it must not depend on that. */
public class FramerBenchmark extends NanosBenchmark {
    /** Messages in one invocation. */
    static final int OPERATIONS = 10_000;

    /** Messages in the buffer. */
    @Param({"1", "100", "10000"})
    int messages;

    /** Bytes of the value in each. */
    @Param({"32", "1024"})
    int valueBytes;

    /** Whose messages: redis or memcached. */
    @Param({"redis", "memcached"})
    String protocol;

    private Framer requestFramer;
    private Framer replyFramer;
    private DirectBuffer requests;
    private DirectBuffer replies;

    /** Writes the buffers. */
    @Setup
    public void setUp() {
        boolean redis = protocol.equals("redis");
        Protocol chosen = redis ? RespProtocol.INSTANCE : MemcachedProtocol.INSTANCE;
        requestFramer = chosen.requestFramer(FrameLimits.defaults());
        replyFramer = chosen.replyFramer(FrameLimits.defaults());
        String key = Wire.key(1);
        String value = "v".repeat(valueBytes);
        String request = redis ? Wire.request("SET", key, value) : Wire.memcachedSet(key, value);
        String reply = redis ? Wire.bulk(value) : Wire.memcachedValue(key, value);
        requests = Wire.offHeap(request.repeat(messages));
        replies = Wire.offHeap(reply.repeat(messages));
    }

    /** SET. Returns the messages framed. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int requests() {
        return frame(requestFramer, requests);
    }

    /** A value. Returns the messages framed. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int replies() {
        return frame(replyFramer, replies);
    }

    private int frame(Framer framer, DirectBuffer buffer) {
        int framed = 0;
        int limit = buffer.capacity();
        for (int round = OPERATIONS / messages; round > 0; round--) {
            for (int at = 0; at < limit && framer.scan(buffer, at, limit) == Framer.MESSAGE; at = framer.position()) {
                framed++;
            }
        }
        return framed;
    }
}
