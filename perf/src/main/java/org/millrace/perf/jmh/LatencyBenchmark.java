package org.millrace.perf.jmh;

import org.millrace.engine.latency.CommandFamilies;
import org.millrace.engine.latency.HistogramRoom;
import org.millrace.engine.latency.PoolLatency;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.latency.ServerLatency;
import org.millrace.engine.latency.Ticks;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What recording costs for each request: three values in the server half and two in the client half. So many requests
 * in a row have the same times, as those of one turn do; 1 is the worst there is.
 */
public class LatencyBenchmark extends NanosBenchmark {
    static final int OPERATIONS = 1024;

    /** Requests that share their times. */
    @Param({"1", "4", "64"})
    int batch;

    private PoolLatency pool;
    private ServerLatency server;
    private long nowNs = 1_000_000_000;

    /** Makes the histograms. */
    @Setup
    public void setUp() {
        Recorder recorder = new Recorder(new HistogramRoom(1 << 24), true);
        pool = recorder.pool("alpha", new CommandFamilies(2, id -> "string", Integer::toString, id -> true));
        server = recorder.server("alpha", "s1");
    }

    /** Records requests; returns the time. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long requests() {
        for (int done = 0; done < OPERATIONS; done += batch) {
            nowNs += 50_000;
            long sentNs = nowNs - 30_000 - (nowNs & 0xffff);
            int received = Ticks.of(sentNs - (nowNs & 0xfff));
            for (int i = 0; i < batch; i++) {
                server.replied(received, sentNs, nowNs);
                pool.answered(pool.families().of(1), Ticks.between(received, Ticks.of(nowNs)), 0);
            }
        }
        return nowNs;
    }
}
