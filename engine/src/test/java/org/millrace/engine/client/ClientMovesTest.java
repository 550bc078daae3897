package org.millrace.engine.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;

/** Who moves to another lane, who does not, and what becomes of clients whom something happens to on their way. */
class ClientMovesTest {
    private static final long MS = 1_000_000;
    private static final int PATIENCE_MS = (int) (ClientMoves.PATIENCE_NS / MS);

    private final List<Traveller> gone = new ArrayList<>();

    private void move(LaneHarness lane, int clients) {
        lane.settle();
        lane.lane().client().state().life().moves().begin(clients, gone::add);
        lane.after(1);
    }

    private static List<FakeConnection> connect(LaneHarness lane, int count) {
        List<FakeConnection> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(lane.connect());
        }
        lane.settle();
        return clients;
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldServeAClientOnAnotherLaneAfterItsMove(LaneMode mode) {
        try (LaneHarness from = LaneSpec.lane().start(mode); LaneHarness to = LaneSpec.lane().start(mode)) {
            FakeConnection client = from.connect();
            from.send(client, request("PING"));
            assertEquals("+PONG\r\n", client.take());
            move(from, 1);
            assertTrue(client.isDetached());
            assertEquals(0, from.count(ClientHalfCounter.CLIENTS));
            assertEquals(0, from.count(PoolCounter.CLIENT_CONNECTIONS));
            assertEquals(1, from.count(ClientHalfCounter.MOVED_OUT));
            FakeConnection there = to.arrive(gone.removeFirst());
            to.send(there, request("GET", "k"));
            to.reply(0, "+v\r\n");
            assertEquals("+v\r\n", there.take());
            assertEquals(1, to.count(ClientHalfCounter.MOVED_IN));
            assertEquals(1, to.count(PoolCounter.CLIENT_CONNECTIONS));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepAClientWhoseLateRequestMayStillBeCarriedOut(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, request("SET", "k", "1"));
            lane.after(101);
            assertTrue(client.take().startsWith("-ERR"), "its time is up");
            assertEquals(1, lane.count(ServerHalfCounter.TOMBSTONES));
            move(lane, 2);
            assertTrue(other.isDetached(), "others may go");
            assertFalse(client.isDetached(), "on another link its next request would overtake the late one");
            lane.after(PATIENCE_MS);
            lane.reply(0, "+OK\r\n");
            assertEquals(0, lane.count(ServerHalfCounter.TOMBSTONES));
            move(lane, 1);
            assertTrue(client.isDetached(), "it has been carried out");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepAClientOfWhoseScatteredRequestAPartIsLate(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("MSET", lane.keyOn(0), "1", lane.keyOn(1), "1"));
            lane.reply(0, "+OK\r\n");
            lane.after(101);
            assertTrue(client.take().startsWith("-ERR"), "the part of the second server is late");
            move(lane, 1);
            assertFalse(client.isDetached());
            lane.after(PATIENCE_MS);
            lane.reply(1, "+OK\r\n");
            move(lane, 1);
            assertTrue(client.isDetached());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldForgetTombstonesOfALinkThatEnds(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "k", "1"));
            lane.after(101);
            lane.server(0).link().end(CloseCause.PEER_CLOSED);
            lane.settle();
            assertEquals(0, lane.count(ServerHalfCounter.TOMBSTONES));
            move(lane, 1);
            assertTrue(client.isDetached());
        }
    }

    @Test
    void shouldLookForClientsThatPauseForAFifthOfASecond() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            move(lane, 1);
            lane.after(PATIENCE_MS - 2);
            assertFalse(client.isDetached(), "it awaits a reply");
            lane.reply(0, "+v\r\n");
            lane.after(2);
            assertFalse(client.isDetached(), "too late: loads have changed");
            lane.send(client, request("GET", "k"));
            move(lane, 1);
            lane.reply(0, "+v\r\n");
            lane.after(PATIENCE_MS - 3);
            assertTrue(client.isDetached());
        }
    }

    @Test
    void shouldHaveNoMoreThan64AboutToLeaveAtATime() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            List<FakeConnection> clients = connect(lane, 3 * ClientMoves.LEAVING_MAX);
            lane.transport().letGo(false);
            move(lane, 2 * ClientMoves.LEAVING_MAX);
            lane.after(1);
            assertEquals(ClientMoves.LEAVING_MAX, clients.stream().filter(FakeConnection::isDetaching).count());
            lane.transport().letGo(true);
            lane.after(1);
            lane.after(1);
            assertEquals(2 * ClientMoves.LEAVING_MAX, gone.size(), "as many as were asked for");
            assertEquals(2 * ClientMoves.LEAVING_MAX, lane.count(ClientHalfCounter.MOVED_OUT));
        }
    }

    @Test
    void shouldLookAtNoMoreThan256InALook() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            List<FakeConnection> clients = connect(lane, ClientMoves.LOOK_MAX + 1);
            for (FakeConnection client : clients.subList(1, clients.size())) {
                client.deliver("*1");
            }
            lane.settle();
            move(lane, 1);
            assertEquals(0, gone.size(), "the one that pauses is the last to be looked at");
            lane.after(1);
            assertEquals(1, gone.size());
            assertTrue(clients.getFirst().isDetached());
        }
    }

    @Test
    void shouldLeaveAloneForHalfAMinuteWhoHasMoved() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            lane.connect();
            move(lane, 1);
            FakeConnection client = lane.arrive(gone.removeFirst());
            lane.after(ClientMoves.REST_NS / MS - 1);
            move(lane, 1);
            assertTrue(client.isDetached(), "just now");
            client = lane.arrive(gone.removeFirst());
            lane.after(ClientMoves.REST_NS / MS - 2);
            move(lane, 1);
            assertFalse(client.isDetached());
        }
    }

    @Test
    void shouldCountInMovesRefusedWhoSendsWhileItIsAboutToLeave() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            FakeConnection client = lane.connect();
            lane.transport().letGo(false);
            move(lane, 1);
            assertTrue(client.isDetaching());
            lane.send(client, request("PING"));
            lane.after(1);
            assertEquals("+PONG\r\n", client.take());
            assertEquals(1, lane.count(ClientHalfCounter.MOVES_REFUSED));
            assertEquals(0, lane.count(ClientHalfCounter.MOVED_OUT));
        }
    }

    @Test
    void shouldCountInMovesRefusedAndServeWhomTheOtherLaneDoesNotTake() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            lane.connect();
            lane.settle();
            lane.lane().client().state().life().moves().begin(1, traveller -> {
                gone.add(traveller);
                return false;
            });
            lane.after(1);
            FakeConnection client = lane.returned(gone.getFirst());
            lane.send(client, request("PING"));
            assertEquals("+PONG\r\n", client.take());
            assertEquals(1, lane.count(ClientHalfCounter.MOVES_REFUSED));
            assertEquals(0, lane.count(ClientHalfCounter.MOVED_OUT));
            assertEquals(1, lane.count(PoolCounter.CLIENT_CONNECTIONS));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEndAClientWhosePoolWasRemovedOnItsWay(LaneMode mode) {
        try (LaneHarness from = LaneSpec.lane().start(mode); LaneHarness to = LaneSpec.lane().start(mode)) {
            from.connect();
            move(from, 1);
            Topology next = to.topology().with(ConfigReader.read("other.yml", """
                beta:
                  listen: 127.0.0.1:22122
                  redis: true
                  servers:
                    - 127.0.0.1:7001:1
                """), Set.of(0));
            to.lane().take(new Snapshot(next, List.of(List.of(), List.of(Endpoint.tcp("127.0.0.1", 7001)))));
            to.settle();
            FakeConnection client = to.arrive(gone.removeFirst());
            to.send(client, request("SET", "k", "v"));
            assertEquals("", client.take());
            assertTrue(client.isOutputShut(), "it learns that this is the end");
            assertEquals(List.of(), to.server(0).requests(), "what it sends has no server any more");
            client.deliverFin();
            to.after(1);
            assertTrue(client.isClosed());
            assertEquals(0, to.lane().client().state().life().clients().size());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWaitForNobodyWhoLeavesWhileItsPoolGoes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.settle();
            lane.transport().letGo(false);
            move(lane, 1);
            lane.lane().client().state().life().letGo(0, 500 * MS);
            lane.transport().letGo(true);
            lane.after(20);
            assertEquals(0, lane.lane().client().state().life().toLetGo(), "it is ended in its pause, or has moved");
            assertTrue(client.isDetached() || client.isOutputShut());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepWhoIsAboutToLeaveWhenTheProcessStops(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.transport().letGo(false);
            move(lane, 1);
            lane.lane().client().state().life().drain();
            lane.transport().letGo(true);
            lane.after(1);
            assertEquals(List.of(), gone, "no lane takes anybody any more");
            assertEquals(1, lane.count(ClientHalfCounter.MOVES_REFUSED));
            assertEquals(1, lane.count(PoolCounter.CLIENT_CONNECTIONS));
            lane.lane().client().state().life().sayGoodbye();
            lane.settle();
            FakeConnection back = lane.transport().last();
            assertTrue(client.isDetached() && back.isOutputShut(), "it is told of the end as all others");
            back.deliverFin();
            lane.after(1);
            assertTrue(back.isClosed());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEndWhoArrivesWhileTheProcessStops(LaneMode mode) {
        try (LaneHarness from = LaneSpec.lane().start(mode); LaneHarness to = LaneSpec.lane().start(mode)) {
            from.connect();
            move(from, 1);
            to.lane().client().state().life().drain();
            FakeConnection client = to.arrive(gone.removeFirst());
            to.send(client, request("PING"));
            assertEquals("", client.take(), "nothing more is framed");
            to.lane().client().state().life().sayGoodbye();
            to.settle();
            assertTrue(client.isOutputShut());
            client.deliverFin();
            to.after(1);
            assertTrue(client.isClosed());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEndWhoComesBackAfterTheGoodbye(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            lane.connect();
            lane.settle();
            lane.lane().client().state().life().moves().begin(1, traveller -> gone.add(traveller));
            lane.after(1);
            lane.lane().client().state().life().drain();
            lane.lane().client().state().life().sayGoodbye();
            FakeConnection late = lane.arrive(gone.removeFirst());
            lane.settle();
            assertTrue(late.isOutputShut(), "it is told of the end as those that were there");
            late.deliverFin();
            lane.after(1);
            assertTrue(late.isClosed());
        }
    }
}
