package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/**
 * Every exchange with a Redis pool that was recorded from nutcracker is answered as it did, or as
 * {@code docs/COMPATIBILITY.md} says by the case's name.
 */
@Timeout(120)
class RedisWireTest {
    private static final int CASES = 134;
    /** What {@code MemcachedWireTest} replays. */
    private static final Set<String> MEMCACHED = Set.of("mc", "fm", "deadmc");
    private static final String QUIT = "*1\r\n$4\r\nQUIT\r\n";
    private static final String SEKRET = "sekret";

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAnswerAsRecordedOrBetter(LaneKind kind) throws IOException {
        int auth = FreePort.find();
        int fake = FreePort.find();
        int dead = FreePort.find();
        int nohost = FreePort.find();
        try (LocalRedis locked = LocalRedis.start();
            WireBackend backend = new WireBackend()) {
            locked.call("CONFIG", "SET", "requirepass", SEKRET);
            try (ProxyKit kit = ProxyKit.with(kind).servers(2).pool("distribution", "modula")
                .otherPool(pool("auth", auth, "redis_auth: " + SEKRET, "127.0.0.1:" + locked.port()))
                .otherPool(pool("fk", fake, "timeout: 400", "127.0.0.1:" + backend.port()))
                .otherPool(pool("dead", dead, "timeout: 0", "127.0.0.1:" + FreePort.find()))
                .otherPool(pool("nohost", nohost, "timeout: 0", "nohost.invalid:6379"))
                .limit("link_retry_min_ms", "1").limit("link_retry_max_ms", "5").limit("link_silence_ms", "500")
                .start()) {
                Map<String, Integer> ports = Map.of("rds", kit.port(), "auth", auth, "fk", fake, "dead", dead,
                    "nohost", nohost);
                assertEquals(CASES, new WireReplay(ports, QUIT, "+OK\r\n", next -> {
                    if (next.pool().equals("fk")) {
                        awaitLink(fake);
                    }
                }).run());
            }
        }
    }

    private static String pool(String name, int port, String directive, String server) {
        return name + ":\n  listen: 127.0.0.1:" + port + "\n  redis: true\n  " + directive + "\n  servers:\n    - "
            + server + ":1\n";
    }

    /** What the last case did to the link to the server that misbehaves is over. */
    private static void awaitLink(int port) throws IOException {
        try (RawClient client = new RawClient(port)) {
            Await.until("a link", () -> {
                try {
                    return client.call("GET", "ok").equals("+OK-ok\r\n");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** A case that nobody replays would pass for covered. */
    @Test
    void shouldKnowThePoolOfEveryCase() throws IOException {
        List<WireCases.Case> cases = WireCases.all();
        Set<String> pools = new TreeSet<>(List.of("rds", "auth", "fk", "dead", "nohost"));
        assertEquals(CASES, cases.stream().filter(each -> pools.contains(each.pool())).count());
        pools.addAll(MEMCACHED);
        assertEquals(pools, new TreeSet<>(cases.stream().map(WireCases.Case::pool).toList()));
    }
}
