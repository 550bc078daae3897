package org.millrace.engine.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.millrace.engine.kit.Resp.request;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;

/** Several links of one lane to a server. */
class SeveralLinksTest {
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepAClientOnOneLink(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("server_connections", 3).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "a", "1") + request("GET", "a") + request("GET", "b"));
            assertEquals(1, lane.server(0).attempts());
            lane.reply(0, "+OK\r\n$1\r\n1\r\n$-1\r\n");
            assertEquals("+OK\r\n$1\r\n1\r\n$-1\r\n", client.take());
            lane.send(lane.connect(), request("GET", "c"));
            lane.send(lane.connect(), request("GET", "d"));
            assertEquals(3, lane.server(0).attempts());
            lane.send(lane.connect(), request("GET", "e"));
            assertEquals(3, lane.server(0).attempts());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGaugeTheQueuesOfAllLinksOfAServer(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("server_connections", 3).pool("server_max_queue", 1)
            .start(mode)) {
            for (int i = 0; i < 4; i++) {
                lane.send(lane.connect(), request("GET", "key"));
            }
            lane.after(2);
            long length = request("GET", "key").length();
            assertEquals(3, lane.count(0, ServerCounter.OUT_QUEUE));
            assertEquals(3 * length, lane.count(0, ServerCounter.OUT_QUEUE_BYTES));
            assertEquals(1, lane.count(0, ServerCounter.IN_QUEUE));
            assertEquals(length, lane.count(0, ServerCounter.IN_QUEUE_BYTES));
        }
    }
}
