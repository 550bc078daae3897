package org.millrace.engine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.millrace.engine.tap.LaneTap;
import org.millrace.engine.tap.TapPump;
import org.millrace.engine.tap.TapRecord;
import org.millrace.engine.tap.TapSink;

/** A tap on a lane under test, and what it has seen: a line for each request and reply, its pieces joined. */
public final class TapRecorder implements TapSink {
    private static final List<String> KINDS = List.of("", "open", ">", "<", "closed", "damaged");

    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> begun = new HashMap<>();
    private final List<Long> times = new ArrayList<>();
    private final TapPump pump;
    private int pieces;

    private TapRecorder(LaneTap tap) {
        pump = new TapPump(List.of(tap), this, reason -> {
            throw new AssertionError(reason);
        }, () -> 0);
    }

    /** Captures one of so many clients of a lane from its next turn on. */
    public static TapRecorder on(LaneHarness lane, int sample, int ringSize) {
        LaneTap tap = new LaneTap(lane.lane().number(), sample, ringSize, lane.lane().client().state().counters());
        lane.commands().offer(() -> lane.lane().client().state().taps().use(tap));
        lane.settle();
        return new TapRecorder(tap);
    }

    /** Captures all clients of a lane, with room for all. */
    public static TapRecorder on(LaneHarness lane) {
        return on(lane, 1, 1 << 20);
    }

    /** What has come since the last call: the conversation's number, what it is, its bytes. */
    public List<String> lines() {
        pump.turn();
        List<String> all = List.copyOf(lines);
        lines.clear();
        return all;
    }

    /** Takes what is there, so that the ring has room again. */
    public void drain() {
        pump.turn();
    }

    /** When the records were made, in their order. */
    public List<Long> times() {
        return times;
    }

    /** Records taken so far. */
    public int pieces() {
        return pieces;
    }

    @Override
    public void record(int type, int flags, long timeNs, long conversation, DirectBuffer buffer, int offset,
        int length) {
        pieces++;
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        String key = (conversation >> 8) + " " + KINDS.get(type);
        String text = begun.getOrDefault(key, "") + new String(bytes, StandardCharsets.ISO_8859_1);
        if ((flags & TapRecord.MORE) != 0) {
            begun.put(key, text);
            return;
        }
        begun.remove(key);
        times.add(timeNs);
        lines.add(key + (text.isEmpty() ? "" : ' ' + text) + ((flags & TapRecord.JOINED) != 0 ? " joined" : "")
            + ((flags & TapRecord.BROKEN) != 0 ? " broken" : "")
            + ((flags & TapRecord.MEMCACHED) != 0 ? " memcached" : ""));
    }

    /** That nothing is left half told. */
    public void assertWhole() {
        assertEquals(Map.of(), begun);
    }

    @Override
    public void look(long nowNs) throws IOException {
        // there is nothing to look after
    }

    @Override
    public String close() {
        return "";
    }
}
