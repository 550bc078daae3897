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
 * client send. Everything but the kernel: four servers by ketama, keys spread over them, one client that pipelines.
 * With JMH's gc profiler it shows that the way allocates nothing.
 */
public class RequestPathBenchmark extends NanosBenchmark {
    /** Requests in one invocation: whole pipelines of every length. */
    static final int OPERATIONS = 1600;
    private static final int SERVERS = 4;
    private static final String VALUE = "v".repeat(32);

    /** Requests that the client sends at a time. */
    @Param({"1", "16", "100"})
    int pipeline;

    /** GET or SET, with a value of 32 bytes; in lower case those of memcached. */
    @Param({"GET", "SET", "get", "set"})
    String command;

    private ScriptedLane lane;
    private Segment requests;
    private int requestLength;
    private int replyLength;

    /** Builds the lane, writes the requests, and sends them all once, so that the links stand. */
    @Setup
    public void setUp() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < OPERATIONS; i++) {
            text.append(request(i));
        }
        requestLength = text.length() / OPERATIONS;
        DirectBuffer reply = Wire.offHeap(reply());
        replyLength = reply.capacity();
        MillraceConfig config = Wire.config("ketama", SERVERS, Character.isUpperCase(command.charAt(0)));
        lane = new ScriptedLane(config, arena -> new FixedReplies(arena, requestLength, reply));
        requests = lane.segment(Wire.offHeap(text.toString()));
        requests();
    }

    private String request(int number) {
        String key = Wire.key(number);
        return switch (command) {
            case "GET" -> Wire.request("GET", key);
            case "SET" -> Wire.request("SET", key, VALUE);
            case "get" -> "get " + key + "\r\n";
            default -> "set " + key + " 0 0 " + VALUE.length() + "\r\n" + VALUE + "\r\n";
        };
    }

    /** What the servers answer. */
    String reply() {
        return switch (command) {
            case "GET" -> Wire.bulk(VALUE);
            case "SET" -> "+OK\r\n";
            case "get" -> "VALUE " + Wire.key(0) + " 0 " + VALUE.length() + "\r\n" + VALUE + "\r\nEND\r\n";
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
            lane.exchange(requests, done * requestLength, length, (long) pipeline * replyLength);
        }
        return lane.client().received() - before;
    }
}
