package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.client.ClientLife;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;

/** A pool is about to go: what its clients have sent is answered, then they are ended. */
class FarewellTest {
    private static final long LIMIT_NS = 1_000_000_000;
    private static final String GONE = "-ERR the pool has been removed, and the request was not whole in time\r\n";

    private static ClientLife life(LaneHarness lane) {
        return lane.lane().client().state().life();
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerAllThatHasArrived(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().limit("client_max_queue", 2).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection idle = lane.connect();
            client.deliver(request("GET", "k").repeat(5));
            lane.turn();
            life(lane).letGo(0, LIMIT_NS);
            assertEquals(2, life(lane).toLetGo());
            lane.after(1);
            lane.after(9);
            assertFalse(idle.isOutputShut(), "something may be on its way");
            lane.after(1);
            assertTrue(idle.isOutputShut());
            assertEquals(1, life(lane).toLetGo());
            lane.reply(0, "+1\r\n+2\r\n");
            lane.after(300);
            assertFalse(client.isOutputShut(), "a request waits to be framed");
            lane.reply(0, "+3\r\n+4\r\n");
            lane.after(1);
            assertEquals(0, life(lane).toLetGo(), "the last one is under way");
            assertFalse(client.isOutputShut());
            lane.reply(0, "+5\r\n");
            assertEquals("+1\r\n+2\r\n+3\r\n+4\r\n+5\r\n", client.take());
            assertTrue(client.isOutputShut());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGiveHalfARequestTimeToBecomeWhole(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            String get = request("GET", "k");
            lane.send(client, get.substring(0, 9));
            life(lane).letGo(0, LIMIT_NS);
            lane.after(1);
            lane.after(900);
            assertFalse(client.isOutputShut());
            lane.send(client, get.substring(9) + request("GET", "more"));
            lane.after(1);
            lane.reply(0, "+v\r\n+w\r\n");
            assertEquals("+v\r\n+w\r\n", client.take());
            assertTrue(client.isOutputShut());
            assertEquals(0, lane.count(ClientHalfCounter.CUT_OFF_WITH_POOL));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellWhoSendsNoMoreThanHalfARequest(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection large = lane.connect();
            String get = request("GET", "k");
            lane.send(client, get + get.substring(0, 9));
            lane.send(large, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n" + "x".repeat(40_000));
            life(lane).letGo(0, LIMIT_NS);
            lane.after(1);
            lane.after(999);
            assertEquals(2, life(lane).toLetGo());
            lane.after(1);
            assertEquals(0, life(lane).toLetGo());
            assertEquals(2, lane.count(ClientHalfCounter.CUT_OFF_WITH_POOL));
            assertEquals(GONE, large.take());
            assertTrue(large.isOutputShut());
            lane.send(client, get.substring(9));
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n" + GONE, client.take());
            assertTrue(client.isOutputShut());
            assertEquals(1, lane.server(0).requests().size());
            assertEquals(0, lane.count(ClientHalfCounter.PROTOCOL_ERRORS));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEndWhoNeverPausesBetweenTwoRequests(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            life(lane).letGo(0, LIMIT_NS);
            int answered = 0;
            while (!client.isOutputShut()) {
                assertTrue(answered++ < 100, "it is served for ever");
                lane.send(client, request("GET", "k"));
                lane.after(5);
                lane.reply(0, "+v\r\n");
                assertEquals("+v\r\n", client.take());
            }
            assertTrue(answered >= 50, answered + " requests of 5 ms each");
            assertEquals(0, lane.count(ClientHalfCounter.CUT_OFF_WITH_POOL));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEndAClientThatIsStillOnItsWay(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            life(lane).letGo(0, LIMIT_NS);
            lane.after(20);
            FakeConnection late = lane.connect();
            late.deliver(request("GET", "k"));
            lane.settle();
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n", late.take());
            lane.after(10);
            assertTrue(late.isOutputShut());
        }
    }
}
