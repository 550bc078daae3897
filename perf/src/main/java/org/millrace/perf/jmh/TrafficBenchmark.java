package org.millrace.perf.jmh;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.latency.HistogramRoom;
import org.millrace.engine.traffic.ClientAddress;
import org.millrace.engine.traffic.NameHash;
import org.millrace.engine.traffic.PoolTraffic;
import org.millrace.engine.traffic.Sample;
import org.millrace.engine.traffic.TrafficRecorder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What sampling for hot keys costs for each request on average: nearly all only count down, some have their key, their
 * client and their reply recorded. Keys are spread evenly, so most of those that are recorded take another's place.
 */
public class TrafficBenchmark extends NanosBenchmark {
    static final int OPERATIONS = 1 << 16;
    private static final int KEYS = 1 << 14;
    private static final int KEY_LENGTH = 20;

    /** Requests from one hand-over to the next, which is a second. */
    @Param({"20000", "100000", "1000000"})
    int perSecond;

    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[KEYS * KEY_LENGTH]);
    private final ClientAddress client = ClientAddress.ofPeer("10.0.0.1:5000");
    private TrafficRecorder recorder;
    private PoolTraffic pool;
    private int untilFlip;
    private int place;
    long samples;

    /** Writes the keys. */
    @Setup
    public void setUp() {
        for (int i = 0; i < KEYS; i++) {
            keys.putBytes(i * KEY_LENGTH, ("user:session:" + (1_000_000 + i)).getBytes(StandardCharsets.US_ASCII));
        }
        recorder = new TrafficRecorder(new HistogramRoom(1 << 24), true);
        pool = recorder.pool("alpha", number -> "get", null);
        untilFlip = perSecond;
    }

    /** Counts requests; returns how many were looked at so far. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long requests() {
        for (int i = 0; i < OPERATIONS; i++) {
            if (recorder.isOn() && pool.isDue()) {
                look();
            }
            if (--untilFlip == 0) {
                untilFlip = perSecond;
                recorder.ask();
                recorder.beginTurn();
                recorder.collect(each -> samples += each.given().keys().size() == 0 ? 1 : 0);
            }
        }
        return samples;
    }

    private void look() {
        samples++;
        place = place * 5 + 1 & KEYS - 1;
        int offset = place * KEY_LENGTH;
        int weight = pool.begin();
        long hash = NameHash.of(keys, offset, KEY_LENGTH);
        pool.key(hash, keys, offset, KEY_LENGTH, KEY_LENGTH, weight);
        pool.asks(client, weight);
        Sample sample = recorder.acquire();
        sample.begin(pool, client, weight, 34, 0);
        sample.key(hash, keys, offset, KEY_LENGTH, KEY_LENGTH);
        pool.end(1);
        sample.replied(100 + (hash & 0xff));
        recorder.release(sample);
    }
}
