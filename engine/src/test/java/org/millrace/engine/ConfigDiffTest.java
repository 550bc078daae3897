package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;

/** What an operator is told before and after a reload. */
class ConfigDiffTest {
    private static final String ALPHA = """
        alpha:
          listen: 127.0.0.1:22121
          redis: true
          timeout: 400
          redis_auth: secret
          servers:
            - 127.0.0.1:7000:1 a
            - 127.0.0.1:7001:1 b
            - 127.0.0.1:7002:1 c
        """;
    private static final String BETA = ALPHA.replace("alpha", "beta").replace("22121", "22122");

    private static MillraceConfig config(String yaml) {
        return ConfigReader.read("diff.yml", yaml);
    }

    private static List<String> lines(String before, String after) {
        return ConfigDiff.lines(config(before), config(after));
    }

    @Test
    void shouldSayNothingOfWhatStays() {
        assertEquals(List.of(), lines(ALPHA + BETA, BETA + ALPHA));
    }

    @Test
    void shouldTellPoolsThatComeAndGo() {
        assertEquals(List.of("pool beta: new, listens on 127.0.0.1:22122, 3 servers",
            "pool alpha: removed; its clients get the replies that are due, and are closed"), lines(ALPHA, BETA));
    }

    @Test
    void shouldTellServersThatComeGoMoveAndWeighMore() {
        List<String> lines = lines(ALPHA, ALPHA.replace("7000:1 a", "7009:1 a").replace("7001:1 b", "7001:3 b")
            .replace("7002:1 c", "7003:1 d"));
        assertEquals(List.of("pool alpha: server a moves from 127.0.0.1:7000 to 127.0.0.1:7009",
            "pool alpha: server b has weight 3, had 1",
            "pool alpha: server d is new, at 127.0.0.1:7003, weight 1",
            "pool alpha: server c is removed; its links are closed when what they were asked is answered"),
            lines.subList(0, 4));
        assertTrue(lines.getLast().matches("pool alpha: [0-9.]+ % of keys move to another server"), lines.getLast());
    }

    @Test
    void shouldTellDirectivesInTheWordsOfTheFileAndNoSecrets() {
        List<String> lines = lines(ALPHA, ALPHA.replace("timeout: 400", "timeout: 500\n  server_max_queue: 7\n"
            + "  client_idle_timeout: 9\n  tcpkeepalive: true\n  client_max_queue: 8").replace("secret", "other"));
        assertEquals(List.of("pool alpha: timeout is 500, was 400",
            "pool alpha: needs a restart: tcpkeepalive is true, was false",
            "pool alpha: redis_auth changes; clients that are connected stay as they are",
            "pool alpha: client_idle_timeout is 9, was 0",
            "pool alpha: client_max_queue is 8, was 4096",
            "pool alpha: server_max_queue is 7, was 16384", "pool alpha: no key moves"), lines);
    }

    @Test
    void shouldTellWhatNeedsARestart() {
        assertEquals(List.of("needs a restart: millrace.lanes is 2, was auto",
            "needs a restart: millrace.drain_ms is 7, was 5000", "millrace.resolve_interval is 9, was 30000",
            "needs a restart: millrace.latency is false, was true",
            "needs a restart: millrace.latency_log is l.hlog, was none",
            "needs a restart: millrace.latency_log_interval is 2000, was 10000",
            "needs a restart: millrace.slowlog_log_slower_than_us is 7, was 10000",
            "needs a restart: millrace.admin is 127.0.0.1:22290, was none",
            "needs a restart: millrace.admin_token changes",
            "needs a restart: millrace.limits.max_memory is 1073741824, was auto",
            "needs a restart: millrace.limits.gather_timeout is 8, was 10000",
            "needs a restart: millrace.limits.link_hold_ms is 6, was 1000",
            "pool alpha: client_max_queue is 5, was 4096", "pool alpha: no key moves"), lines(ALPHA, """
            millrace:
              lanes: 2
              drain_ms: 7
              resolve_interval: 9
              latency: false
              latency_log: l.hlog
              latency_log_interval: 2000
              slowlog_log_slower_than_us: 7
              admin: 22290
              admin_token: s3cret
              limits:
                max_memory: 1gb
                gather_timeout: 8
                link_hold_ms: 6
                client_max_queue: 5
            """ + ALPHA));
        for (String directive : List.of("backlog: 7", "reuseport: true")) {
            String name = directive.substring(0, directive.indexOf(':'));
            String changed = ALPHA.replace("redis: true", "redis: true\n  " + directive);
            assertTrue(lines(ALPHA, changed).getFirst().startsWith("pool alpha: needs a restart: " + name + " is "),
                directive);
            assertTrue(lines(ALPHA, changed.replace("22121", "22123")).get(1).startsWith("pool alpha: " + name
                + " is "), "an address that is bound anew has its options");
        }
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigDiff.check(config(ALPHA),
            config(ALPHA.replace("redis: true", "redis: false").replace("  redis_auth: secret\n", ""))));
        assertTrue(refused.getMessage().contains("alpha.redis: a pool cannot change its protocol"),
            refused.getMessage());
    }

    @Test
    void shouldMeasureTheShareOfKeysThatMove() {
        assertEquals(0.25, share("- 127.0.0.1:7003:1 d"), 0.06, "one of four by ketama");
        String modula = ALPHA.replace("redis: true", "redis: true\n  distribution: modula");
        double moved = ConfigDiff.movedShare(config(modula).pools().getFirst(),
            config(modula + "    - 127.0.0.1:7003:1 d\n").pools().getFirst());
        assertEquals(0.75, moved, 0.01, "all that are not alike modulo 3 and 4");
        String random = ALPHA.replace("redis: true", "redis: true\n  distribution: random");
        assertEquals(List.of("pool alpha: timeout is 500, was 400", "pool alpha: keys have no place of their own under "
            + "the distribution random"), lines(random, random.replace("400", "500")));
        assertFalse(lines(ALPHA, ALPHA.replace("127.0.0.1:7000:1 a", "10.0.0.1:1:1 a")).stream()
            .anyMatch(line -> line.contains("%")), "a server that keeps its name keeps its keys");
    }

    private static double share(String more) {
        return ConfigDiff.movedShare(config(ALPHA).pools().getFirst(),
            config(ALPHA + "    " + more + "\n").pools().getFirst());
    }
}
