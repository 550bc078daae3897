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
}
