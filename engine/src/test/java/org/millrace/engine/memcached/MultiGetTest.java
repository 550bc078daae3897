package org.millrace.engine.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer.Door;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** A request for values of several servers: how it is split, how the replies become one. */
class MultiGetTest {
    private static String value(String key, String data) {
        return "VALUE " + key + " 0 " + data.length() + "\r\n" + data + "\r\n";
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutValuesIntoTheOrderOfTheKeysWhateverMisses(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(2).start(mode)) {
            FakeConnection client = lane.connect();
            String a = lane.keyOn(0, 0);
            String b = lane.keyOn(1, 0);
            String c = lane.keyOn(0, 1);
            String d = lane.keyOn(1, 1);
            lane.send(client, "gets " + a + "  " + b + ' ' + c + ' ' + d + ' ' + a + " \r\n");
            assertEquals("gets " + a + ' ' + c + ' ' + a + "\r\n", lane.server(0).link().take());
            assertEquals("gets " + b + ' ' + d + "\r\n", lane.server(1).link().take());
            lane.reply(1, value(d, "D") + "END\r\n");
            assertEquals("", client.take());
            lane.reply(0, value(a, "A") + value(a, "A") + "END\r\n");
            assertEquals(value(a, "A") + value(d, "D") + value(a, "A") + "END\r\n", client.take());
            lane.send(client, "get " + a + ' ' + b + "\r\n");
            lane.reply(0, "END\r\n");
            lane.reply(1, "END\r\n");
            assertEquals("END\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLeaveARequestAloneWhoseKeysLiveTogether(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(2).start(mode)) {
            FakeConnection client = lane.connect();
            String line = "gat  10 " + lane.keyOn(1, 0) + ' ' + lane.keyOn(1, 1) + "\r\n";
            lane.send(client, line);
            assertEquals(line, lane.server(1).link().take());
            lane.reply(1, "END\r\n");
            assertEquals("END\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWeaveLargeValuesWithoutCopyingThem(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(2).start(mode)) {
            FakeConnection client = lane.connect();
            String a = lane.keyOn(0, 0);
            String b = lane.keyOn(1, 0);
            String c = lane.keyOn(0, 1);
            lane.send(client, "get " + a + ' ' + b + ' ' + c + "\r\n");
            String large = value(a, Resp.value(60_000));
            String larger = value(b, Resp.value(90_000));
            lane.server(0).link().deliverInPieces(large + value(c, "s") + "END\r\n", 10_000);
            lane.server(1).link().deliverInPieces(larger + "END\r\n", 33_333);
            lane.settle();
            assertEquals(large + larger + value(c, "s") + "END\r\n", client.take());
            assertTrue(lane.lane().server().state().messages().bytesCopied() < 1_000);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerOneErrorAndKeepTheClientIfAFragmentFails(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(2).start(mode)) {
            FakeConnection client = lane.connect();
            String line = "get " + lane.keyOn(0) + ' ' + lane.keyOn(1) + "\r\n";
            lane.send(client, line);
            lane.reply(0, "SERVER_ERROR out of memory writing get response\r\n");
            lane.reply(1, value(lane.keyOn(1), "x") + "END\r\n");
            assertEquals("SERVER_ERROR out of memory writing get response\r\n", client.take(), "byte for byte");
            lane.send(client, line);
            lane.reply(0, value(lane.keyOn(0), "x") + "SERVER_ERROR in the middle\r\n");
            lane.reply(1, "END\r\n");
            assertEquals("SERVER_ERROR in the middle\r\n", client.take());
            lane.send(client, line);
            lane.reply(0, value("another", "x") + "END\r\n");
            lane.reply(1, "END\r\n");
            assertEquals("SERVER_ERROR Invalid argument\r\n", client.take());
            lane.send(client, line);
            lane.reply(0, "END\r\n");
            lane.server(1).door(Door.SHUT);
            lane.server(1).link().end(CloseCause.PEER_CLOSED);
            lane.settle();
            assertEquals("SERVER_ERROR unknown\r\n", client.take());
            lane.send(client, "get " + lane.keyOn(0) + "\r\n");
            lane.reply(0, "END\r\n");
            assertEquals("END\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWriteNoLineOfGatThatAServerWouldNotTake(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(2).start(mode)) {
            FakeConnection client = lane.connect();
            StringBuilder line = new StringBuilder("gats 100");
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                keys.add(i + "x".repeat(200));
                line.append(' ').append(keys.getLast());
            }
            lane.send(client, line + "\r\n");
            StringBuilder expected = new StringBuilder();
            keys.forEach(key -> expected.append(value(key, "v")));
            int lines = 0;
            for (int server = 0; server < 2; server++) {
                StringBuilder reply = new StringBuilder();
                for (String sent : lane.server(server).link().take().split("\r\n")) {
                    assertTrue(sent.length() + 2 <= 2048 && sent.startsWith("gats 100 "), sent);
                    for (String key : sent.substring("gats 100 ".length()).split(" ")) {
                        reply.append(value(key, "v"));
                    }
                    reply.append("END\r\n");
                    lines++;
                }
                lane.reply(server, reply.toString());
            }
            assertTrue(lines > 4);
            assertEquals(expected + "END\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWeaveAnyMissesOfAnyKeys(LaneMode mode) {
        Random random = new Random(7);
        try (LaneHarness lane = RequestsTest.pool(3).start(mode)) {
            FakeConnection client = lane.connect();
            for (int round = 0; round < 200; round++) {
                StringBuilder line = new StringBuilder("get");
                StringBuilder expected = new StringBuilder();
                StringBuilder[] replies = {new StringBuilder(), new StringBuilder(), new StringBuilder()};
                boolean[] asked = new boolean[3];
                int count = 2 + random.nextInt(12);
                for (int i = 0; i < count; i++) {
                    int server = random.nextInt(3);
                    int which = random.nextInt(4);
                    String key = lane.keyOn(server, which);
                    line.append(' ').append(key);
                    asked[server] = true;
                    if ((round + which + server) % 3 != 0) {
                        expected.append(value(key, key));
                        replies[server].append(value(key, key));
                    }
                }
                lane.send(client, line + "\r\n");
                for (int server = 0; server < 3; server++) {
                    if (asked[server]) {
                        lane.reply(server, replies[server] + "END\r\n");
                    }
                }
                assertEquals(expected + "END\r\n", client.take(), line.toString());
            }
        }
    }
}
