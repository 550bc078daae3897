package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.perf.server.FreePort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.Slowlog;

/** A request that one server is slow with is found in the slow log, with that server and its stage, by real clients. */
@Timeout(60)
@Tag("alone")
class SlowLogTest {
    private static final int PAUSE_MS = 300;
    /** Slower than what a busy machine makes slow. */
    private static final int SLOW_US = 200_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String FIELDS = "server=(\\S*) link_wait_us=(\\d+) server_us=(\\d+) order_wait_us=(\\d+)";

    private static ProxyKit kit;

    @BeforeAll
    static void start() throws IOException {
        kit = ProxyKit.with(LaneKind.values()[0]).servers(2).pool("admin_commands", "all")
            .engine("slowlog_log_slower_than_us", Integer.toString(SLOW_US))
            .otherPool("closed:\n  listen: 127.0.0.1:" + FreePort.find()
                + "\n  redis: true\n  servers:\n    - 127.0.0.1:1:1 none\n").start();
    }

    @AfterAll
    static void stop() throws IOException {
        kit.assertQuiet();
        kit.close();
    }

    /** A request that takes long at the second server, among others that do not. */
    private static String injectSlow() throws IOException {
        String key = kit.keyOn(1, "slow", 0);
        RawClient client = kit.client();
        client.expect("+OK\r\n", "SET", kit.keyOn(0, "quick", 0), "v");
        kit.direct(1).expect("+OK\r\n", "CLIENT", "PAUSE", Integer.toString(PAUSE_MS));
        client.expect("+OK\r\n", "CLIENT", "SETNAME", "teller");
        client.expect("+OK\r\n", "SET", key, "confidential", "EX", "100");
        return key;
    }

    @Test
    void shouldTellClientLibrariesWhichServerWasSlow() throws IOException {
        try (Jedis jedis = new Jedis("127.0.0.1", kit.port())) {
            assertEquals("OK", jedis.slowlogReset());
            long beganNs = System.nanoTime();
            String key = injectSlow();
            assertTrue(jedis.slowlogLen() >= 1);
            Slowlog row = about(key, jedis.slowlogGet()).getFirst();
            long elapsedUs = (System.nanoTime() - beganNs) / 1_000;
            assertTrue(row.getExecutionTime() >= SLOW_US && row.getExecutionTime() <= elapsedUs, row::toString);
            assertEquals(List.of("set", key, "... (3 more arguments)"), row.getArgs().subList(0, 3));
            assertEquals("teller", row.getClientName());
            assertTrue(row.getClientIpPort().toString().startsWith("127.0.0.1:"), row.toString());
            Matcher fields = Pattern.compile(FIELDS).matcher(row.getArgs().get(3));
            assertTrue(fields.matches(), row.toString());
            assertEquals("s2", fields.group(1));
            assertTrue(Long.parseLong(fields.group(3)) >= SLOW_US, "the time has gone by at the server");
            assertTrue(Long.parseLong(fields.group(2)) + Long.parseLong(fields.group(4)) < SLOW_US, row::toString);
            assertTrue(!row.getArgs().toString().contains("confidential"), "values are not shown");
            assertEquals("OK", jedis.slowlogReset());
            assertEquals(List.of(), about(key, jedis.slowlogGet(-1)));
        }
    }

    /** On a busy machine others may be slow, too. */
    private static List<Slowlog> about(String key, List<Slowlog> rows) {
        return rows.stream().filter(row -> row.getArgs().contains(key)).toList();
    }

    @Test
    void shouldSayWhatIsWrongWithAQuestion() throws IOException {
        RawClient client = kit.client();
        String count = "-ERR count should be greater than or equal to -1\r\n";
        client.expect(count, "SLOWLOG", "GET", "-2");
        client.expect(count, "SLOWLOG", "GET", "many");
        client.expect("*0\r\n", "SLOWLOG", "GET", "0");
        assertTrue(client.call("SLOWLOG", "GET", "1", "2").startsWith("-ERR wrong number of arguments for "));
        assertTrue(client.call("LATENCY", "DOCTOR").contains("LATENCY HISTOGRAM"));
        try (RawClient stranger = new RawClient(kit.millrace().port(1))) {
            for (List<String> words : List.of(List.of("SLOWLOG", "GET"), List.of("SLOWLOG", "RESET"),
                List.of("LATENCY", "HISTOGRAM"))) {
                String answer = stranger.call(words.toArray(String[]::new));
                assertTrue(answer.startsWith("-NOPERM ") && answer.contains("admin_commands"), answer);
            }
        }
    }

    @Test
    void shouldTellHistogramsOfFamiliesInTheShapeOfRedis() throws IOException {
        RawClient client = kit.client();
        client.expect(":1\r\n", "HSET", "h", "f", "v");
        client.expect("$1\r\nv\r\n", "HGET", "h", "f");
        String[] reply = {""};
        Await.until(() -> reply[0], LIMIT, () -> {
            reply[0] = ask(client, "hget");
            return reply[0].startsWith("*2\r\n$4\r\nhash\r\n*4\r\n$5\r\ncalls\r\n:2\r\n$14\r\nhistogram_usec\r\n*");
        });
        List<String> parts = List.of(reply[0].split("\r\n"));
        long before = 0;
        long counted = 0;
        for (int i = 10; i < parts.size(); i += 2) {
            long bound = Long.parseLong(parts.get(i).substring(1));
            assertTrue(bound > before && Long.bitCount(bound) == 1, reply[0]);
            assertTrue(Long.parseLong(parts.get(i + 1).substring(1)) > counted, "cumulative, and only what adds");
            before = bound;
            counted = Long.parseLong(parts.get(i + 1).substring(1));
        }
        assertEquals(2, counted, reply[0]);
        assertEquals(reply[0], ask(client, "hash"));
        assertEquals("*0\r\n", ask(client, "sorted-set"));
        assertTrue(client.call("LATENCY", "HISTOGRAM").contains("hash"));
    }

    private static String ask(RawClient client, String command) {
        try {
            return client.call("LATENCY", "HISTOGRAM", command);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
