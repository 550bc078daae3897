package org.millrace.engine.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.io.CloseCause;

/** How clients end: in good order, by QUIT, by breaking the protocol, by the stop of the process. */
class ClientLifeTest {
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerAClientThatHasSentItsEnd(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.deliver(request("GET", "a") + request("GET", "b"));
            client.deliverFin();
            lane.settle();
            lane.reply(0, "+a\r\n");
            assertTrue(client.isOpen());
            lane.reply(0, "+b\r\n");
            assertEquals("+a\r\n+b\r\n", client.take());
            assertEquals(CloseCause.LOCAL, client.cause());
            assertEquals(1, lane.count(PoolCounter.CLIENT_EOF));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSendAllToAClientThatHasSentItsEndAndReadsSlowly(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(1);
            client.deliver(request("GET", "a"));
            client.deliverFin();
            lane.settle();
            lane.reply(0, "+answer\r\n");
            assertTrue(client.isOpen());
            client.allow(100);
            lane.settle();
            assertEquals("+answer\r\n", client.take());
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseAnIdleClientThatHasSentItsEnd(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.deliver("*1\r\n$4\r\nPI");
            client.deliverFin();
            lane.settle();
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDropWhatFollowsQuit(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.deliver(request("QUIT") + request("SET", "k", "v"));
            client.deliver(request("SET", "l", "v"));
            lane.settle();
            assertEquals("+OK\r\n", client.take());
            assertTrue(client.isClosed());
            assertEquals(List.of(), lane.server(0).requests());
            assertEquals(1, lane.count(PoolCounter.CLIENT_EOF));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDropWhatFollowsQuitAlsoWhileAnswersAreDue(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.deliver(request("GET", "k") + request("QUIT") + request("SET", "k", "v"));
            client.deliver(request("SET", "l", "v"));
            lane.settle();
            assertEquals(List.of("GET k"), lane.server(0).requests());
            assertTrue(client.isOpen());
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n+OK\r\n", client.take());
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerWhatIsDueBeforeAProtocolErrorThenLinger(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k") + "*1\r\n!bad\r\n" + request("SET", "k", "v"));
            assertEquals(List.of("GET k"), lane.server(0).requests());
            assertEquals("", client.take());
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n-ERR Protocol error: expected '$', got '!'\r\n", client.take());
            assertTrue(client.isOutputShut());
            assertTrue(client.isOpen(), "closing at once could reset the connection and lose the error");
            lane.send(client, request("SET", "k", "v"));
            assertEquals(List.of(), lane.server(0).requests());
            client.deliverFin();
            lane.after(2);
            assertTrue(client.isClosed());
            assertEquals(1, lane.count(ClientHalfCounter.PROTOCOL_ERRORS));
            assertEquals(1, lane.count(PoolCounter.CLIENT_ERR));
            assertEquals(0, lane.count(PoolCounter.CLIENT_EOF));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotRunWhatFollowsUnbalancedQuotes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k") + "SET \"k\r\n" + request("SET", "k", "v"));
            assertEquals(List.of("GET k"), lane.server(0).requests());
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n-ERR Protocol error: unbalanced quotes in request\r\n", client.take());
            assertTrue(client.isOutputShut());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCutOffAClientThatLingersTooLong(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "*x\r\n");
            assertEquals("-ERR Protocol error: invalid multibulk length\r\n", client.take());
            lane.after(900);
            assertFalse(client.isClosed());
            lane.after(200);
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldFrameNothingMoreWhileDrained(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection idle = lane.connect();
            lane.send(client, request("GET", "k"));
            ClientLife life = lane.lane().client().state().life();
            life.drain();
            assertFalse(life.isDrained());
            lane.send(client, request("GET", "l"));
            lane.send(idle, request("GET", "m"));
            FakeConnection late = lane.connect();
            lane.send(late, request("GET", "n"));
            assertEquals(List.of("GET k"), lane.server(0).requests());
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n", client.take());
            assertTrue(life.isDrained());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotBeDrainedBeforeTheClientHasTakenItsReply(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            client.allow(1);
            lane.send(client, request("PING"));
            ClientLife life = lane.lane().client().state().life();
            life.drain();
            assertFalse(life.isDrained());
            client.allow(100);
            lane.settle();
            assertTrue(life.isDrained());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeInlineCommandsAndSkipEmptyLines(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "\r\n  \r\nset 'a b' \"c\\n\"\r\nPING\n\r\n");
            assertEquals("*3\r\n$3\r\nset\r\n$3\r\na b\r\n$2\r\nc\n\r\n", lane.server(0).link().take());
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n+PONG\r\n", client.take());
        }
    }
}
