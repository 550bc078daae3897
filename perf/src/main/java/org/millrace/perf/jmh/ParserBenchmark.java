package org.millrace.perf.jmh;

import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.memcached.MemcachedProtocol;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.resp.RespProtocol;
import org.millrace.engine.ring.RequestSlot;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Time to parse a framed request: what parse does with a slot that recv has filled. */
public class ParserBenchmark extends NanosBenchmark {
    /** Requests in one invocation. */
    static final int OPERATIONS = 256;
    private static final int SERVERS = 4;
    private static final int MANY_KEYS = 100;

    /** In lower case those of memcached. MGET and gets have a hundred keys. */
    @Param({"GET", "SET", "MGET", "XINFO", "get", "set", "gets", "mg"})
    String command;

    /** Bytes of the value, where the command has one. */
    @Param({"32", "1024"})
    int valueBytes;

    private final RequestSlot[] slots = new RequestSlot[OPERATIONS];
    private final boolean[] plain = new boolean[OPERATIONS];
    private ScriptedLane lane;
    private RequestParser parser;

    /** Frames the requests into slots. */
    @Setup
    public void setUp() {
        boolean redis = Character.isUpperCase(command.charAt(0));
        lane = new ScriptedLane(Wire.config("ketama", SERVERS, redis),
            arena -> new FixedReplies(arena, 1, Wire.offHeap("x")));
        ClientHalfState half = lane.clientHalf();
        parser = redis ? RespProtocol.parser(half) : MemcachedProtocol.parser(half);
        Protocol protocol = redis ? RespProtocol.INSTANCE : MemcachedProtocol.INSTANCE;
        Framer framer = protocol.requestFramer(FrameLimits.defaults());
        for (int i = 0; i < OPERATIONS; i++) {
            DirectBuffer request = Wire.offHeap(request(i));
            if (framer.scan(request, 0, request.capacity()) != Framer.MESSAGE) {
                throw new IllegalStateException(command + " is not framed: " + framer.error());
            }
            RequestSlot slot = new RequestSlot();
            slot.kind = RequestSlot.REQUEST;
            slot.buffer = request;
            slot.length = request.capacity();
            protocol.describe(framer, slot);
            slots[i] = slot;
            plain[i] = slot.plain;
        }
    }

    private String request(int number) {
        String key = Wire.key(number);
        String value = "v".repeat(valueBytes);
        return switch (command) {
            case "GET" -> Wire.request("GET", key);
            case "SET" -> Wire.request("SET", key, value);
            case "MGET" -> Wire.mget(MANY_KEYS);
            case "XINFO" -> Wire.request("XINFO", "STREAM", key);
            case "get" -> "get " + key + "\r\n";
            case "set" -> Wire.memcachedSet(key, value);
            case "gets" -> Wire.multiGet(MANY_KEYS).replaceFirst("get", "gets");
            default -> "mg " + key + " v t f\r\n";
        };
    }

    /** Fails if memory has leaked. */
    @TearDown
    public void tearDown() {
        lane.close();
    }

    /** Returns how many requests have no fault. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int parse() {
        int sound = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            RequestSlot slot = slots[i];
            // Parse overwrites what recv has told of it.
            slot.plain = plain[i];
            sound += parser.parse(slot) == RequestParser.NO_FAULT ? 1 : 0;
        }
        return sound;
    }

    /** The command of the first request, a number of its protocol's table. */
    int parsedCommand() {
        return slots[0].command;
    }
}
