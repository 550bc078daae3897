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
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer.Door;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;

/** Whoever has waited for memory goes on afterwards. */
class ReservationWaitTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldReadOnAfterALateDeliveryHasEndedTheWaitForMemory(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb")
            .start(mode)) {
            FakeConnection warm = lane.connect();
            lane.send(warm, request("GET", "k"));
            lane.reply(0, "+v\r\n");
            FakeConnection holder = lane.connect();
            lane.send(holder, request("SET", "k", Resp.value(6 * MIB)).substring(0, 100 * KIB));
            String wire = request("SET", "k", Resp.value(4 * MIB));
            FakeConnection client = lane.connect();
            lane.send(client, wire.substring(0, 2 * MIB));
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_RESERVATION));
            assertTrue(client.isReadPaused());
            client.deliverLate(wire.substring(2 * MIB));
            lane.settle();
            lane.after(2);
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
            lane.after(2);
            assertEquals(0, lane.count(ClientHalfCounter.NOT_READ_BY_RESERVATION));
            client.deliver(request("PING"));
            lane.send(warm, request("PING"));
            lane.after(600_000);
            assertFalse(client.isReadPaused(), "nothing is left that it could wait for");
        }
    }

    @Test
    void shouldReadAHolderThatWasHeldBackWhileItWaited() {
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "64mb")
            .limit("client_max_output", "16mb").limit("client_max_expected", "64mb").start(LaneMode.FUSED)) {
            List<FakeConnection> mutes = new ArrayList<>();
            var arena = lane.lane().client().state().transport().arena();
            while (mutes.size() < 100 && arena.bytesInUse() < arena.plainBytes() / 16 * 9) {
                mute(lane, mutes);
            }
            long room = arena.plainBytes() / 4 * 3 - arena.bytesInUse();
            int len = (int) (room * 3 / 4);
            assertEquals(0, lane.count(ClientHalfCounter.PAUSED_BY_MEMORY));
            FakeConnection first = lane.connect();
            String one = request("SET", "k", Resp.value(len));
            lane.send(first, one.substring(0, 100 * KIB));
            FakeConnection second = lane.connect();
            String two = request("SET", "k", Resp.value(6 * MIB));
            lane.send(second, two.substring(0, 700 * KIB));
            assertEquals(1, lane.count(ClientHalfCounter.PAUSED_BY_RESERVATION));
            for (int i = 0; i < 40 && lane.count(ClientHalfCounter.PAUSED_BY_MEMORY) == 0; i++) {
                mute(lane, mutes);
            }
            assertTrue(lane.count(ClientHalfCounter.PAUSED_BY_MEMORY) > 0);
            first.deliverInPieces(one.substring(100 * KIB), 1000 * KIB);
            lane.settle();
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", first.take());
            lane.after(2);
            second.deliverInPieces(two.substring(700 * KIB), 1000 * KIB);
            lane.after(2);
            int ms = 0;
            while (second.unread() > 0 && ms < 60_000) {
                lane.send(first, request("PING"));
                first.take();
                lane.after(10);
                ms += 10;
            }
            assertEquals(0, second.unread(), "it holds what it needs and is not read for a minute");
        }
    }

    private static void mute(LaneHarness lane, List<FakeConnection> mutes) {
        mutes.add(lane.connect());
        mutes.getLast().allow(0);
        lane.send(mutes.getLast(), request("GET", "k"));
        lane.reply(0, bulk(Resp.value(600 * KIB)));
        lane.after(2);
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGiveToOthersWhatIsSetAsideForAClientThatWaitsForAHungServer(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("gather_timeout", 500)
            .limit("max_memory", mode == LaneMode.SPLIT ? "32mb" : "16mb").start(mode)) {
            lane.server(0).door(Door.SILENT);
            FakeConnection waits = lane.connect();
            String large = request("SET", lane.keyOn(1), Resp.value(6 * MIB));
            lane.send(waits, request("GET", lane.keyOn(0)) + large.substring(0, 100 * KIB));
            waits.deliverInPieces(large.substring(100 * KIB), 127 * KIB);
            FakeConnection other = lane.connect();
            other.deliverInPieces(large, 127 * KIB);
            lane.settle();
            assertTrue(other.unread() > 0, "there is no room for both");
            lane.after(1);
            lane.after(490);
            assertTrue(other.unread() > 0);
            lane.after(20);
            lane.reply(1, "+OK\r\n");
            assertEquals("+OK\r\n", other.take());
            lane.server(0).link().stand();
            lane.settle();
            lane.reply(0, "+a\r\n");
            lane.reply(1, "+b\r\n");
            assertEquals("+a\r\n+b\r\n", waits.take(), "it is not closed for it");
        }
    }
}
