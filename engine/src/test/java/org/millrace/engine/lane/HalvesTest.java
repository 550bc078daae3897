package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** Both halves together, and against each other: in whatever order they are stepped, nothing is lost or mixed up. */
class HalvesTest {
    private static final int SERVERS = 3;
    private static final int CLIENTS = 5;

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPassARequestAndItsReply(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "k", "v"));
            assertEquals(List.of("SET k v"), lane.server(0).requests());
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPassALargeValueBothWaysWithoutCopyingIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            String value = Resp.value(300_000);
            client.deliverInPieces(request("SET", "k", value), 50_000);
            lane.settle();
            assertEquals(List.of("SET k " + value), lane.server(0).requests());
            lane.server(0).link().deliverInPieces(bulk(value), 70_001);
            lane.settle();
            assertEquals(bulk(value), client.take());
            assertTrue(lane.lane().client().state().messages().bytesCopied() < 300);
            assertTrue(lane.lane().server().state().messages().bytesCopied() < 300);
        }
    }

    @Test
    void shouldKeepEachSlotsBytesUntilTheOtherHalfHasPassedIt() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.SPLIT)) {
            FakeConnection client = lane.connect();
            client.deliver(request("GET", "a"));
            lane.turnOf(0);
            client.deliver(request("GET", "b"));
            lane.turnOf(0);
            lane.turnOf(0);
            assertEquals(2, lane.transport().arena().segmentsInUse(), "the server half has not come by yet");
            lane.settle();
            assertEquals(0, lane.transport().arena().segmentsInUse());
            assertEquals(List.of("GET a", "GET b"), lane.server(0).requests());
            lane.server(0).reply("+a\r\n");
            lane.turnOf(1);
            lane.server(0).reply("+b\r\n");
            lane.turnOf(1);
            assertEquals(2, lane.serverTransport().arena().segmentsInUse(), "nor has the client half");
            lane.settle();
            assertEquals(0, lane.serverTransport().arena().segmentsInUse());
            assertEquals("+a\r\n+b\r\n", client.take());
        }
    }

    @Test
    void shouldNotWakeAHalfThatDoesNotWait() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.SPLIT)) {
            FakeConnection client = lane.connect();
            int before = lane.serverTransport().wakeUps();
            client.deliver(request("GET", "a"));
            lane.turnOf(0);
            assertEquals(before, lane.serverTransport().wakeUps(), "it does not wait, so it need not be woken");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldMixNothingUpInWhateverOrderTheHalvesAreStepped(LaneMode mode) {
        for (long seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            LaneSpec spec = LaneSpec.lane().servers(SERVERS).engine("ring_slots", random.nextBoolean() ? 8 : 64)
                .pool("server_connections", 1).pool("server_max_queue", 1 + random.nextInt(20))
                .limit("client_max_queue", 1 + random.nextInt(30))
                .limit("client_frames_per_turn", 1 + random.nextInt(10));
            try (LaneHarness lane = spec.start(mode)) {
                new Play(lane, random, mode == LaneMode.SPLIT).run("seed " + seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** Clients that pipeline, servers that answer in pieces, halves that run as chance has it. */
    private static final class Play {
        private final LaneHarness lane;
        private final Random random;
        private final boolean split;
        private final List<FakeConnection> clients = new ArrayList<>();
        private final List<StringBuilder> expected = new ArrayList<>();
        private final List<StringBuilder> got = new ArrayList<>();

        Play(LaneHarness lane, Random random, boolean split) {
            this.lane = lane;
            this.random = random;
            this.split = split;
        }

        void run(String name) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(lane.connect());
                expected.add(new StringBuilder());
                got.add(new StringBuilder());
                StringBuilder wire = new StringBuilder();
                for (int n = 0; n < 40; n++) {
                    wire.append(command(expected.get(i)));
                }
                clients.get(i).deliverInPieces(wire.toString(), 1 + random.nextInt(20_000));
            }
            FakeConnection quitter = lane.connect();
            quitter.deliver(command(new StringBuilder()) + command(new StringBuilder()));
            for (int step = 0; step < 20_000 && !isDone(); step++) {
                step();
                if (step == 40) {
                    quitter.end(CloseCause.RESET);
                }
            }
            for (int i = 0; i < CLIENTS; i++) {
                assertEquals(expected.get(i).toString(), got.get(i).toString(), name + ", client " + i);
            }
        }

        private String command(StringBuilder reply) {
            int kind = random.nextInt(8);
            String key = lane.keyOn(random.nextInt(SERVERS), random.nextInt(20));
            if (kind == 0) {
                reply.append("+PONG\r\n");
                return request("PING");
            }
            if (kind == 1) {
                reply.append("+OK\r\n");
                return request("SET", key, Resp.value(16_300 + random.nextInt(200)));
            }
            if (kind == 2) {
                String other = lane.keyOn(random.nextInt(SERVERS), random.nextInt(20));
                reply.append("*2\r\n").append(valueOf(key)).append(valueOf(other));
                return request("MGET", key, other);
            }
            reply.append(valueOf(key));
            return request("GET", key);
        }

        /** Every server has every key, with a value that follows from its name; every tenth is large. */
        private static String valueOf(String key) {
            return bulk(key.endsWith("7") ? key + Resp.value(20_000) : key + "'s value");
        }

        private void step() {
            int server = random.nextInt(SERVERS);
            if (random.nextInt(3) == 0) {
                answer(lane.server(server));
            }
            if (!split) {
                lane.turn();
            } else {
                lane.turnOf(random.nextInt(2));
            }
            for (int i = 0; i < CLIENTS; i++) {
                got.get(i).append(clients.get(i).take());
            }
        }

        private void answer(FakeServer server) {
            for (String request : server.requests()) {
                String[] words = request.split(" ");
                StringBuilder reply = new StringBuilder();
                if (words[0].equalsIgnoreCase("MGET")) {
                    reply.append('*').append(words.length - 1).append("\r\n");
                    for (int i = 1; i < words.length; i++) {
                        reply.append(valueOf(words[i]));
                    }
                } else {
                    reply.append(words[0].equals("GET") ? valueOf(words[1]) : "+OK\r\n");
                }
                server.link().deliverInPieces(reply.toString(), 1 + random.nextInt(30_000));
            }
        }

        private boolean isDone() {
            for (int i = 0; i < CLIENTS; i++) {
                if (got.get(i).length() < expected.get(i).length()) {
                    return false;
                }
            }
            return true;
        }
    }
}
