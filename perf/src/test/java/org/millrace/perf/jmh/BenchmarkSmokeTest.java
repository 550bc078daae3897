package org.millrace.perf.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.routing.distribution.DistributionKind;
import org.millrace.routing.hash.HashKind;
import org.openjdk.jmh.runner.BenchmarkList;

/** Runs every benchmark once, untimed, and checks that it does what it says: none rots unnoticed. */
class BenchmarkSmokeTest {
    private static final Set<String> TESTED = Set.of("FramerBenchmark.requests", "FramerBenchmark.replies",
        "DripBenchmark.scannedRequest", "DripBenchmark.scannedReply", "DripBenchmark.gathered", "DripBenchmark.scraps",
        "RingHopBenchmark.pass", "RequestPathBenchmark.requests", "CommandLookupBenchmark.known",
        "CommandLookupBenchmark.unknown", "HashBenchmark.hash", "RouterBenchmark.route", "ScatterBenchmark.keys",
        "LatencyBenchmark.requests", "ParserBenchmark.parse", "DistributionBenchmark.lookUp",
        "MemcachedLookupBenchmark.known", "MemcachedLookupBenchmark.unknown",
        "TrafficBenchmark.requests");

    /** From here on it takes too long to compare every byte. */
    private static final int LARGE = 32_768;

    @Test
    void shouldKnowEveryBenchmarkOfThisBuild() {
        String here = NanosBenchmark.class.getPackageName() + '.';
        Set<String> found = new TreeSet<>();
        BenchmarkList.defaultList().getAll(null, List.of())
            .forEach(each -> found.add(each.getUsername().replace(here, "")));
        found.removeIf(each -> each.startsWith(AllocatingBenchmark.class.getSimpleName()));

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
    @ValueSource(ints = {20_000, 100_000, 1_000_000})
    void shouldLookAtAFewRequestsOfEachSecond(int perSecond) {
        TrafficBenchmark benchmark = new TrafficBenchmark();
        benchmark.perSecond = perSecond;
        benchmark.setUp();

        for (int done = 0; done < 2 * perSecond; done += TrafficBenchmark.OPERATIONS) {
            benchmark.requests();
        }
        long before = benchmark.samples;
        int asked = 0;
        for (; asked < 4 * perSecond; asked += TrafficBenchmark.OPERATIONS) {
            benchmark.requests();
        }
        double wanted = 512.0 * asked / perSecond;
        assertEquals(wanted, benchmark.samples - before, 0.5 * wanted);
    }

    @ParameterizedTest
    @CsvSource({"1, 32, redis", "100, 1024, redis", "10000, 32, redis", "1, 1024, memcached", "100, 32, memcached",
        "10000, 1024, memcached"})
    void shouldFrameEveryMessage(int messages, int valueBytes, String protocol) {
        FramerBenchmark benchmark = new FramerBenchmark();
        benchmark.messages = messages;
        benchmark.valueBytes = valueBytes;
        benchmark.protocol = protocol;
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
    @CsvSource({"GET, 1, 32, 4", "GET, 16, 1024, 16", "GET, 100, 32768, 4", "SET, 1, 32768, 4", "SET, 16, 32, 16",
        "SET, 100, 1024, 4", "get, 1, 1024, 4", "get, 16, 32768, 4", "get, 100, 32, 16", "set, 1, 1024, 16",
        "set, 16, 32768, 4", "set, 100, 32, 4"})
    void shouldAnswerEveryRequest(String command, int pipeline, int valueBytes, int servers) {
        RequestPathBenchmark benchmark = new RequestPathBenchmark();
        benchmark.command = command;
        benchmark.pipeline = pipeline;
        benchmark.valueBytes = valueBytes;
        benchmark.servers = servers;
        benchmark.setUp();

        assertEquals((long) benchmark.reply().length() * RequestPathBenchmark.OPERATIONS, benchmark.requests());
        if (valueBytes < LARGE) {
            benchmark.lane().client().record();
            benchmark.requests();
            assertTrue(benchmark.reply().repeat(RequestPathBenchmark.OPERATIONS)
                .equals(benchmark.lane().client().recorded()), "other bytes have come");
        }
        assertTrue(benchmark.lane().isIdle());
        benchmark.tearDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "SET", "MGET", "XINFO", "get", "set", "gets", "mg"})
    void shouldParseEveryRequestEachTime(String command) {
        ParserBenchmark benchmark = new ParserBenchmark();
        benchmark.command = command;
        benchmark.valueBytes = 32;
        benchmark.setUp();

        assertEquals(ParserBenchmark.OPERATIONS, benchmark.parse());
        int parsed = benchmark.parsedCommand();
        assertTrue(parsed >= 0, "no command was found");
        assertEquals(ParserBenchmark.OPERATIONS, benchmark.parse());
        assertEquals(parsed, benchmark.parsedCommand());
        benchmark.tearDown();
    }

    @ParameterizedTest
    @CsvSource({"MGET, 10, 4", "MGET, 100, 16", "MGET, 10000, 4", "get, 10, 16", "get, 100, 4", "get, 10000, 16"})
    void shouldWeaveAReplyForEveryKey(String command, int keys, int servers) {
        ScatterBenchmark benchmark = new ScatterBenchmark();
        benchmark.command = command;
        benchmark.keys = keys;
        benchmark.servers = servers;
        benchmark.setUp();
        benchmark.lane().client().record();
        String replies = benchmark.reply().repeat(ScatterBenchmark.OPERATIONS / keys);

        assertEquals(replies.length(), benchmark.keys());
        assertTrue(replies.equals(benchmark.lane().client().recorded()), "other bytes have come");
        benchmark.tearDown();
    }

    @Test
    void shouldFindKnownCommandsOnly() {
        CommandLookupBenchmark benchmark = new CommandLookupBenchmark();
        benchmark.setUp();

        assertEquals(CommandLookupBenchmark.OPERATIONS, benchmark.known());
        assertEquals(0, benchmark.unknown());
    }

    @Test
    void shouldFindKnownCommandsOfMemcachedOnly() {
        MemcachedLookupBenchmark benchmark = new MemcachedLookupBenchmark();
        benchmark.setUp();

        assertEquals(MemcachedLookupBenchmark.OPERATIONS, benchmark.known());
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
    @ValueSource(strings = {"ketama", "modula", "random"})
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

    @ParameterizedTest
    @EnumSource
    void shouldSpreadHashesOverAllServers(DistributionKind kind) {
        for (int servers : new int[] {4, 64, 512}) {
            DistributionBenchmark benchmark = new DistributionBenchmark();
            benchmark.kind = kind;
            benchmark.servers = servers;
            benchmark.setUp();
            double mean = (double) benchmark.lookUp() / DistributionBenchmark.OPERATIONS;

            assertEquals((servers - 1) / 2.0, mean, servers * 0.15, kind + " over " + servers);
        }
    }
}
