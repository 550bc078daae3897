package org.millrace.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.perf.server.FakeServer;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** The generator counts what it sends, believes no wrong reply and tells the truth about a stall. */
@Timeout(60)
class LoadGeneratorTest {
    private static final String ALL =
        "get=4,set=4,getset=1,mget=1,mset=1,del=1,exists=1,incr=1,hset=1,hget=1,ping=1,echo=1";

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void shouldFindNothingWrongWithRedisInClosedLoop(LoadTransport transport) throws Exception {
        try (LocalRedis redis = LocalRedis.start()) {
            LoadResult result = run(new LoadConfig().target(redis.address()).transport(transport).connections(7)
                .threads(2).pipeline(16).requests(20_001).keys(200).valueSize(0, 3000).mix(Mix.parse(ALL)));
            assertTrue(result.isClean(), result.texts()::toString);
            assertEquals(20_001, result.requests());
            assertEquals(RedisCommand.values().length, result.latencyUsByCommand().size());
            assertTrue(result.misses() > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void shouldVerifyValuesThatTheKernelTakesInPieces(LoadTransport transport) throws Exception {
        try (LocalRedis redis = LocalRedis.start()) {
            LoadResult result = run(new LoadConfig().target(redis.address()).transport(transport).connections(3)
                .pipeline(4).requests(200).keys(20).valueSize(300_000, 1_000_000).mix(Mix.parse("get,set,echo")));
            assertTrue(result.isClean(), result.texts()::toString);
            assertEquals(200, result.requests());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void shouldSendExactlyTheRateInOpenLoop(LoadTransport transport) throws Exception {
        try (LocalRedis redis = LocalRedis.start()) {
            LoadResult result = run(new LoadConfig().target(redis.address()).transport(transport).connections(10)
                .ratePerSecond(2000).warmupNs(TimeUnit.MILLISECONDS.toNanos(200))
                .durationNs(TimeUnit.SECONDS.toNanos(1)));
            assertTrue(result.isClean(), result.texts()::toString);
            assertEquals(2000, result.latencyUs().getTotalCount(), 10);
        }
    }

    @Test
    void shouldShowAStallToAllRequestsThatFellIntoIt() throws Exception {
        AtomicInteger count = new AtomicInteger();
        // One connection at 1000/s for 2 s; in the middle the server sleeps for 300 ms. About 300 of 2000 requests are
        // due in the stall, so 15 % wait, evenly from 300 ms down to 0: p99 is the wait that 1 % exceed, 300 ms * (1 -
        // 1/15).
        try (FakeServer fake = FakeServer.start((number, request) -> {
            if (count.incrementAndGet() == 1000) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            }
            return "+PONG\r\n";
        })) {
            LoadResult result = run(new LoadConfig().target(fake.address()).connections(1).ratePerSecond(1000)
                .durationNs(TimeUnit.SECONDS.toNanos(2)).mix(Mix.parse("ping")));
            assertTrue(result.isClean(), result.texts()::toString);
            assertEquals(2000, result.requests(), 2);
            assertBetween(270_000, result.latencyUs().getValueAtPercentile(99), 420_000);
            assertBetween(120_000, result.latencyUs().getValueAtPercentile(92.5), 290_000);
            assertTrue(result.latencyUs().getValueAtPercentile(50) < 50_000);
        }
    }

    @Test
    void shouldShowAStallEvenWhenThePipelineIsFull() throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (FakeServer fake = FakeServer.start((number, request) -> {
            if (count.incrementAndGet() == 1000) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            }
            return "+PONG\r\n";
        })) {
            LoadResult result = run(new LoadConfig().target(fake.address()).connections(1).pipeline(1)
                .ratePerSecond(1000).durationNs(TimeUnit.SECONDS.toNanos(2)).mix(Mix.parse("ping")));
            assertBetween(270_000, result.latencyUs().getValueAtPercentile(99), 450_000);
        }
    }

    @Test
    void shouldTellWhenTheTargetDoesNotKeepUp() throws Exception {
        try (FakeServer fake = FakeServer.start((number, request) -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            return "+PONG\r\n";
        })) {
            LoadResult result = run(new LoadConfig().target(fake.address()).connections(1).pipeline(1)
                .ratePerSecond(1000).durationNs(TimeUnit.MILLISECONDS.toNanos(500)).mix(Mix.parse("ping")));
            assertTrue(result.isClean(), result.texts()::toString);
            assertTrue(result.unsent() > 100, () -> "unsent " + result.unsent());
            assertEquals(500, result.requests() + result.unsent(), 2);
            assertTrue(result.latencyUs().getMaxValue() > 300_000);
        }
    }

    @Test
    void shouldNoticeShiftedReplies() throws Exception {
        String[] previous = {"$-1\r\n"};
        try (FakeServer fake = FakeServer.start((number, request) -> {
            String reply = previous[0];
            previous[0] = "$" + request.get(1).length() + "\r\n" + request.get(1) + "\r\n";
            return reply;
        })) {
            LoadResult result = run(new LoadConfig().target(fake.address()).connections(1).pipeline(8).requests(100)
                .mix(Mix.parse("echo")));
            assertEquals(100, result.failures().get(FailureKind.WRONG));
            assertFalse(result.isClean());
            assertFalse(result.texts().isEmpty());
        }
    }

    @Test
    void shouldNoticeTheValueOfAnotherKey() throws Exception {
        byte[] value = new byte[64];
        ValuePattern.write(value, 0, 64, 3, 1);
        String reply = "$64\r\n" + new String(value, StandardCharsets.ISO_8859_1) + "\r\n";
        try (FakeServer fake = FakeServer.start((number, request) -> reply)) {
            LoadResult result = run(new LoadConfig().target(fake.address()).connections(1).requests(300).keys(10)
                .mix(Mix.parse("get")));
            assertBetween(200, result.failures().get(FailureKind.WRONG), 299);
        }
    }

    @Test
    void shouldCountErrorRepliesWithTheirText() throws Exception {
        try (FakeServer fake = FakeServer.start((number, request) -> number % 2 == 0 ? "-ERR busy\r\n" : "+OK\r\n")) {
            LoadResult result = run(new LoadConfig().target(fake.address()).connections(1).requests(10)
                .mix(Mix.parse("set")));
            assertEquals(5, result.failures().get(FailureKind.ERROR_REPLY));
            assertEquals(5, result.failuresByCommand().get(RedisCommand.SET));
            assertEquals("SET: ERR busy", result.texts().getFirst());
        }
    }

    @Test
    void shouldNotHangWhenAnAnswerDoesNotCome() throws Exception {
        try (FakeServer fake = FakeServer.start((number, request) -> number == 5 ? null : "+OK\r\n")) {
            LoadResult result = run(new LoadConfig().target(fake.address()).connections(1).requests(8)
                .timeoutNs(TimeUnit.MILLISECONDS.toNanos(100)).mix(Mix.parse("set")));
            assertEquals(1, result.failures().get(FailureKind.TIMEOUT));
            assertEquals(8, result.requests());
            assertTrue(result.latencyUs().getMaxValue() >= 100_000);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void shouldGiveUpWhenTheServerIsGoneForGood(LoadTransport transport) throws Exception {
        FakeServer[] fake = new FakeServer[1];
        fake[0] = FakeServer.start((number, request) -> {
            if (number == 100) {
                try {
                    fake[0].close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return "+OK\r\n";
        });
        LoadResult result = run(new LoadConfig().target(fake[0].address()).transport(transport).connections(1)
            .requests(1_000_000).timeoutNs(TimeUnit.MILLISECONDS.toNanos(300)).mix(Mix.parse("set")));
        assertEquals(1, result.failures().get(FailureKind.CLOSED));
        assertEquals(1, result.failures().get(FailureKind.NOT_CONNECTED));
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void shouldRefuseToStartWithoutATarget(LoadTransport transport) throws Exception {
        int port = FreePort.find();
        LoadConfig config = new LoadConfig().target(new InetSocketAddress("127.0.0.1", port)).transport(transport)
            .requests(1);
        IOException e = assertThrows(IOException.class, () -> run(config));
        assertTrue(e.getMessage().contains("cannot connect to 127.0.0.1:" + port), e.getMessage());
    }

    @Test
    void shouldStopWhenAsked() throws Exception {
        try (FakeServer fake = FakeServer.start((number, request) -> "+PONG\r\n")) {
            LoadGenerator generator = new LoadGenerator(new LoadConfig().target(fake.address()).connections(2)
                .durationNs(TimeUnit.HOURS.toNanos(1)).mix(Mix.parse("ping")));
            LoadResult result = generator.run((second, requests, seconds, failures, latencyUs) ->
                generator.requestStop());
            assertTrue(result.isClean(), result.texts()::toString);
            assertTrue(result.requests() > 0);
        }
    }

    @Test
    void shouldHitAsOftenAsToldWhenKeysAreFilled() throws Exception {
        try (LocalRedis redis = LocalRedis.start()) {
            LoadResult result = run(new LoadConfig().target(redis.address()).connections(3).pipeline(8).requests(20_000)
                .keys(1003).fill(true).hitRatio(0.75).keyDistribution(KeyDistribution.parse("zipf"))
                .mix(Mix.parse("get,mget")));
            assertTrue(result.isClean(), result.texts()::toString);
            assertEquals("1003", redis.call("DBSIZE"));
            assertEquals(0.75, (double) result.hits() / (result.hits() + result.misses()), 0.01);
        }
    }

    @Test
    void shouldReachEachKeyOnceInSequence() throws Exception {
        try (LocalRedis redis = LocalRedis.start()) {
            LoadResult result = run(new LoadConfig().target(redis.address()).connections(7).threads(2).pipeline(4)
                .requests(1000).keys(1000).keyDistribution(KeyDistribution.SEQUENTIAL).mix(Mix.parse("set")));
            assertTrue(result.isClean(), result.texts()::toString);
            assertEquals("1000", redis.call("DBSIZE"));
        }
    }

    @Test
    void shouldTellWhyItCannotFill() throws Exception {
        try (FakeServer fake = FakeServer.start((number, request) -> "-OOM no room\r\n")) {
            IOException e = assertThrows(IOException.class, () -> run(new LoadConfig().target(fake.address())
                .connections(1).requests(10).keys(10).fill(true)));
            assertTrue(e.getMessage().contains("10 of 10 writes failed") && e.getMessage().contains("OOM no room"),
                e.getMessage());
        }
    }

    @Test
    void shouldBeginMeasuringAfterRampAndWarmUp() throws Exception {
        for (double rate : new double[] {0, 1000}) {
            AtomicInteger count = new AtomicInteger();
            try (FakeServer fake = FakeServer.start((number, request) -> {
                count.incrementAndGet();
                return "+PONG\r\n";
            })) {
                LoadResult result = run(new LoadConfig().target(fake.address()).connections(4).ratePerSecond(rate)
                    .rampNs(TimeUnit.MILLISECONDS.toNanos(200)).warmupNs(TimeUnit.MILLISECONDS.toNanos(100))
                    .requests(100).mix(Mix.parse("ping")));
                assertTrue(result.isClean(), result.texts()::toString);
                assertEquals(100, result.requests());
                assertTrue(count.get() > 150, () -> "only " + count);
                assertEquals(count.get(), result.sent());
            }
        }
    }

    @Test
    void shouldTellOfTheWarmUpWhatItTellsOfTheMeasurement() throws Exception {
        try (FakeServer fake = FakeServer.start((number, request) -> "+PONG\r\n")) {
            LoadConfig config = new LoadConfig().target(fake.address()).connections(2).requests(100)
                .warmupNs(TimeUnit.MILLISECONDS.toNanos(1500)).mix(Mix.parse("ping"));
            Heard heard = new Heard();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            LoadReport report = new LoadReport(new PrintStream(text, true, StandardCharsets.UTF_8), config, false);
            LoadResult result = new LoadGenerator(config).run(heard.and(report));
            assertEquals(100, result.requests());
            assertEquals(100, heard.measured);
            assertTrue(heard.warmedUp > 0);
            String told = text.toString(StandardCharsets.UTF_8);
            assertTrue(told.matches("(?s) +1 s  warm +[0-9,]+ requests/s  errors 0 .*"), told);
        }
    }

    /** What is told of a run. */
    private static final class Heard implements LoadListener {
        private long measured;
        private long warmedUp;

        @Override
        public void onInterval(long second, long requests, double seconds, long failures, Histogram latencyUs) {
            measured += requests;
            assertEquals(requests, latencyUs.getTotalCount());
        }

        @Override
        public void onWarmUp(long second, long requests, double seconds, long failures, Histogram latencyUs) {
            warmedUp += requests;
            assertEquals(requests, latencyUs.getTotalCount());
        }
    }

    @Test
    void shouldLogEveryRequestOfEachInterval(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("load.hlog");
        try (FakeServer fake = FakeServer.start((number, request) -> "+PONG\r\n")) {
            LoadConfig config = new LoadConfig().target(fake.address()).connections(1).ratePerSecond(2000)
                .durationNs(TimeUnit.MILLISECONDS.toNanos(1050)).mix(Mix.parse("ping"));
            LoadResult result;
            try (HistogramLog log = new HistogramLog(file, config, 0)) {
                result = new LoadGenerator(config).run(log);
            }
            HistogramLogReader reader = new HistogramLogReader(file.toFile());
            Histogram all = new Histogram(WorkerStats.HIGHEST_US, WorkerStats.DIGITS);
            while (reader.hasNext()) {
                all.add((Histogram) reader.nextIntervalHistogram());
            }
            assertEquals(2100, all.getTotalCount(), 2);
            assertEquals(result.latencyUs().getValueAtPercentile(99.99), all.getValueAtPercentile(99.99));
        }
    }

    @Test
    void shouldRenderJson() throws Exception {
        try (FakeServer fake = FakeServer.start((number, request) -> "+PONG\r\n")) {
            LoadConfig config = new LoadConfig().target(fake.address()).connections(1).requests(10)
                .mix(Mix.parse("ping"));
            String json = LoadJson.render(config, run(config));
            assertTrue(json.contains("\"requests\": 10,"), json);
            assertTrue(json.contains("\"ping\": {\"count\": 10,"), json);
            assertTrue(json.contains("\"p99.99\": "), json);
            // five of ten lie beyond the median, so the curve ends there, at 49.9 %
            assertTrue(json.matches("(?s).*\"curve\": \\[\\[0\\.000000, \\d+], .*\\[49\\.881277, \\d+]]}.*"), json);
            assertFalse(json.contains("[60."), json);
        }
    }

    private static LoadResult run(LoadConfig config) throws IOException, InterruptedException {
        return new LoadGenerator(config).run(LoadListener.NONE);
    }

    private static void assertBetween(long low, long value, long high) {
        assertTrue(low <= value && value <= high, () -> value + " is not between " + low + " and " + high);
    }
}
