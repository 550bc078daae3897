package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;

/** Which lanes try gathering out. */
class GatheringTurnTest {
    private static final int PINGS_A_MS = 100;

    /** A tenth of a second of 100,000 requests a second. */
    private static void load(LaneHarness lane) {
        FakeConnection client = lane.connect();
        String pings = Resp.request("PING").repeat(PINGS_A_MS);
        for (int i = 0; i < 100; i++) {
            client.deliver(pings);
            lane.after(1);
            assertEquals("+PONG\r\n".repeat(PINGS_A_MS), client.take());
        }
    }

    @Test
    void shouldTryGatheringUnderLoad() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            lane.letWait();
            load(lane);
            assertTrue(lane.count(ClientHalfCounter.MODERATION_TRIALS) > 0);
        }
    }

    @Test
    void shouldNotTryGatheringWhereTheWaitStrategyNeverWaits() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            load(lane);
            assertEquals(0, lane.count(ClientHalfCounter.MODERATION_TRIALS));
        }
    }

    @Test
    void shouldNotTryGatheringWhereTheTransportCannot() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            lane.letWait();
            lane.transport().cannotGather();
            load(lane);
            assertEquals(0, lane.count(ClientHalfCounter.MODERATION_TRIALS));
        }
    }
}
