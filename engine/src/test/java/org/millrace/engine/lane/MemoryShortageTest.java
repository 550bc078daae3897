package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Memory that runs out anywhere costs requests or connections, never the lane, and leaves nothing behind. */
class MemoryShortageTest {
    private static final int SERVERS = 3;

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldServeAgainWhenMemoryComesBack(LaneMode mode) {
        for (long seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            LaneSpec spec = LaneSpec.lane().servers(SERVERS).limit("max_memory", "16mb").pool("timeout", 1000)
                .engine("ring_slots", random.nextBoolean() ? 8 : 64).pool("server_max_queue", 1 + random.nextInt(9));
            try (LaneHarness lane = spec.start(mode)) {
                squeeze(lane, random);
                FakeConnection late = lane.connect();
                lane.send(late, request("GET", lane.keyOn(0)));
                StringBuilder got = new StringBuilder();
                for (int i = 0; i < 500 && got.isEmpty(); i++) {
                    // what was parked before goes first, through a narrow window
                    answer(lane.server(0), random);
                    lane.settle();
                    got.append(late.take());
                }
                assertEquals(1, Resp.replies(got.toString()).size());
                assertEquals('$', got.charAt(0), got::toString);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static void squeeze(LaneHarness lane, Random random) {
        List<FakeConnection> clients = new ArrayList<>();
        List<Segment> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(lane.connect());
        }
        for (int step = 0; step < 200; step++) {
            int kind = random.nextInt(12);
            if (kind < 5) {
                clients.get(random.nextInt(6)).deliverInPieces(command(lane, random), 1 + random.nextInt(9_000));
            } else if (kind < 8) {
                answer(lane.server(random.nextInt(SERVERS)), random);
            } else if (kind == 8) {
                take(random.nextBoolean() ? lane.transport().arena() : lane.serverTransport().arena(), taken, random);
            } else if (kind == 9) {
                taken.forEach(Segment::release);
                taken.clear();
            }
            lane.turn();
        }
        taken.forEach(Segment::release);
        for (FakeConnection client : clients) {
            client.end(CloseCause.RESET);
        }
        lane.settle();
        for (int i = 0; i < SERVERS; i++) {
            if (lane.server(i).attempts() > 0) {
                lane.server(i).link().end(CloseCause.RESET);
            }
        }
        lane.settle();
        lane.after(5_000);
    }

    /** Takes all memory, but for a few small pieces. */
    private static void take(SegmentArena arena, List<Segment> taken, Random random) {
        int before = taken.size();
        for (int bytes = 1 << 20; bytes >= 256; bytes /= 2) {
            for (Segment next = arena.acquire(bytes); next != null; next = arena.acquire(bytes)) {
                taken.add(next);
            }
        }
        for (int i = taken.size() > before + 2 ? random.nextInt(3) : 0; i > 0; i--) {
            Segment last = taken.removeLast();
            int bytes = last.capacity();
            last.release();
            while (bytes > 256 << random.nextInt(9)) {
                bytes /= 2;
                taken.add(arena.acquire(bytes));
            }
        }
    }

    private static String command(LaneHarness lane, Random random) {
        String key = lane.keyOn(random.nextInt(SERVERS), random.nextInt(9));
        String other = lane.keyOn(random.nextInt(SERVERS), random.nextInt(9));
        return switch (random.nextInt(6)) {
            case 0 -> request("SET", key, Resp.value(17_000 + random.nextInt(9_000)));
            case 1 -> request("MSET", key, Resp.value(17_000), other, Resp.value(17_000));
            case 2 -> request("MGET", key, other, lane.keyOn(0));
            case 3 -> request("ECHO", Resp.value(5_000));
            case 4 -> "SET " + key + " inline\r\n";
            default -> request("GET", key) + request("DEL", key, other) + request("GET", other);
        };
    }

    private static void answer(FakeServer server, Random random) {
        for (String request : server.requests()) {
            String[] words = request.split(" ");
            String reply = switch (words[0].toUpperCase(java.util.Locale.ROOT)) {
                case "MGET" -> "*" + (words.length - 1) + "\r\n"
                    + bulk(Resp.value(random.nextInt(20_000))).repeat(words.length - 1);
                case "GET" -> bulk(Resp.value(random.nextInt(20_000)));
                case "DEL" -> ":1\r\n";
                default -> "+OK\r\n";
            };
            server.link().deliverInPieces(reply, 1 + random.nextInt(9_000));
        }
    }
}
