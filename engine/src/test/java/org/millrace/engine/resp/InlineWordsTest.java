package org.millrace.engine.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.io.CloseCause;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Inline commands with words of any length that a line may have mean the same as framed ones. */
class InlineWordsTest {
    private static final int LONG = LaneSetup.COPY_THRESHOLD;
    private static final int PIECE = 64 << 10;
    private static final int SERVERS = 3;

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerAnUnknownCommandWithLongWords(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "foo " + "9".repeat(LONG) + " bar\r\n");
            assertEquals("-ERR unknown command 'foo', with args beginning with: '' 'bar' \r\n", client.take());
            lane.send(client, "9".repeat(LONG) + " bar\r\n");
            assertEquals("-ERR unknown command '', with args beginning with: 'bar' \r\n", client.take());
            lane.send(client, "CLIENT " + "9".repeat(LONG) + "\r\n");
            assertTrue(client.take().startsWith("-ERR unknown subcommand ''"));
            assertFalse(client.isClosed());
            assertEquals(0, lane.server(0).attempts());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldForwardLongInlineWords(LaneMode mode) {
        for (int length : new int[] {LONG - 1, LONG, LONG + 1, 60_000}) {
            try (LaneHarness lane = LaneSpec.lane().start(mode)) {
                FakeConnection client = lane.connect();
                String value = Resp.value(length);
                lane.send(client, "SET k " + value + "\r\nGET " + value + "\r\nPING\r\n");
                assertEquals(request("SET", "k", value) + request("GET", value), lane.server(0).link().take());
                lane.reply(0, "+OK\r\n$-1\r\n");
                assertEquals("+OK\r\n$-1\r\n+PONG\r\n", client.take());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerLongInlineWordsItself(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            String value = Resp.value(40_000);
            lane.send(client, "ECHO " + value + "\r\n");
            assertEquals(bulk(value), client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSplitLongInlineWordsAcrossServers(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String value = Resp.value(20_000);
            String first = lane.keyOn(0);
            String second = lane.keyOn(1);
            lane.send(client, "MSET " + first + " " + value + " " + second + " short\r\n");
            assertEquals(List.of("mset " + first + " " + value), lane.server(0).requests());
            assertEquals(List.of("mset " + second + " short"), lane.server(1).requests());
            lane.reply(0, "+OK\r\n");
            lane.reply(1, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
        }
    }

    /** Whatever is missing, the client is served or closed, and nothing is left behind. */
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLeaveNothingBehindWhereMemoryEnds(LaneMode mode) {
        int served = 0;
        for (int free = 0; free < 12; free++) {
            try (LaneHarness lane = LaneSpec.lane().limit("max_memory", "16mb").start(mode)) {
                FakeConnection client = lane.connect();
                SegmentArena arena = lane.transport().arena();
                List<Segment> taken = new ArrayList<>();
                for (Segment each = arena.acquire(PIECE); each != null; each = arena.acquire(PIECE)) {
                    taken.add(each);
                }
                for (int i = 0; i < free; i++) {
                    taken.removeFirst().release();
                }
                client.deliver("foo " + Resp.value(50_000) + "\r\n");
                lane.settle();
                String answer = client.take();
                assertTrue(answer.isEmpty() || answer.startsWith("-ERR unknown command 'foo'"), answer);
                served += answer.isEmpty() ? 0 : 1;
                taken.forEach(Segment::release);
            }
        }
        assertTrue(served > 0 && served < 12, "served " + served);
    }

    /** The same words inline and framed get the same answers and make the same requests. */
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDoWithAnyInlineLineWhatItDoesWithTheSameWordsFramed(LaneMode mode) {
        for (long seed = 1; seed <= 12; seed++) {
            Random random = new Random(seed);
            try (LaneHarness inline = LaneSpec.lane().servers(SERVERS).start(mode);
                LaneHarness framed = LaneSpec.lane().servers(SERVERS).start(mode)) {
                for (int line = 0; line < 40; line++) {
                    String[] words = words(random);
                    FakeConnection a = inline.connect();
                    FakeConnection b = framed.connect();
                    sendLine(inline, a, String.join(" ", words) + "\r\n", random);
                    framed.send(b, request(words));
                    compare(inline, framed, a, b);
                }
                assertEquals(0, inline.count(ClientHalfCounter.PROTOCOL_ERRORS));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static void sendLine(LaneHarness lane, FakeConnection client, String line, Random random) {
        if (random.nextInt(4) == 0) {
            client.deliverInPieces(line, 1 + random.nextInt(30_000));
            lane.settle();
        } else {
            lane.send(client, line);
        }
    }

    private static void compare(LaneHarness inline, LaneHarness framed, FakeConnection a, FakeConnection b) {
        for (int server = 0; server < SERVERS; server++) {
            List<String> requests = inline.server(server).requests();
            assertEquals(framed.server(server).requests(), requests);
            for (int i = 0; i < requests.size(); i++) {
                inline.reply(server, "$1\r\n" + i + "\r\n");
                framed.reply(server, "$1\r\n" + i + "\r\n");
            }
        }
        assertEquals(b.take(), a.take());
        assertEquals(b.isClosed(), a.isClosed());
        a.end(CloseCause.PEER_CLOSED);
        b.end(CloseCause.PEER_CLOSED);
        inline.settle();
        framed.settle();
    }

    private static String[] words(Random random) {
        String[] names = {"foo", "SET", "GET", "DEL", "ECHO", "PING", "CLIENT", "COMMAND", "HELLO", "AUTH", "EVAL",
            "XREAD", "KEYS", "SELECT", "OBJECT", "ZUNION", ""};
        String[] second = {"GETKEYS", "SETNAME", "INFO", "DOCS", "2", "COUNT", "STREAMS", "ENCODING"};
        String[] words = new String[1 + random.nextInt(5)];
        int left = 65_000;
        for (int i = 0; i < words.length; i++) {
            String word = i == 0 ? names[random.nextInt(names.length)]
                : i == 1 && random.nextBoolean() ? second[random.nextInt(second.length)] : "";
            if (word.isEmpty()) {
                int most = random.nextBoolean() ? 20 : 40_000;
                word = word(random, Math.max(1, Math.min(left - 100, 1 + random.nextInt(most))));
            }
            words[i] = word;
            left -= word.length() + 1;
        }
        return words;
    }

    /** Digits, header signs or letters: what a view that has lost its way would follow. */
    private static String word(Random random, int length) {
        String alphabet = random.nextBoolean() ? "9" : random.nextBoolean() ? "$0123456789" : "ab*$-1";
        StringBuilder word = new StringBuilder(length);
        // no inline command begins with an asterisk
        word.append('x');
        while (word.length() < length) {
            word.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return word.toString();
    }
}
