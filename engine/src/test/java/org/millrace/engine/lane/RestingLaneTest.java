package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;

/** A lane that nobody has needed yet waits until somebody wakes it, and does all the same what it is told. */
class RestingLaneTest {
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWaitForEverUntilItIsUsed(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            lane.turn();
            assertEquals(0, lane.transport().lastWaitNs(), "a lane whose strategy is not to wait");
            lane.lane().rest();
            lane.settle();
            assertTrue(lane.lane().isResting());
            assertEquals(-1, lane.transport().lastWaitNs(), "whatever the strategy");
            lane.lane().use();
            FakeConnection client = lane.connect();
            assertFalse(lane.lane().isResting());
            lane.send(client, Resp.request("GET", "k"));
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n", client.take());
            lane.turn();
            assertEquals(0, lane.transport().lastWaitNs());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeOverSnapshotsWhileItRests(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            lane.lane().rest();
            lane.settle();
            lane.eject(1);
            assertEquals(2, lane.topology().version());
            assertEquals(2, lane.lane().server().linkTable().version());
            lane.settle();
            assertTrue(lane.lane().isResting());
            assertEquals(-1, lane.transport().lastWaitNs());
        }
    }
}
