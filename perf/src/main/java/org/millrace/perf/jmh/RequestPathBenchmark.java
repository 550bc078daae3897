package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.conf.MillraceConfig;
import org.millrace.io.Segment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The whole way of a request through a fused lane and of its reply back: recv, parse, filter, route, send; recv, pair,
 * client send. Everything but the kernel: servers by ketama, keys spread over them, one client that pipelines.
 * With JMH's gc profiler it shows that the way allocates nothing.
 */
public class RequestPathBenchmark extends NanosBenchmark {
    /** Requests in one invocation: whole pipelines of every length. */
    static final int OPERATIONS = 1600;
    private static final int REQUEST_BYTES_MAX = 8 << 20;

    /** Requests that the client sends at a time. */
    @Param({"1", "16", "100"})
    int pipeline;

    /** GET or SET; in lower case those of memcached. */
    @Param({"GET", "SET", "get", "set"})
    String command;

    /** Bytes of each value: small, or large enough to go through as slices. */
    @Param({"32", "1024", "32768"})
    int valueBytes;

    /** Servers of the pool. */
    @Param({"4", "16"})
    int servers;

    private ScriptedLane lane;
    private Segment requests;
    private int requestLength;
    private int replyLength;
    private int distinct;

    /** Builds the lane, writes the requests, and sends them all once, so that the links stand. */
    @Setup
    public void setUp() {
        requestLength = request(0).length();
        distinct = OPERATIONS;
        while (distinct > pipeline && distinct * requestLength > REQUEST_BYTES_MAX) {
            distinct -= pipeline;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < distinct; i++) {
            text.append(request(i));
        }
        DirectBuffer reply = Wire.offHeap(reply());
        replyLength = reply.capacity();
        MillraceConfig config = Wire.config("ketama", servers, Character.isUpperCase(command.charAt(0)));
        lane = new ScriptedLane(config, arena -> new FixedReplies(arena, requestLength, reply));
        requests = lane.segment(Wire.offHeap(text.toString()));
        requests();
    }

    private String request(int number) {
        String key = Wire.key(number);
        return switch (command) {
            case "GET" -> Wire.request("GET", key);
            case "SET" -> Wire.request("SET", key, value());
            case "get" -> "get " + key + "\r\n";
            default -> Wire.memcachedSet(key, value());
        };
    }

    private String value() {
        return "v".repeat(valueBytes);
    }

    /** What the servers answer. */
    String reply() {
        return switch (command) {
            case "GET" -> Wire.bulk(value());
            case "SET" -> "+OK\r\n";
            case "get" -> Wire.memcachedValue(Wire.key(0), value());
            default -> "STORED\r\n";
        };
    }

    /** Fails if memory has leaked. */
    @TearDown
    public void tearDown() {
        requests.release();
        lane.close();
    }

    ScriptedLane lane() {
        return lane;
    }

    /** Returns the bytes of the replies. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long requests() {
        long before = lane.client().received();
        int length = pipeline * requestLength;
        for (int done = 0; done < OPERATIONS; done += pipeline) {
            lane.exchange(requests, done % distinct * requestLength, length, (long) pipeline * replyLength);
        }
        return lane.client().received() - before;
    }
}
