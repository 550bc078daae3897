package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.Totals;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.engine.kit.SharedMemory;
import org.millrace.io.CloseCause;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Lanes that lease from one budget: who needs more than an even part gets it, and each goes on with its own. */
class SharedMemoryTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    private final SharedMemory memory = new SharedMemory(6 * MIB, MIB);

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGiveAnArenaMoreThanAnEvenPartAndTakeItBackLater(LaneMode mode) {
        try (LaneHarness lane = spec().start(mode, memory); LaneHarness other = spec().start(LaneMode.FUSED, memory)) {
            long free = memory.budget().available();
            int bytes = (int) (lane.transport().arena().plainBytes() - 600 * KIB);
            assertTrue(bytes > 6 * MIB / (mode == LaneMode.SPLIT ? 3 : 2), bytes + " is no more than an even part");
            FakeConnection client = lane.connect();
            String wire = request("SET", "k", Resp.value(bytes));
            client.deliverInPieces(wire, 250 * KIB);
            lane.settle();
            assertTrue(lane.server(0).link().take().equals(wire));
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
            assertTrue(memory.budget().available() < 2 * MIB);
            pass(10_000, lane, other);
            other.transport().arena().allowance().request();
            pass(200, lane, other);
            assertEquals(free, memory.budget().available());
        }
    }

    @Test
    void shouldLetAQuietLaneWorkWhileAnotherHasAllAndGetMoreOnceThatIsFree() {
        try (LaneHarness busy = spec().start(LaneMode.FUSED, memory);
            LaneHarness quiet = spec().start(LaneMode.FUSED, memory)) {
            List<Segment> taken = new ArrayList<>();
            SegmentArena arena = busy.transport().arena();
            for (Segment s = arena.acquire(256 * KIB); s != null; s = arena.acquire(256 * KIB)) {
                taken.add(s);
            }
            assertEquals(0, memory.budget().available());
            pass(2, busy, quiet);
            FakeConnection refused = busy.connect();
            busy.settle();
            assertEquals("-ERR max memory reached, try again later\r\n", refused.take());
            FakeConnection client = quiet.connect();
            quiet.send(client, request("SET", "k", Resp.value(200 * KIB)));
            assertEquals(1, quiet.server(0).requests().size());
            quiet.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
            assertEquals(0, quiet.count(ClientHalfCounter.PAUSED_BY_MEMORY));
            assertEquals(0, quiet.count(ClientHalfCounter.REFUSED_BY_MEMORY));
            String large = request("SET", "k", Resp.value(2 * MIB));
            client.deliverInPieces(large, 250 * KIB);
            pass(2, busy, quiet);
            assertEquals(1, quiet.count(ClientHalfCounter.PAUSED_BY_RESERVATION));
            assertTrue(client.isReadPaused());
            taken.forEach(Segment::release);
            assertTrue(passUntilRequested(quiet, 300, busy, quiet).equals(large));
            quiet.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
        }
    }

    @Test
    void shouldNotPromiseTheSameBytesOnTwoLanes() {
        try (LaneHarness one = spec().start(LaneMode.FUSED, memory);
            LaneHarness two = spec().start(LaneMode.FUSED, memory)) {
            String wire = request("SET", "k", Resp.value(2500 * KIB));
            FakeConnection first = one.connect();
            FakeConnection second = two.connect();
            one.send(first, wire.substring(0, 100 * KIB));
            two.send(second, wire.substring(0, 100 * KIB));
            assertEquals(0, one.count(ClientHalfCounter.PAUSED_BY_RESERVATION));
            assertFalse(first.isReadPaused());
            assertEquals(1, two.count(ClientHalfCounter.PAUSED_BY_RESERVATION));
            assertTrue(second.isReadPaused());
            pass(1000, one, two);
            assertTrue(second.isReadPaused());
            first.deliverInPieces(wire.substring(100 * KIB), 250 * KIB);
            second.deliverInPieces(wire.substring(100 * KIB), 250 * KIB);
            assertTrue(passUntilRequested(one, 10, one, two).equals(wire));
            one.reply(0, "+OK\r\n");
            assertTrue(passUntilRequested(two, 300, one, two).equals(wire));
            two.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n+OK\r\n", first.take() + second.take());
        }
    }

    @Test
    void shouldGiveBackWhatWasGatheredForAClientThatIsGone() {
        try (LaneHarness one = spec().start(LaneMode.FUSED, memory);
            LaneHarness two = spec().start(LaneMode.FUSED, memory)) {
            String wire = request("SET", "k", Resp.value(2500 * KIB));
            FakeConnection first = one.connect();
            FakeConnection second = two.connect();
            one.send(first, wire.substring(0, 100 * KIB));
            two.send(second, wire.substring(0, 100 * KIB));
            assertEquals(0, memory.budget().available(), "two has what one has left");
            second.end(CloseCause.PEER_CLOSED);
            pass(2_000, one, two);
            assertEquals(0, two.transport().arena().allowance().borrowedBytes());
            first.end(CloseCause.PEER_CLOSED);
            pass(2_000, one, two);
            assertEquals(4 * MIB, memory.budget().available());
        }
    }

    @Test
    void shouldCloseTheLargestIdleHolderOfTheLaneThatHasBorrowedWhatAnotherCannotGoOnWithout() {
        try (LaneHarness hoarding = spec().start(LaneMode.FUSED, memory);
            LaneHarness starving = spec().start(LaneMode.FUSED, memory)) {
            List<FakeConnection> mutes = new ArrayList<>();
            for (int i = 0; i < 100 && hoarding.count(ClientHalfCounter.REFUSED_BY_MEMORY) == 0; i++) {
                FakeConnection mute = hoarding.connect();
                mute.allow(0);
                hoarding.send(mute, request("GET", "k"));
                if (hoarding.count(ClientHalfCounter.REFUSED_BY_MEMORY) == 0) {
                    hoarding.reply(0, bulk(Resp.value(60 * KIB)));
                    mutes.add(mute);
                }
                pass(2, hoarding, starving);
            }
            assertTrue(mutes.size() > 10, mutes.size() + " clients");
            pass(5_000, hoarding, starving);
            assertEquals(0, hoarding.count(ClientHalfCounter.NO_MEMORY), "nobody needs it");
            FakeConnection client = starving.connect();
            String wire = request("SET", "k", Resp.value(2 * MIB));
            client.deliverInPieces(wire, 250 * KIB);
            assertTrue(passUntilRequested(starving, 5_000, hoarding, starving).equals(wire));
            assertTrue(hoarding.count(ClientHalfCounter.NO_MEMORY) > 0);
            assertTrue(mutes.stream().anyMatch(FakeConnection::isOpen), "no more than must be");
            assertEquals(0, starving.count(ClientHalfCounter.NO_MEMORY));
            starving.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
            mutes.forEach(mute -> mute.allow(Long.MAX_VALUE));
        }
    }

    @Test
    void shouldCloseNobodyForAShortageThatIsOver() {
        try (LaneHarness one = spec().start(LaneMode.FUSED, memory);
            LaneHarness two = spec().start(LaneMode.FUSED, memory)) {
            FakeConnection idle = mute(one, 100 * KIB);
            assertEquals(0, one.transport().arena().allowance().borrowedBytes());
            SegmentArena arena = two.transport().arena();
            List<Segment> taken = new ArrayList<>();
            for (Segment s = arena.acquire(256 * KIB); s != null; s = arena.acquire(256 * KIB)) {
                taken.add(s);
            }
            pass(100, one, two);
            taken.forEach(Segment::release);
            arena.trim();
            for (int i = 0; i < 2_000; i++) {
                Segment borrowed = i % 2 == 0 ? one.transport().arena().acquire(2 * MIB) : null;
                pass(1, one, two);
                if (borrowed != null) {
                    assertTrue(one.transport().arena().allowance().borrowedBytes() > 0);
                    borrowed.release();
                    assertEquals(0, one.transport().arena().allowance().borrowedBytes());
                }
            }
            assertTrue(idle.isOpen());
            assertEquals(0, one.count(ClientHalfCounter.NO_MEMORY));
        }
    }

    @Test
    void shouldNotReadTheLargestHoldersAtPoolMaxBytesOfAllLanes() {
        LaneSpec spec = spec().pool("pool_max_bytes", "1mb");
        try (LaneHarness one = spec.start(LaneMode.FUSED, memory);
            LaneHarness two = spec.start(LaneMode.FUSED, memory)) {
            FakeConnection first = mute(one, 600 * KIB);
            pass(2, one, two);
            assertFalse(first.isReadPaused());
            FakeConnection second = mute(two, 600 * KIB);
            FakeConnection small = two.connect();
            pass(2, one, two);
            assertEquals(1, one.count(ClientHalfCounter.PAUSED_BY_POOL));
            assertEquals(1, two.count(ClientHalfCounter.PAUSED_BY_POOL));
            assertTrue(first.isReadPaused() && second.isReadPaused());
            assertFalse(small.isReadPaused());
            first.allow(Long.MAX_VALUE);
            pass(2, one, two);
            pass(2, one, two);
            assertFalse(first.isReadPaused() || second.isReadPaused(), "a quarter is free");
        }
    }

    @Test
    void shouldReportTheMemoryOfAllLanesOnce() {
        try (LaneHarness one = spec().start(LaneMode.FUSED, memory);
            LaneHarness two = spec().start(LaneMode.SPLIT, memory)) {
            Totals totals = new Totals(List.of(
                new LaneHandle(one.lane(), one.commands(), List.of(), List.of(one.transport())),
                new LaneHandle(two.lane(), two.commands(), List.of(),
                    List.of(two.transport(), two.serverTransport()))));
            assertEquals(6 * MIB, totals.maxBytes());
        }
    }

    private static FakeConnection mute(LaneHarness lane, int bytes) {
        FakeConnection client = lane.connect();
        client.allow(0);
        lane.send(client, request("GET", "k"));
        lane.reply(0, bulk(Resp.value(bytes)));
        return client;
    }

    private static LaneSpec spec() {
        return LaneSpec.lane().limit("max_memory", "64mb").limit("client_max_output", "16mb");
    }

    private static void pass(int milliseconds, LaneHarness... lanes) {
        for (int i = 0; i < milliseconds; i++) {
            for (LaneHarness lane : lanes) {
                lane.after(1);
            }
        }
    }

    /** What the lane's server has got, once it has got something. */
    private static String passUntilRequested(LaneHarness asking, int milliseconds, LaneHarness... lanes) {
        String wire = "";
        for (int i = 0; i < milliseconds && wire.isEmpty(); i++) {
            pass(1, lanes);
            wire = asking.server(0).attempts() > 0 ? asking.server(0).link().take() : "";
        }
        return wire;
    }
}
