package org.millrace.engine.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer.Door;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** One request for several servers: how it is split, how the replies become one. */
class ScatterPlanTest {
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutValuesIntoTheOrderOfTheKeys(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String a = lane.keyOn(0, 0);
            String b = lane.keyOn(1, 0);
            String c = lane.keyOn(0, 1);
            lane.send(client, request("MGET", a, b, c, a));
            assertEquals(List.of("mget " + a + " " + c + " " + a), lane.server(0).requests());
            assertEquals(List.of("mget " + b), lane.server(1).requests());
            lane.reply(1, "*1\r\n$-1\r\n");
            assertEquals("", client.take());
            lane.reply(0, "*3\r\n$1\r\nA\r\n$1\r\nC\r\n$1\r\nA\r\n");
            assertEquals("*4\r\n$1\r\nA\r\n$-1\r\n$1\r\nC\r\n$1\r\nA\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWeaveLargeValuesWithoutCopyingThem(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String large = Resp.value(60_000);
            String larger = Resp.value(90_000);
            lane.send(client, request("MGET", lane.keyOn(0, 0), lane.keyOn(1, 0), lane.keyOn(0, 1), lane.keyOn(1, 1)));
            lane.server(0).link().deliverInPieces("*2\r\n" + bulk(large) + bulk("s"), 10_000);
            lane.server(1).link().deliverInPieces("*2\r\n" + bulk("t") + bulk(larger), 33_333);
            lane.settle();
            assertEquals("*4\r\n" + bulk(large) + bulk("t") + bulk("s") + bulk(larger), client.take());
            assertTrue(lane.lane().server().state().messages().bytesCopied() < 1_000);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSplitLargeValuesWithoutCopyingThem(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(3).start(mode)) {
            FakeConnection client = lane.connect();
            List<String> words = new ArrayList<>(List.of("MSET"));
            for (int i = 0; i < 3; i++) {
                words.addAll(List.of(lane.keyOn(i, 0), Resp.value(40_000 + i), lane.keyOn(i, 1), "small"));
            }
            client.deliverInPieces(request(words.toArray(String[]::new)), 7_000);
            lane.settle();
            for (int i = 0; i < 3; i++) {
                assertEquals(List.of("mset " + lane.keyOn(i, 0) + ' ' + Resp.value(40_000 + i) + ' '
                    + lane.keyOn(i, 1) + " small"), lane.server(i).requests());
            }
            assertEquals(0, lane.lane().client().state().messages().inUse(), "all is written");
            assertTrue(lane.lane().server().state().messages().bytesCopied() < 2_000);
            lane.reply(0, "+OK\r\n");
            lane.reply(1, "+OK\r\n");
            lane.reply(2, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepALargeRequestWhileOneOfItsPartsWaits(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            lane.server(1).door(Door.SILENT);
            FakeConnection client = lane.connect();
            String value = Resp.value(40_000);
            lane.send(client, request("MSET", lane.keyOn(0), value, lane.keyOn(1), value));
            assertEquals(1, lane.server(0).requests().size());
            assertEquals(1, lane.lane().client().state().messages().inUse());
            lane.server(1).link().stand();
            lane.settle();
            assertEquals(List.of("mset " + lane.keyOn(1) + ' ' + value), lane.server(1).requests());
            lane.reply(0, "+OK\r\n");
            lane.reply(1, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAddUpNumbers(LaneMode mode) {
        for (String command : List.of("DEL", "UNLINK", "TOUCH", "EXISTS")) {
            try (LaneHarness lane = LaneSpec.lane().servers(3).start(mode)) {
                FakeConnection client = lane.connect();
                lane.send(client, request(command, lane.keyOn(0), lane.keyOn(1), lane.keyOn(2)));
                lane.reply(2, ":1\r\n");
                lane.reply(0, ":20\r\n");
                lane.reply(1, ":300\r\n");
                assertEquals(":321\r\n", client.take());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSendARequestWholeWhoseKeysLiveTogether(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("MGET", lane.keyOn(1, 0), lane.keyOn(1, 1)));
            assertEquals(List.of("MGET " + lane.keyOn(1, 0) + ' ' + lane.keyOn(1, 1)), lane.server(1).requests());
            lane.reply(1, "*2\r\n$-1\r\n$-1\r\n");
            assertEquals("*2\r\n$-1\r\n$-1\r\n", client.take());
            lane.send(client, request("SUNION", lane.keyOn(0), lane.keyOn(1)));
            assertEquals("-CROSSSLOT Keys in request don't hash to the same server\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellTheFirstErrorOfItsParts(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(3).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("DEL", lane.keyOn(0), lane.keyOn(1), lane.keyOn(2)));
            lane.reply(2, "-ERR second\r\n");
            lane.reply(1, "-LOADING first\r\n");
            assertEquals("", client.take(), "no answer before all parts are in");
            lane.reply(0, ":1\r\n");
            assertEquals("-LOADING first\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRefuseAReplyThatDoesNotFit(LaneMode mode) {
        for (String odd : List.of("+OK\r\n", ":1\r\n", "$1\r\nx\r\n", "*1\r\n$1\r\nx\r\n", "*-1\r\n")) {
            try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
                FakeConnection client = lane.connect();
                lane.send(client, request("MGET", lane.keyOn(0), lane.keyOn(1), lane.keyOn(0, 1)));
                lane.reply(0, odd);
                lane.reply(1, "*1\r\n$1\r\ny\r\n");
                assertEquals("-ERR Invalid argument\r\n", client.take(), odd);
                lane.send(client, request("MSET", lane.keyOn(0), "1", lane.keyOn(1), "2"));
                lane.reply(0, ":7\r\n");
                lane.reply(1, "+OK\r\n");
                assertEquals("-ERR Invalid argument\r\n", client.take());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellWhyAPartFailed(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(3).start(mode)) {
            lane.server(1).door(Door.SHUT);
            FakeConnection client = lane.connect();
            lane.send(client, request("MGET", lane.keyOn(0), lane.keyOn(1), lane.keyOn(2)));
            lane.reply(0, "*1\r\n" + bulk(Resp.value(20_000)));
            lane.server(2).link().end(CloseCause.RESET);
            lane.settle();
            assertEquals("-ERR Connection refused\r\n", client.take());
            assertEquals(0, lane.lane().server().state().messages().inUse());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTimeOutAsAWholeAndSwallowLateParts(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("DEL", lane.keyOn(0), lane.keyOn(1)));
            lane.reply(0, ":1\r\n");
            lane.after(150);
            assertEquals("-ERR Connection timed out\r\n", client.take());
            lane.send(client, request("GET", lane.keyOn(1)));
            lane.reply(1, ":1\r\n+v\r\n");
            assertEquals("+v\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLeaveNothingWhenTheClientGoes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("MGET", lane.keyOn(0), lane.keyOn(1)));
            lane.reply(0, "*1\r\n" + bulk(Resp.value(20_000)));
            client.end(CloseCause.RESET);
            lane.settle();
            lane.reply(1, "*1\r\n" + bulk(Resp.value(20_000)));
            assertEquals(0, lane.lane().server().state().messages().inUse());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldReachMoreServersThanARingHasSlots(LaneMode mode) {
        int servers = 20;
        try (LaneHarness lane = LaneSpec.lane().servers(servers).engine("ring_slots", 8).start(mode)) {
            FakeConnection client = lane.connect();
            List<String> words = new ArrayList<>(List.of("DEL"));
            for (int i = 0; i < servers; i++) {
                words.add(lane.keyOn(i));
            }
            lane.send(client, request(words.toArray(String[]::new)));
            for (int i = 0; i < servers; i++) {
                assertEquals(List.of("del " + lane.keyOn(i)), lane.server(i).requests());
                lane.reply(i, ":1\r\n");
            }
            assertEquals(":20\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCountEachPartAsARequest(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("DEL", lane.keyOn(0), lane.keyOn(1)));
            lane.reply(0, ":1\r\n");
            lane.reply(1, "-ERR x\r\n");
            assertEquals(1, lane.count(0, ServerCounter.REQUESTS));
            assertEquals(1, lane.count(1, ServerCounter.REQUESTS));
            assertEquals(0, lane.count(PoolCounter.FRAGMENTS));
            assertEquals("-ERR x\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAgreeWithAModelForRandomKeys(LaneMode mode) {
        for (long seed = 1; seed <= 30; seed++) {
            Random random = new Random(seed);
            try (LaneHarness lane = LaneSpec.lane().servers(4).start(mode)) {
                FakeConnection client = lane.connect();
                StringBuilder expected = new StringBuilder();
                List<String> words = new ArrayList<>(List.of("MGET"));
                List<StringBuilder> replies = new ArrayList<>();
                int[] counts = new int[4];
                for (int i = 0; i < 4; i++) {
                    replies.add(new StringBuilder());
                }
                int keys = 4 + random.nextInt(60);
                for (int i = 0; i < keys; i++) {
                    int server = i < 4 ? i : random.nextInt(4);
                    words.add(lane.keyOn(server, random.nextInt(5)));
                    String element = random.nextInt(4) == 0 ? "$-1\r\n"
                        : bulk(Resp.value(random.nextInt(10) == 0 ? 16_384 + random.nextInt(9) : random.nextInt(50)));
                    expected.append(element);
                    replies.get(server).append(element);
                    counts[server]++;
                }
                lane.send(client, request(words.toArray(String[]::new)));
                for (int i = 0; i < 4; i++) {
                    String reply = "*" + counts[i] + "\r\n" + replies.get(i);
                    lane.server(i).link().deliverInPieces(reply, 1 + random.nextInt(9_000));
                    lane.settle();
                }
                assertEquals("*" + keys + "\r\n" + expected, client.take(), "seed " + seed);
            }
        }
    }
}
