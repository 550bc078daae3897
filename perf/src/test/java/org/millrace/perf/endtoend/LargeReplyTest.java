package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.perf.server.LocalRedis;

/**
 * Replies far larger than the share of memory that each client could have pass through, byte for byte, to clients that
 * are not equally fast; others are served, and memory keeps to its limit.
 */
@Timeout(120)
class LargeReplyTest {
    private static final int MIB = 1 << 20;
    private static final int VALUE = 64 * MIB - 100;
    private static final long MEMORY = 64 * MIB;
    private static final int CLIENTS = 6;
    /** What is left for max_memory: auto where the heap may have the whole machine. */
    private static final long LEAST_MEMORY = 16 * MIB;
    private static final int LARGER = 96 * MIB;
    private static final Pattern LIMIT = Pattern.compile("\"max_memory\":(\\d+)");
    private static final Pattern RESERVED = Pattern.compile("\"memory_reserved\":(\\d+)");
    /** A thread for each: the common pool may have only one. */
    private static final Executor ASIDE = task -> Thread.ofPlatform().daemon().start(task);

    @TempDir
    private Path folder;

    static Stream<Arguments> ways() {
        return Stream.of(LaneKind.FUSED, LaneKind.SPLIT).flatMap(kind -> Stream.of("auto", "nio")
            .map(transport -> Arguments.of(kind, transport)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldPassValuesAsLargeAsAllMemoryToManyClientsAtOnce(LaneKind kind, String transport) throws IOException {
        long seed = new Random().nextLong();
        long memory = MEMORY * (kind == LaneKind.SPLIT ? 2 : 1);
        try (ProxyKit kit = ProxyKit.with(kind).servers(2).engine("transport", transport)
            .limit("max_memory", Long.toString(memory)).limit("max_message", "64mb").start()) {
            String key = kit.keyOn(0, "large", 0);
            ExpectedReply expected = ExpectedReply.ofValue(kit.direct(0), key, VALUE, seed);
            byte[] request = Resp.request("GET", key);
            RawClient mute = kit.client();
            mute.send(request);
            Most reserved = new Most(() -> kit.millrace().totals().bytesReserved());
            Map<RawClient, CompletableFuture<String>> readers = new LinkedHashMap<>();
            for (int i = 0; i < CLIENTS; i++) {
                RawClient client = kit.client();
                readers.put(client, readAside(expected, client, request, i));
            }
            RawClient small = kit.client();
            for (int i = 0; i < 200; i++) {
                small.expect("+OK\r\n", "SET", kit.keyOn(1, "small", 0), "v" + i);
            }
            for (CompletableFuture<String> reader : readers.values()) {
                assertEquals(expected.text(), reader.join(), "seed " + seed);
            }
            assertTrue(reserved.get() <= memory, reserved.get() + " bytes reserved, seed " + seed);
            for (RawClient client : readers.keySet()) {
                client.expect("$4\r\nv199\r\n", "GET", kit.keyOn(1, "small", 0));
            }
        }
    }

    /** The higher the number, the slower, and the smaller the pieces. */
    private static CompletableFuture<String> readAside(ExpectedReply expected, RawClient client, byte[] request,
        int number) {
        return CompletableFuture.supplyAsync(() -> expected.read(client, request, MIB >> number,
            number * 50_000L), ASIDE);
    }

    /**
     * max_message cannot be set above max_memory, but its default of 512 MiB is above an automatic max_memory that has
     * come out small, here because the heap may have all of the machine.
     */
    @ParameterizedTest
    @MethodSource("ways")
    void shouldPassRepliesLargerThanAllMemory(LaneKind kind, String transport) throws IOException {
        long seed = new Random().nextLong();
        long machine = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getTotalMemorySize();
        List<String> java = List.of("-Xms32m", "-Xmx" + machine / MIB * 5 / 4 + "m");
        String engine = "  lanes: 1\n  stage_threads: " + kind.stageThreads() + "\n  transport: " + transport + "\n";
        List<LocalRedis> servers = LocalRedis.startAll(1);
        try (ProxyChild proxy = new ProxyChild(folder, ":", java, null, "  timeout: 60000\n", engine, servers);
            RawClient server = new RawClient(servers.getFirst().port())) {
            assertEquals(LEAST_MEMORY, figure(LIMIT, proxy.stats()));
            ExpectedReply value = ExpectedReply.ofValue(server, "value", LARGER, seed);
            ExpectedReply large = ExpectedReply.ofList(server, "large", 48, seed, MIB, 100, 17_000);
            ExpectedReply small = ExpectedReply.ofList(server, "small", 20_000, seed, 1000, 7, 3000);
            Most reserved = new Most(() -> figure(RESERVED, proxy.stats()));
            List<CompletableFuture<String>> readers = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < CLIENTS / 2; i++) {
                readers.add(readAside(value, proxy.client(), Resp.request("GET", "value"), 2 * i));
                readers.add(readAside(large, proxy.client(), Resp.request("LRANGE", "large", "0", "-1"), i));
                readers.add(readAside(small, proxy.client(), Resp.request("LRANGE", "small", "0", "-1"), i));
                texts.addAll(List.of(value.text(), large.text(), small.text()));
            }
            for (int i = 0; i < readers.size(); i++) {
                assertEquals(texts.get(i), readers.get(i).join(), "reader " + i + ", seed " + seed);
            }
            assertTrue(reserved.get() <= LEAST_MEMORY, reserved.get() + " bytes reserved, seed " + seed);
            assertTrue(reserved.get() > 0, "nothing was seen");
            proxy.client().expect("+OK\r\n", "SET", "k", "v");
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    private static long figure(Pattern pattern, String stats) {
        Matcher matcher = pattern.matcher(stats);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /** The highest of a figure, looked at again and again from a thread of its own until it is asked for. */
    private static final class Most {
        private final AtomicBoolean done = new AtomicBoolean();
        private final CompletableFuture<Long> most;

        Most(LongSupplier figure) {
            most = CompletableFuture.supplyAsync(() -> {
                long highest = -1;
                while (!done.get()) {
                    highest = Math.max(highest, figure.getAsLong());
                    LockSupport.parkNanos(200_000);
                }
                return highest;
            }, ASIDE);
        }

        long get() {
            done.set(true);
            return most.join();
        }
    }
}
