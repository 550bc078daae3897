package org.millrace.engine.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.engine.latency.HistogramRoom;

/** What a lane samples comes to the control thread whole, once, and within its room. */
class TrafficRecorderTest {
    private static final long ROOM = 2 * Sketches.bytes();
    private static final ClientAddress HERE = ClientAddress.ofPeer("127.0.0.1:5000");

    private final HistogramRoom room = new HistogramRoom(ROOM + ROOM / 2);
    private final TrafficRecorder recorder = new TrafficRecorder(room, true);

    private static UnsafeBuffer bytes(String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    private PoolTraffic pool(String name) {
        return recorder.pool(name, number -> "get", null);
    }

    /** Asks once for a key; true if that was recorded. */
    private static boolean ask(PoolTraffic pool, String key) {
        assertTrue(pool.isDue());
        int weight = pool.begin();
        if (weight > 0) {
            UnsafeBuffer name = bytes(key);
            pool.key(NameHash.of(name, 0, key.length()), name, 0, key.length(), key.length(), weight);
            pool.asks(HERE, weight);
        }
        pool.end(1);
        return weight > 0;
    }

    /** What is handed over: pool, key and count. */
    private List<String> take() {
        recorder.ask();
        assertFalse(recorder.isHanded(), "not before the next turn");
        recorder.beginTurn();
        assertTrue(recorder.isHanded());
        List<String> taken = new ArrayList<>();
        recorder.collect(pool -> {
            NameCounts keys = pool.given().keys();
            for (int i = 0; i < keys.size(); i++) {
                taken.add(pool.name() + ' ' + new String(keys.name(i), StandardCharsets.US_ASCII) + ' '
                    + keys.sure(i));
            }
        });
        return taken;
    }

    @Test
    void shouldHandOverWhatWasSampledSinceTheLastTimeAndOnce() {
        PoolTraffic alpha = pool("alpha");
        assertEquals(0, room.usedBytes(), "nothing until it is used");
        ask(alpha, "k");
        ask(alpha, "k");
        assertEquals(List.of("alpha k 2"), take());
        ask(alpha, "l");
        assertEquals(List.of("alpha l 1"), take());
        ask(alpha, "m");
        assertEquals(List.of("alpha m 1"), take());
        assertEquals(List.of(), take());
        assertEquals(List.of(), take());
        ask(alpha, "k");
        recorder.beginTurn();
        assertEquals(List.of("alpha k 1"), take());
        assertEquals(ROOM, room.usedBytes());
    }

    @Test
    void shouldTakeAsMuchHeapAsTheManualTells() {
        assertEquals(136 << 10, ROOM, 4 << 10, "what conf/millrace.yml and docs/METRICS.md tell");
    }

    @Test
    void shouldRecordNothingOfAPoolForWhichThereIsNoRoomAndCountThat() {
        PoolTraffic alpha = pool("alpha");
        PoolTraffic beta = pool("beta");
        assertTrue(ask(alpha, "k"));
        assertFalse(ask(beta, "k"));
        assertFalse(ask(beta, "k"));
        assertEquals(1, room.refused(), "once in an interval, not for each request");
        assertEquals(List.of("alpha k 1"), take());
        alpha.retire();
        assertEquals(List.of(), take());
        assertEquals(0, room.usedBytes(), "what the last pool had");
        assertTrue(ask(beta, "k"));
        assertEquals(List.of("beta k 1"), take());
    }

    @Test
    void shouldGiveItsRoomBackWhenItCeases() {
        PoolTraffic alpha = pool("alpha");
        ask(alpha, "k");
        recorder.use(false);
        assertTrue(recorder.isOn(), "until the next turn that is asked");
        assertEquals(List.of("alpha k 1"), take());
        assertFalse(recorder.isOn());
        assertEquals(0, room.usedBytes());
        assertEquals(List.of(), take());
        recorder.use(true);
        take();
        assertTrue(recorder.isOn());
        ask(alpha, "l");
        assertEquals(List.of("alpha l 1"), take());
        assertEquals(ROOM, room.usedBytes());
    }

    @Test
    void shouldRememberNoMoreThanSamplesMaxRequestsAtATime() {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < TrafficRecorder.SAMPLES_MAX; i++) {
            samples.add(recorder.acquire());
            assertNotNull(samples.getLast());
        }
        assertNull(recorder.acquire());
        recorder.release(samples.getFirst());
        assertEquals(samples.getFirst(), recorder.acquire());
        assertNull(recorder.acquire());
    }

    @Test
    void shouldKeepTheLargestKeysAndNoMoreThanThereIsRoomFor() {
        LargestKeys largest = new LargestKeys(4, 3);
        for (int i = 1; i <= 10; i++) {
            UnsafeBuffer name = bytes("key" + i);
            // small and large ones by turns
            largest.add(i, name, 0, name.capacity(), name.capacity(), i % 2 == 0 ? i * 100 : i, i % 4 == 0, i);
        }
        largest.add(8, bytes("key8"), 0, 4, 4, 5, false, 1);
        largest.add(10, bytes("key10"), 0, 5, 5, 2_000, false, 3);
        assertEquals(4, largest.size());
        long[] sizes = new long[4];
        for (int i = 0; i < 4; i++) {
            sizes[i] = largest.bytes(i);
            assertEquals("key", new String(largest.name(i), StandardCharsets.US_ASCII), "its beginning");
            assertEquals(largest.hash(i) == 10 ? 5 : 4, largest.length(i));
            assertEquals(largest.hash(i) == 10 ? 3 : (int) largest.hash(i), largest.command(i));
            assertEquals(largest.hash(i) % 4 == 0, largest.isReply(i));
        }
        Arrays.sort(sizes);
        assertArrayEquals(new long[] {400, 600, 800, 2_000}, sizes);
    }

    @Test
    void shouldTellAddressesWithoutTheirPorts() {
        assertEquals("10.0.0.1", text("10.0.0.1:5000"));
        assertEquals("::1", text("[::1]:5000"));
        assertEquals("unix", text("unix"));
        assertEquals("/run/a:1", text("/run/a:1"));
    }

    private static String text(String peer) {
        ClientAddress address = ClientAddress.ofPeer(peer);
        return address.text().getStringWithoutLengthAscii(0, address.text().capacity());
    }
}
