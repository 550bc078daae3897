package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer.Door;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;
import org.millrace.io.SegmentArena;

/** What servers that hang may cost those that ask others. */
@Tag("faults")
class HungServerMemoryTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final String SHARE_FULL =
        "-ERR overloaded: no more memory for requests that wait for this server\r\n";
    private static final String SHED =
        "-ERR overloaded: memory is short, and the request waited for a server that does nothing\r\n";

    private static LaneSpec spec(int servers) {
        return LaneSpec.lane().servers(servers).limit("max_memory", "16mb");
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeALargeRequestForAHealthyServerThoughManySmallOnesWaitForAHungOne(LaneMode mode) {
        try (LaneHarness lane = spec(2).start(mode)) {
            lane.server(0).door(Door.SILENT);
            FakeConnection healthy = lane.connect();
            List<FakeConnection> waiting = connect(lane, 2400);
            String small = request("SET", lane.keyOn(0), Resp.value(100));
            for (int i = 0; i < waiting.size(); i++) {
                waiting.get(i).deliver(small.repeat(i < 300 ? 256 : 1));
                lane.turn();
            }
            lane.settle();
            takeALargeOne(lane, healthy, 200 * KIB, 10);
            assertTrue(waiting.stream().allMatch(FakeConnection::isOpen), "they keep their connections");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeALargeRequestForAHealthyServerThoughLargeOnesWaitForAHungOne(LaneMode mode) {
        try (LaneHarness lane = spec(2).start(mode)) {
            hang(lane, 0);
            FakeConnection healthy = lane.connect();
            List<FakeConnection> waiting = connect(lane, 40);
            String large = request("SET", lane.keyOn(0), Resp.value(MIB / 2));
            for (FakeConnection each : waiting) {
                each.deliverInPieces(large, 64 * KIB);
                lane.after(1);
            }
            takeALargeOne(lane, healthy, 2 * MIB, 300);
            assertTrue(lane.count(ServerHalfCounter.SHED) > 0);
            assertTrue(waiting.stream().allMatch(FakeConnection::isOpen), "they keep their connections");
            List<String> replies = waiting.stream().map(FakeConnection::take).toList();
            assertEquals(SHED, replies.get(1), "the oldest that was not sent yet");
            assertEquals(lane.count(ServerHalfCounter.SHED), replies.stream().filter(SHED::equals).count());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLetRequestsWaitForAHungServerWhileThereIsMemory(LaneMode mode) {
        try (LaneHarness lane = spec(2).pool("timeout", 5000).start(mode)) {
            hang(lane, 0);
            List<FakeConnection> waiting = connect(lane, 6);
            String large = request("SET", lane.keyOn(0), Resp.value(MIB / 4));
            waiting.forEach(each -> each.deliverInPieces(large, 64 * KIB));
            lane.settle();
            lane.after(4990);
            waiting.forEach(each -> assertEquals("", each.take()));
            lane.after(20);
            waiting.forEach(each -> assertEquals("-ERR Connection timed out\r\n", each.take()));
            assertEquals(0, lane.count(ServerHalfCounter.SHED));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRefuseNothingThatWaitsForASlowServerWhenMemoryIsShort(LaneMode mode) {
        try (LaneHarness lane = spec(2).start(mode)) {
            hang(lane, 0);
            List<FakeConnection> waiting = connect(lane, 40);
            String large = request("SET", lane.keyOn(0), Resp.value(MIB / 2));
            waiting.forEach(each -> each.deliverInPieces(large, 64 * KIB));
            lane.settle();
            for (int i = 0; i < waiting.size(); i++) {
                // it takes half of a request every 150 ms
                lane.server(0).link().allow(large.length() / 2);
                lane.after(150);
                lane.server(0).link().allow(large.length() - large.length() / 2);
                lane.after(150);
                assertEquals(1, lane.server(0).requests().size());
                lane.reply(0, "+OK\r\n");
            }
            waiting.forEach(each -> assertEquals("+OK\r\n", each.take()));
            assertEquals(0, lane.count(ServerHalfCounter.SHED));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRefuseWhatWouldWaitForAServerInMoreMemoryThanIsFree(LaneMode mode) {
        try (LaneHarness lane = spec(3).start(mode)) {
            SegmentArena arena = lane.serverTransport().arena();
            fillShare(lane, 0);
            long first = arena.bytesInUse();
            assertTrue(first > arena.plainBytes() * 2 / 5 && first < arena.plainBytes() * 3 / 5, first + " bytes");
            fillShare(lane, 1);
            long second = arena.bytesInUse() - first;
            assertTrue(second > arena.plainBytes() / 5 && second < arena.plainBytes() * 3 / 10, second + " bytes");
            FakeConnection healthy = lane.connect();
            lane.send(healthy, request("SET", lane.keyOn(2), Resp.value(8 * KIB)));
            lane.reply(2, "+OK\r\n");
            assertEquals("+OK\r\n", healthy.take());
            lane.server(0).link().stand();
            lane.settle();
            assertTrue(lane.server(0).requests().size() > 100, "what waits is sent");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldChargeWhatWaitsToItsClientUntilItIsSentOrItsClientIsGone(LaneMode mode) {
        try (LaneHarness lane = spec(2).start(mode)) {
            lane.server(0).door(Door.SILENT);
            FakeConnection stays = lane.connect();
            lane.send(stays, request("SET", lane.keyOn(0), Resp.value(3000)));
            FakeConnection leaves = lane.connect();
            lane.send(leaves, request("MSET", lane.keyOn(0), Resp.value(3000), lane.keyOn(1), "v"));
            lane.reply(1, "+OK\r\n");
            assertEquals(4096 + 4096, poolBytes(lane));
            leaves.end(CloseCause.RESET);
            lane.settle();
            assertEquals(4096, poolBytes(lane));
            lane.server(0).link().stand();
            lane.settle();
            assertEquals(0, poolBytes(lane));
            assertEquals(2, lane.server(0).requests().size(), "the writes of those that are gone are sent");
            lane.reply(0, "+OK\r\n+OK\r\n");
            assertEquals("+OK\r\n", stays.take());
        }
    }

    private static long poolBytes(LaneHarness lane) {
        return lane.lane().client().state().account(0).bytes();
    }

    private static List<FakeConnection> connect(LaneHarness lane, int clients) {
        List<FakeConnection> connected = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            connected.add(lane.connect());
        }
        return connected;
    }

    /** It has taken connections, and takes no byte more. */
    private static void hang(LaneHarness lane, int server) {
        FakeConnection first = lane.connect();
        lane.send(first, request("GET", lane.keyOn(server)));
        lane.reply(server, "$-1\r\n");
        lane.server(server).requests();
        lane.server(server).link().allow(0);
    }

    private static void fillShare(LaneHarness lane, int server) {
        lane.server(server).door(Door.SILENT);
        String request = request("SET", lane.keyOn(server), Resp.value(4000));
        for (int i = 0; i < 4000; i++) {
            FakeConnection client = lane.connect();
            lane.send(client, request);
            String reply = client.take();
            if (!reply.isEmpty()) {
                assertEquals(SHARE_FULL, reply);
                assertTrue(client.isOpen());
                return;
            }
        }
        throw new AssertionError("never refused");
    }

    private static void takeALargeOne(LaneHarness lane, FakeConnection healthy, int bytes, int withinMs) {
        healthy.deliverInPieces(request("SET", lane.keyOn(1), Resp.value(bytes)), 20 * KIB);
        for (int i = 0; i < withinMs && (lane.server(1).attempts() == 0 || healthy.unread() > 0); i++) {
            lane.after(1);
        }
        assertTrue(healthy.isOpen(), "closed: " + healthy.cause());
        assertEquals(0, healthy.unread(), "not read for " + withinMs + " ms");
        lane.reply(1, "+OK\r\n");
        assertEquals("+OK\r\n", healthy.take());
    }
}
