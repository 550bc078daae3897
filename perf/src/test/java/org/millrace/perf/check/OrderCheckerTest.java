package org.millrace.perf.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.perf.server.FakeServer;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** The checker agrees with Redis and with no liar. */
@Timeout(120)
class OrderCheckerTest {
    private static final Set<CheckCommand> ONLY_SET_AND_GET =
        EnumSet.complementOf(EnumSet.of(CheckCommand.SET, CheckCommand.GET, CheckCommand.STRLEN));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldFindNothingWrongWithRedis(long seed) throws Exception {
        try (LocalRedis redis = LocalRedis.start()) {
            CheckResult result = OrderChecker.run(new CheckConfig().target(redis.address()).connections(11)
                .threads(2).requests(20_000).seed(seed));
            assertTrue(result.isOk(), () -> "seed " + seed + ": " + result);
            assertTrue(result.answered() >= 20_000);
            assertEquals("0", redis.call("DBSIZE"), "its keys are removed");
        }
    }

    @Test
    void shouldAcceptAnHonestFake() throws Exception {
        CheckResult result = check(new Honest(), 500);
        assertTrue(result.isOk(), result::toString);
    }

    @Test
    void shouldNoticeShiftedReplies() throws Exception {
        Honest honest = new Honest();
        String[] held = new String[1];
        CheckResult result = check((number, request) -> {
            String reply = honest.answer(number, request);
            if (number < 100) {
                return reply;
            }
            String previous = held[0];
            held[0] = reply;
            return previous == null ? "+OK\r\n" : previous;
        }, 500);
        assertFalse(result.isOk());
        assertTrue(result.wrong() > 20, result::toString);
        assertFalse(result.texts().isEmpty());
    }

    @Test
    void shouldNoticeOneWrongByteInOneValue() throws Exception {
        Honest honest = new Honest();
        boolean[] lied = new boolean[1];
        CheckResult result = check((number, request) -> {
            String reply = honest.answer(number, request);
            if (!lied[0] && "GET".equals(request.getFirst()) && reply.length() > 50) {
                lied[0] = true;
                return reply.substring(0, 30) + (reply.charAt(30) == 'a' ? 'b' : 'a') + reply.substring(31);
            }
            return reply;
        }, 500);
        assertTrue(lied[0]);
        assertEquals(1, result.wrong(), result::toString);
        assertTrue(result.texts().getFirst().contains("GET check:"), result::toString);
    }

    @Test
    void shouldNoticeSwappedReplies() throws Exception {
        Honest honest = new Honest();
        String[] held = new String[1];
        CheckResult result = check((number, request) -> {
            String reply = honest.answer(number, request);
            if (number == 200) {
                held[0] = reply;
                return null;
            }
            return number == 201 ? reply + held[0] : reply;
        }, 500);
        // Two +OK can change places and nobody could tell; with values of a key of their own these two do not.
        assertTrue(result.wrong() == 2 || held[0].startsWith("+") && result.wrong() <= 2, result::toString);
    }

    @Test
    void shouldNotHangWhenAnAnswerDoesNotCome() throws Exception {
        Honest honest = new Honest();
        CheckResult result = check((number, request) -> {
            String reply = honest.answer(number, request);
            return number >= 300 ? null : reply;
        }, 500);
        assertFalse(result.isOk());
        assertEquals(0, result.wrong());
        assertTrue(result.unanswered() > 0);
        assertTrue(result.texts().getFirst().contains("no answer"), result::toString);
    }

    @Test
    void shouldNoticeAReplyTooMany() throws Exception {
        Honest honest = new Honest();
        CheckResult result = check((number, request) -> {
            String reply = honest.answer(number, request);
            return number == 400 ? reply + "+OK\r\n" : reply;
        }, 500);
        assertFalse(result.isOk());
        assertTrue(result.wrong() > 0);
    }

    @Test
    void shouldGiveUpAfterTooManyWrongReplies() throws Exception {
        try (FakeServer fake = FakeServer.start((number, request) -> "+NO\r\n")) {
            CheckResult result = OrderChecker.run(new CheckConfig().target(fake.address()).connections(1)
                .requests(100_000_000).maxWrong(50));
            assertTrue(result.wrong() >= 50);
            assertFalse(result.isOk());
        }
    }

    @Test
    void shouldRefuseToStartWithoutATarget() throws Exception {
        int port = FreePort.find();
        CheckConfig config = new CheckConfig().target(new InetSocketAddress("127.0.0.1", port)).requests(1);
        IOException e = assertThrows(IOException.class, () -> OrderChecker.run(config));
        assertTrue(e.getMessage().contains("cannot connect"), e.getMessage());
    }

    private static CheckResult check(FakeServer.Script script, long requests) throws Exception {
        try (FakeServer fake = FakeServer.start(script)) {
            return OrderChecker.run(new CheckConfig().target(fake.address()).connections(1).requests(requests)
                .timeoutNs(TimeUnit.MILLISECONDS.toNanos(500)).maxValueSize(4096).skip(ONLY_SET_AND_GET));
        }
    }

    /** A tiny Redis for SET, GET, STRLEN and DEL. */
    private static final class Honest implements FakeServer.Script {
        private final Map<String, String> values = new HashMap<>();

        @Override
        public String answer(int number, List<String> request) {
            String value = values.get(request.get(1));
            return switch (request.getFirst()) {
                case "SET" -> {
                    values.put(request.get(1), request.get(2));
                    yield "+OK\r\n";
                }
                case "GET" -> value == null ? "$-1\r\n" : "$" + bytes(value) + "\r\n" + value + "\r\n";
                case "STRLEN" -> ":" + (value == null ? 0 : bytes(value)) + "\r\n";
                case "DEL" -> ":" + request.stream().filter(key -> values.remove(key) != null).count() + "\r\n";
                default -> "-ERR unknown\r\n";
            };
        }

        private static int bytes(String value) {
            return value.getBytes(StandardCharsets.ISO_8859_1).length;
        }
    }
}
