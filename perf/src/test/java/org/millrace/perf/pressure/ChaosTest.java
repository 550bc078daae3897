package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.perf.server.LocalMemcached;
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.ProxyYaml;

/** A few seconds of chaos harm nobody in either protocol; what is wrong is told from what a fault explains. */
@Timeout(120)
class ChaosTest {
    private static final long MS = 1_000_000;

    @ParameterizedTest
    @CsvSource({"fused, auto, 1, redis memcached", "split, auto, 2, redis memcached", "fused, nio, 3, redis memcached",
        "split, nio, 4, memcached", "split, nio, 5, redis"})
    void shouldAnswerRightWhateverHappensToServers(String threads, String transport, long seed, String words)
        throws Exception {
        List<ChaosProtocol> protocols = Stream.of(words.split(" ")).map(word -> word.toUpperCase(Locale.ROOT))
            .map(ChaosProtocol::valueOf).toList();
        assumeTrue(!protocols.contains(ChaosProtocol.MEMCACHED) || LocalMemcached.isInstalled(),
            "needs memcached on the PATH");
        Chaos chaos = new Chaos(new ChaosOptions(protocols, 5_000 * MS, seed, 3, 6, 300, 3_000, 1_000 * MS),
            Quiet.stream());
        chaos.run(InProcessProxy::start, new ProxyYaml().engine("stage_threads", threads)
            .engine("transport", transport));
        assertTrue(chaos.isKept(), chaos.report());
        assertTrue(chaos.report().contains("left behind: nothing"), chaos.report());
        for (ChaosProtocol protocol : protocols) {
            assertTrue(chaos.json().toString().contains('"' + protocol.word() + "\": {\"faults\""),
                chaos.json().toString());
        }
    }

    @Test
    void shouldTellWrongValuesFromThoseThatAFaultExplains() throws Exception {
        try (ServerFaults faults = new ServerFaults(1, 5, LocalRedis::startOn)) {
            ChaosKey key = new ChaosKey("k", () -> faults.deaths(0));
            assertTrue(key.allows(null), "never written");
            int first = key.nextVersion();
            int second = key.nextVersion();
            assertFalse(key.allows(key.value(first)), "neither acknowledged nor failed");
            long deaths = key.deaths();
            key.onWritten(first, deaths);
            assertTrue(key.allows(key.value(first)));
            assertFalse(key.allows(null), "its server has not died");
            assertFalse(key.allows("l:1:"), "another's value");
            assertFalse(key.allows("k:"));
            key.onWriteFailed(second);
            assertTrue(key.allows(key.value(first)), "the failed write may not have been done");
            assertTrue(key.allows(key.value(second)), "or it may");
            int third = key.nextVersion();
            key.onWritten(third, deaths);
            assertFalse(key.allows(key.value(first)), "overwritten");
            assertTrue(key.allows(key.value(second)), "a failed write may be done late");
            assertFalse(key.allows(key.value(third) + "x"));
            for (long nowNs = 1; key.deaths() == deaths; nowNs += 1_000 * MS) {
                faults.turn(nowNs);
            }
            assertTrue(key.allows(null), "its server has died since");
            faults.healAll();
            assertEquals("PONG", ((LocalRedis) faults.servers().getFirst()).call("PING"));
        }
    }

    @Test
    void shouldCountAnErrorThatNoFaultExplainsAsWrong() {
        ChaosStats stats = new ChaosStats();
        stats.error("ERR Connection refused");
        stats.error("SERVER_ERROR Connection timed out");
        assertEquals(0, stats.wrong());
        stats.error("SERVER_ERROR out of memory storing object");
        assertEquals(1, stats.wrong());
        stats.error("ERR unknown command 'GET'");
        assertEquals(2, stats.wrong());
        stats.sent();
        assertEquals(1, stats.unanswered());
        stats.answered(5 * MS, false, "GET k");
        assertEquals(0, stats.unanswered());
        assertEquals(1, stats.late());
        assertFalse(stats.isKept());
    }

    @Test
    void shouldTellWhatIsLeftBehindInTheFiguresOfEachProtocol() {
        String info = "connected_clients:%d\r\nused_memory:%d\r\nserver_half_faults:%d\r\n"
            + "pool_alpha_s1:requests=9,in_queue=%d,in_queue_bytes=7,out_queue=0\r\n";
        ChaosUsage before = ChaosUsage.read(info.formatted(1, 65_536, 0, 0), 10);
        assertEquals(new ChaosUsage(10, 65_536, 0, 0), before);
        assertEquals("", ChaosUsage.read(info.formatted(1, 131_072, 0, 0), 9).moreThan(before));
        assertEquals("11 descriptors, 10 before; 900000 bytes of buffers, 65536 before; 3 requests and clients; "
            + "1 exceptions and replies to no request; ",
            ChaosUsage.read(info.formatted(2, 900_000, 1, 2), 11).moreThan(before));
        String stats = "STAT " + info.formatted(3, 65_536, 0, 4).replace(":", " ").replace("\r\n", "\r\nSTAT ");
        assertEquals(new ChaosUsage(10, 65_536, 6, 0), ChaosUsage.read(stats, 10));
    }
}
