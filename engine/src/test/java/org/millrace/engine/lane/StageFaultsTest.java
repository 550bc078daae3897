package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.io.CloseCause;

/** An exception in a stage costs one connection, is counted, and the lane goes on. */
@Tag("faults")
class StageFaultsTest {
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseTheClientWhoseRequestFailsInAStage(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            lane.outside().breakDown();
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            client.deliver(request("INFO") + request("PING"));
            other.deliver(request("PING"));
            lane.settle();
            assertEquals(CloseCause.OTHER, client.cause());
            assertEquals("+PONG\r\n", other.take());
            assertEquals(1, lane.count(ClientHalfCounter.FAULTS));
            assertEquals(0, lane.count(ServerHalfCounter.FAULTS));
            lane.expectFaults(1);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseTheLinkWhoseReplyFailsInAStage(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).pool("redis_db", 1).start(mode)) {
            lane.outside().breakDown();
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(0)) + request("GET", lane.keyOn(1)));
            FakeConnection bad = lane.server(0).link();
            lane.server(0).reply("-ERR refused\r\n");
            lane.reply(1, "+OK\r\n");
            lane.reply(1, "+v\r\n");
            assertEquals(CloseCause.OTHER, bad.cause());
            assertEquals("-ERR unknown\r\n+v\r\n", client.take());
            assertTrue(client.isOpen());
            assertEquals(1, lane.count(ServerHalfCounter.FAULTS));
            lane.expectFaults(1);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeNoFurtherReplyFromALinkAfterAFault(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_db", 1).start(mode)) {
            lane.outside().breakDown();
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a") + request("GET", "b"));
            FakeConnection bad = lane.server(0).link();
            lane.reply(0, "-ERR refused\r\n+a\r\n+b\r\n");
            assertEquals(CloseCause.OTHER, bad.cause());
            assertEquals("-ERR unknown\r\n-ERR unknown\r\n", client.take());
            assertTrue(client.isOpen());
            lane.expectFaults(1);
        }
    }
}
