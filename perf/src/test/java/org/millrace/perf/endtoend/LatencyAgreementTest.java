package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.perf.load.LoadConfig;
import org.millrace.perf.load.LoadGenerator;
import org.millrace.perf.load.LoadListener;
import org.millrace.perf.load.LoadResult;
import org.millrace.perf.load.Mix;
import org.millrace.perf.server.FakeServer;

/**
 * Three views of one run, before a server whose answers are delayed by a known distribution: the server's own, that of
 * the proxy in INFO, and that of the load generator.
 */
@Timeout(60)
@Tag("alone")
class LatencyAgreementTest {
    private static final int REQUESTS = 300;
    /** Of a hundred requests, so many at most are delayed for so long: p50, p90 and p99 lie in the midst of a step. */
    private static final int[][] STEPS_MS = {{60, 5}, {95, 25}, {100, 75}};
    private static final int[] PERCENTILES = {50, 90, 99};
    /** A value is shown so much too great at most, by either. */
    private static final double ERROR = 0.01;
    /** The way between the load generator and the proxy, and between the proxy and the server. */
    private static final long WAY_US = 5_000;
    /** So many of a hundred may be held up for longer on a busy machine: a p99 of one view is their p98.5 or p99.5. */
    private static final double HELD_UP = 0.5;

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAgreeWithTheLoadGeneratorAndTheServer(LaneKind kind) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Histogram servedUs = new SynchronizedHistogram(3);
        try (FakeServer slow = FakeServer.start((number, request) -> {
            long beganNs = System.nanoTime();
            // 37 and 100 have no common divisor: each hundred gets all places, well mixed
            long untilNs = beganNs + TimeUnit.MILLISECONDS.toNanos(delayMs(asked.getAndIncrement() * 37 % 100));
            for (long leftNs = untilNs - beganNs; leftNs > 0; leftNs = untilNs - System.nanoTime()) {
                LockSupport.parkNanos(leftNs);
            }
            servedUs.recordValue((System.nanoTime() - beganNs) / 1_000);
            return "+OK\r\n";
        }); ProxyKit kit = ProxyKit.with(kind).servers(0)
            .otherServer("127.0.0.1:" + slow.address().getPort() + ":1 slow").start()) {
            LoadResult load = new LoadGenerator(new LoadConfig().connections(1).requests(REQUESTS)
                .target(new InetSocketAddress("127.0.0.1", kit.port())).mix(Mix.parse("set"))).run(LoadListener.NONE);
            assertTrue(load.isClean(), load.texts()::toString);
            RawClient client = kit.client();
            String[] info = {""};
            Await.until("all requests in INFO", () -> {
                info[0] = LatencyInfo.of(client);
                return info[0].contains("latency_pool_test_request_string:count=" + REQUESTS + ",")
                    && info[0].contains("latency_server_test_slow_server:count=" + REQUESTS + ",");
            });
            assertEquals(REQUESTS, load.latencyUs().getTotalCount());
            assertEquals(REQUESTS, servedUs.getTotalCount());
            for (int rank : PERCENTILES) {
                String percentile = Integer.toString(rank);
                long seen = LatencyInfo.us(info[0], "pool_test_request_string", percentile);
                long server = LatencyInfo.us(info[0], "server_test_slow_server", percentile);
                assertAgree("load generator", load.latencyUs(), rank, seen, info[0]);
                assertAgree("server", servedUs, rank, server, info[0]);
                assertEquals(seen, server, seen * ERROR + WAY_US, "all of it is the server's: " + info[0]);
                long meant = TimeUnit.MILLISECONDS.toMicros(delayMs(rank));
                assertTrue(server >= meant * (1 - ERROR), "p" + rank + " of " + server + " us is less than " + meant);
            }
        }
    }

    /** Of the request that has this place among a hundred. */
    private static int delayMs(int place) {
        int step = 0;
        while (place >= STEPS_MS[step][0]) {
            step++;
        }
        return STEPS_MS[step][1];
    }

    private static void assertAgree(String who, Histogram view, int rank, long proxyUs, String info) {
        double least = view.getValueAtPercentile(rank - HELD_UP) * (1 - ERROR) - WAY_US;
        double most = view.getValueAtPercentile(rank + HELD_UP) * (1 + ERROR) + WAY_US;
        assertTrue(proxyUs >= least && proxyUs <= most,
            () -> "p" + rank + ": the proxy shows " + proxyUs + " us, the " + who + " between " + least + " and " + most
                + "\n" + info);
    }
}
