package org.millrace.perf.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.routing.hash.HashKind;
import org.openjdk.jmh.runner.BenchmarkList;

/** Runs every benchmark once, untimed, and checks that it does what it says: none rots unnoticed. */
class BenchmarkSmokeTest {
    private static final Set<String> TESTED = Set.of("FramerBenchmark.requests", "FramerBenchmark.replies",
        "DripBenchmark.scannedRequest", "DripBenchmark.scannedReply", "DripBenchmark.gathered", "DripBenchmark.scraps",
        "RingHopBenchmark.pass", "RequestPathBenchmark.requests", "CommandLookupBenchmark.known",
        "CommandLookupBenchmark.unknown", "HashBenchmark.hash", "RouterBenchmark.route", "ScatterBenchmark.mget",
        "LatencyBenchmark.requests");

    @Test
    void shouldKnowEveryBenchmarkOfThisBuild() {
        String here = NanosBenchmark.class.getPackageName() + '.';
        Set<String> found = new TreeSet<>();
        BenchmarkList.defaultList().getAll(null, List.of())
            .forEach(each -> found.add(each.getUsername().replace(here, "")));

        assertEquals(new TreeSet<>(TESTED), found, "a benchmark is missing in this test, or its processor did not run");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64})
    void shouldRecordRequestsOfAsManyTurnsAsThereAreBatches(int batch) {
        LatencyBenchmark benchmark = new LatencyBenchmark();
        benchmark.batch = batch;
        benchmark.setUp();

        long before = benchmark.requests();
        assertEquals(50_000L * LatencyBenchmark.OPERATIONS / batch, benchmark.requests() - before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 1000, 10_000})
    void shouldFrameEveryMessage(int messages) {
        FramerBenchmark benchmark = new FramerBenchmark();
        benchmark.messages = messages;
        benchmark.setUp();

        assertEquals(FramerBenchmark.OPERATIONS, benchmark.requests());
        assertEquals(FramerBenchmark.OPERATIONS, benchmark.replies());
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 1 << 20})
    void shouldReceiveEveryDrippingByte(int valueBytes) {
        DripBenchmark benchmark = new DripBenchmark();
        benchmark.valueBytes = valueBytes;
        benchmark.setUp();
        long messages = DripBenchmark.OPERATIONS / valueBytes;

        assertEquals(messages * benchmark.requestBytes(), benchmark.scannedRequest());
        assertEquals(messages * benchmark.replyBytes(), benchmark.scannedReply());
        assertEquals(messages * benchmark.requestBytes(), benchmark.gathered());
        assertEquals(messages * benchmark.requestBytes(), benchmark.scraps());
        benchmark.tearDown();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldPassEverySlotThroughEveryStage(int stages) {
        for (int batch : new int[] {1, 16, 64}) {
            RingHopBenchmark benchmark = new RingHopBenchmark();
            benchmark.stages = stages;
            benchmark.batch = batch;
            benchmark.setUp();

            for (int round = 0; round < 10; round++) {
                assertEquals(RingHopBenchmark.OPERATIONS, benchmark.pass(), "round " + round + ", batch " + batch);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "SET"})
    void shouldAnswerEveryRequest(String command) {
        for (int pipeline : new int[] {1, 16, 100}) {
            RequestPathBenchmark benchmark = new RequestPathBenchmark();
            benchmark.command = command;
            benchmark.pipeline = pipeline;
            benchmark.setUp();
            benchmark.lane().client().record();
            String replies = benchmark.reply().repeat(RequestPathBenchmark.OPERATIONS);

            assertEquals(replies.length(), benchmark.requests());
            assertEquals(replies, benchmark.lane().client().recorded());
            assertTrue(benchmark.lane().isIdle());
            benchmark.tearDown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 10_000})
    void shouldWeaveAReplyForEveryKey(int keys) {
        ScatterBenchmark benchmark = new ScatterBenchmark();
        benchmark.keys = keys;
        benchmark.setUp();
        benchmark.lane().client().record();

        assertEquals(benchmark.reply().length(), benchmark.mget());
        assertEquals(benchmark.reply(), benchmark.lane().client().recorded());
        benchmark.tearDown();
    }

    @Test
    void shouldFindKnownCommandsOnly() {
        CommandLookupBenchmark benchmark = new CommandLookupBenchmark();
        benchmark.setUp();

        assertEquals(CommandLookupBenchmark.OPERATIONS, benchmark.known());
        assertEquals(0, benchmark.unknown());
    }

    @ParameterizedTest
    @EnumSource
    void shouldHashAlikeEachTime(HashKind kind) {
        for (int length : new int[] {16, 64}) {
            HashBenchmark benchmark = new HashBenchmark();
            benchmark.kind = kind;
            benchmark.length = length;
            benchmark.setUp();
            int first = benchmark.hash();

            assertNotEquals(0, first);
            assertEquals(first, benchmark.hash());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ketama", "modula"})
    void shouldSpreadKeysOverAllServers(String distribution) {
        for (int servers : new int[] {4, 64}) {
            RouterBenchmark benchmark = new RouterBenchmark();
            benchmark.distribution = distribution;
            benchmark.servers = servers;
            benchmark.setUp();
            double mean = (double) benchmark.route() / RouterBenchmark.OPERATIONS;

            assertEquals((servers - 1) / 2.0, mean, servers * 0.15, distribution + " over " + servers);
        }
    }
}
