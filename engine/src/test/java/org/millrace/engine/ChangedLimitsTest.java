package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** Limits of a pool that a reload has changed hold for the clients that are connected. */
class ChangedLimitsTest {
    private static final int KIB = 1024;

    private static void take(LaneHarness lane, String limit, Object value) {
        lane.take(LaneSpec.lane().pool(limit, value).read());
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldApplyClientMaxQueueToConnectedClients(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("client_max_queue", 2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k").repeat(9));
            assertEquals(2, lane.server(0).requests().size());
            take(lane, "client_max_queue", 4);
            lane.reply(0, "+1\r\n");
            assertEquals(3, lane.server(0).requests().size(), "four wait for their replies");
            take(lane, "client_max_queue", 1);
            lane.reply(0, "+2\r\n+3\r\n+4\r\n");
            for (int i = 5; i <= 9; i++) {
                assertEquals(i == 5 ? 0 : 1, lane.server(0).requests().size(), "one at a time");
                lane.reply(0, "+" + i + "\r\n");
            }
            assertEquals("+1\r\n+2\r\n+3\r\n+4\r\n+5\r\n+6\r\n+7\r\n+8\r\n+9\r\n", client.take());
            assertEquals(1, lane.server(0).attempts(), "its link is none of this");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldApplyClientOutputLimitToConnectedClients(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("client_output_limit", "0 50kb 3").start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(0);
            lane.send(client, request("GET", "k").repeat(3));
            lane.reply(0, bulk(Resp.value(60 * KIB)));
            lane.after(1_000);
            take(lane, "client_output_limit", "0 0 0");
            lane.after(3_000);
            assertTrue(client.isOpen(), "there is no limit any more");
            take(lane, "client_output_limit", "100kb 0 0");
            lane.reply(0, bulk(Resp.value(30 * KIB)));
            assertTrue(client.isOpen());
            lane.reply(0, bulk(Resp.value(30 * KIB)));
            assertFalse(client.isOpen());
            assertEquals(CloseCause.EXHAUSTED, client.cause());
            assertEquals(1, lane.count(ClientHalfCounter.CLOSED_BY_OUTPUT_HARD));
            assertEquals(0, lane.count(ClientHalfCounter.CLOSED_BY_OUTPUT_SOFT));
        }
    }
}
