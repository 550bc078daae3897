package org.millrace.perf.jmh;

import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.resp.ReplyFramer;
import org.millrace.codec.resp.RequestFramer;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.engine.message.Assembler;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Time for a byte of a large value that arrives one byte at a time: it must not depend on how large the value is. Each
 * method returns the bytes of the messages that it has seen whole.
 */
public class DripBenchmark extends NanosBenchmark {
    /** Value bytes in one invocation. */
    static final int OPERATIONS = 1 << 20;
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int MEMORY_BYTES = 64 << 20;

    /** Bytes of the value. */
    @Param({"65536", "1048576"})
    int valueBytes;

    private SegmentArena arena;
    private MessagePool pool;
    private Assembler assembler;
    private RequestFramer requestFramer;
    private ReplyFramer replyFramer;
    private UnsafeBuffer request;
    private UnsafeBuffer reply;

    /** Writes the stream and makes the receiving side of a connection. */
    @Setup
    public void setUp() {
        arena = new SegmentArena(new ArenaConfig(MEMORY_BYTES, ArenaConfig.BLOCK_BYTES, false));
        pool = new MessagePool(arena, LaneSetup.COPY_THRESHOLD);
        assembler = new Assembler(new RequestFramer(limits(LaneSetup.COPY_THRESHOLD)), pool);
        requestFramer = new RequestFramer(limits(Integer.MAX_VALUE));
        replyFramer = new ReplyFramer(limits(Integer.MAX_VALUE));
        String value = "v".repeat(valueBytes);
        request = Wire.offHeap(Wire.request("SET", Wire.key(1), value));
        reply = Wire.offHeap(Wire.bulk(value));
    }

    /** Fails if memory has leaked. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** Bytes of one request, its headers included. */
    int requestBytes() {
        return request.capacity();
    }

    /** Bytes of one reply, its header included. */
    int replyBytes() {
        return reply.capacity();
    }

    /** The framer of requests alone, which scans each byte: no value is long enough to be a body. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long scannedRequest() {
        long bytes = 0;
        for (int message = OPERATIONS / valueBytes; message > 0; message--) {
            for (int at = 0; at < request.capacity(); at++) {
                if (requestFramer.scan(request, at, at + 1) == Framer.MESSAGE) {
                    bytes += requestFramer.headLength();
                }
            }
        }
        return bytes;
    }

    /** The framer of replies alone, likewise. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long scannedReply() {
        long bytes = 0;
        for (int message = OPERATIONS / valueBytes; message > 0; message--) {
            for (int at = 0; at < reply.capacity(); at++) {
                if (replyFramer.scan(reply, at, at + 1) == Framer.MESSAGE) {
                    bytes += replyFramer.headLength();
                }
            }
        }
        return bytes;
    }

    /** The receiving side as the engine has it; the bytes lie one behind the other. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long gathered() {
        return receive(1);
    }

    /** The same where other connections' bytes lie in between, so that no byte joins the one before it. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long scraps() {
        return receive(Long.BYTES);
    }

    private long receive(int stride) {
        long bytes = 0;
        Segment segment = arena.acquire(SEGMENT_BYTES);
        int at = 0;
        for (int round = OPERATIONS / valueBytes; round > 0; round--) {
            for (int i = 0; i < request.capacity(); i++) {
                if (at == segment.capacity()) {
                    segment.release();
                    segment = arena.acquire(SEGMENT_BYTES);
                    at = 0;
                }
                segment.buffer().putByte(at, request.getByte(i));
                if (assembler.advance(segment, at, at + 1) == Assembler.MESSAGE) {
                    Message message = assembler.takeMessage();
                    bytes += message.length();
                    pool.release(message);
                }
                at += stride;
            }
        }
        segment.release();
        return bytes;
    }

    private static FrameLimits limits(int bodyThreshold) {
        FrameLimits limits = FrameLimits.defaults();
        return new FrameLimits(limits.messageLength(), limits.bulkLength(), limits.arguments(), limits.depth(),
            limits.lineLength(), bodyThreshold);
    }
}
