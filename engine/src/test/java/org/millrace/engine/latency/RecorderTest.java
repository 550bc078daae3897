package org.millrace.engine.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What a half of a lane records comes to the control thread whole, once, and within its part of the heap. */
class RecorderTest {
    private static final CommandFamilies FAMILIES = new CommandFamilies(3,
        id -> id == 2 ? "hash" : "string", Integer::toString, id -> true);
    private static final long MS = 1_000_000;

    private final HistogramRoom room = new HistogramRoom(1 << 20);
    private final Recorder recorder = new Recorder(room, true);

    private static SeriesKey key(SeriesKind kind, String detail) {
        return new SeriesKey(kind, "alpha", null, detail);
    }

    /** Asks, lets a turn begin and takes what it hands over. */
    private Map<SeriesKey, Histogram> take() {
        recorder.ask();
        assertFalse(recorder.isHanded(), "not before the next turn");
        recorder.beginTurn();
        assertTrue(recorder.isHanded());
        Map<SeriesKey, Histogram> taken = new HashMap<>();
        recorder.collect((key, values) -> taken.put(key, values.copy()));
        return taken;
    }

    @Test
    void shouldHandOverWhatWasRecordedSinceTheLastTime() {
        PoolLatency pool = recorder.pool("alpha", FAMILIES);
        for (int i = 0; i < 1000; i++) {
            pool.answered(pool.families().of(0), 2 * MS, 0);
        }
        pool.answered(pool.families().of(0), 5 * MS, MS);
        pool.answered(pool.families().of(2), 7 * MS, 0);
        Map<SeriesKey, Histogram> first = take();
        assertEquals(3, first.size());
        Histogram strings = first.get(key(SeriesKind.REQUEST, "string"));
        assertEquals(1001, strings.getTotalCount());
        assertEquals(1000, strings.getCountBetweenValues(2 * MS, 2 * MS));
        assertEquals(5 * MS, strings.getMaxValue(), 0.01 * 5 * MS);
        assertEquals(1, first.get(key(SeriesKind.REQUEST, "hash")).getTotalCount());
        assertEquals(1002, first.get(key(SeriesKind.ORDER_WAIT, null)).getTotalCount());
        assertEquals(Map.of(), take(), "nothing came since");
        pool.answered(pool.families().of(0), 3 * MS, 0);
        assertEquals(1, take().get(key(SeriesKind.REQUEST, "string")).getTotalCount());
        pool.answered(pool.families().of(0), 3 * MS, 0);
        assertEquals(1, take().get(key(SeriesKind.REQUEST, "string")).getTotalCount(), "nothing is there twice");
    }

    @Test
    void shouldHandNothingOverThatNobodyAskedFor() {
        recorder.pool("alpha", FAMILIES).answered(0, MS, 0);
        recorder.beginTurn();
        recorder.beginTurn();
        assertEquals(1, take().get(key(SeriesKind.REQUEST, CommandFamilies.UNKNOWN)).getTotalCount());
    }

    @Test
    void shouldTakeNoMoreOfTheHeapThanItMayAndCountWhatFoundNoRoom() {
        long each = 2L * SeriesKind.REQUEST.newHistogram().getEstimatedFootprintInBytes();
        assertEquals(46_000, each, 1_500, "what conf/millrace.yml tells");
        HistogramRoom small = new HistogramRoom(2 * each + each / 2);
        Recorder tight = new Recorder(small, true);
        PoolLatency pool = tight.pool("alpha", FAMILIES);
        pool.answered(pool.families().of(0), MS, 0);
        tight.runs().pass();
        assertEquals(2 * each, small.usedBytes());
        assertEquals(0, small.refused());
        for (int i = 0; i < 10; i++) {
            pool.answered(pool.families().of(2), MS * i, 0);
        }
        tight.runs().pass();
        assertEquals(1, small.refused(), "once, not for each request");
        tight.ask();
        tight.beginTurn();
        Map<SeriesKey, Long> taken = new HashMap<>();
        tight.collect((key, values) -> taken.put(key, values.getTotalCount()));
        assertEquals(Map.of(key(SeriesKind.REQUEST, "string"), 1L, key(SeriesKind.ORDER_WAIT, null), 11L), taken);
    }

    @Test
    void shouldGiveBackTheRoomOfWhatIsGoneWhenItsLastValuesAreTaken() {
        ServerLatency server = recorder.server("alpha", "s");
        server.replied(Ticks.of(MS), 2 * MS, 5 * MS);
        server.depth(0);
        assertEquals(3, take().size());
        server.depth(3);
        server.replied(Ticks.of(MS), 2 * MS, 5 * MS);
        server.retire();
        assertTrue(room.usedBytes() > 0);
        assertEquals(4, take().size(), "the last values count");
        assertEquals(0, room.usedBytes());
        assertEquals(Map.of(), take());
        assertEquals(0, room.usedBytes(), "it is given back once");
    }

    @Test
    void shouldCountAsTheGreatestWhatIsGreater() {
        PoolLatency pool = recorder.pool("alpha", FAMILIES);
        pool.answered(0, Long.MAX_VALUE, 0);
        Histogram values = take().get(key(SeriesKind.REQUEST, CommandFamilies.UNKNOWN));
        assertEquals(1, values.getTotalCount());
        assertEquals(SeriesKind.REQUEST.highest(), values.getMaxValue(), 0.01 * SeriesKind.REQUEST.highest());
    }

    @Test
    void shouldRecordNothingWhenItIsOff() {
        Recorder off = new Recorder(room, false);
        assertNull(off.pool("alpha", FAMILIES));
        assertNull(off.server("alpha", "s"));
        TurnLatency turns = off.turns("lane-0");
        turns.waited(0);
        turns.end(1);
        turns.begin(TurnLatency.STALL_NS);
        assertEquals(3, off.batches(SeriesKind.TURN_REQUESTS, 0).turn(3));
        assertEquals(0, room.usedBytes());
        assertEquals(0, off.stalls());
    }

    @Test
    void shouldMeasureTurnsThatHadSomethingToDoAndCountStalls() {
        TurnLatency turns = recorder.turns("lane-0");
        long[][] each = {{10, 1}, {500, 0}, {20, 3}};
        long nowNs = MS;
        for (long[] turn : each) {
            turns.begin(nowNs);
            turns.waited(nowNs + 70 * MS);
            turns.end((int) turn[1]);
            nowNs += 70 * MS + turn[0] * MS;
        }
        turns.begin(nowNs);
        Histogram values = take().get(new SeriesKey(SeriesKind.TURN, null, null, "lane-0"));
        assertEquals(2, values.getTotalCount());
        assertEquals(20 * MS, values.getMaxValue(), 0.01 * 20 * MS, "the wait for I/O is none of it");
        assertEquals(2, recorder.stalls());
    }

    @Test
    void shouldTellTheTimeBetweenStampsAlsoWhenTheyComeRound() {
        long lateNs = (1L << 42) - 3 * MS;
        assertEquals(5 * MS, Ticks.between(Ticks.of(lateNs), Ticks.of(lateNs + 5 * MS)), 1_024);
        long wrapNs = (1L << 41) - 2 * MS;
        assertEquals(5 * MS, Ticks.between(Ticks.of(wrapNs), Ticks.of(wrapNs + 5 * MS)), 1_024);
        assertEquals(0, Ticks.between(Ticks.of(5 * MS), Ticks.of(4 * MS)), "each half reads the clock for itself");
    }
}
