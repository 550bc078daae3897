package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.ProxyYaml;

/**
 * nutcracker and Millrace with the same file before the same servers, of which one is killed and started again: each
 * key is on the same server through both, before, while the dead one is ejected, and after its return.
 */
@Timeout(120)
@Tag("faults")
class EjectionSideBySideTest {
    private static final int KEYS = 200;
    private static final int VICTIM = 1;
    private static final int NOWHERE = -1;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    private Path folder;
    private CacheProtocol protocol;
    private CacheServers servers;
    private int round;

    /** Keys that are spread: those that differ in their last bytes alone lie close together under fnv. */
    private static String key(int i) {
        return Integer.toHexString(i * 0x9E3779B9);
    }

    /** By key, the index of the server that has what is written now. */
    private Map<String, Integer> placed(int proxy, List<Integer> living) throws IOException {
        round++;
        // what was written earlier may be on other servers still, and is another value
        String value = "round " + round;
        Map<String, Integer> places = new TreeMap<>();
        try (RawClient client = new RawClient(proxy)) {
            for (int i = 0; i < KEYS; i++) {
                String reply = Resp.text(client.send(protocol.set(key(i), value)).untilLineEnd());
                if (!reply.equals(protocol.stored())) {
                    places.put(key(i), NOWHERE);
                }
            }
        }
        for (int port : living) {
            try (RawClient server = new RawClient(port)) {
                for (int i = 0; i < KEYS; i++) {
                    if (has(server, key(i), value)) {
                        // one that was stored although its answer said otherwise is in trouble all the same
                        Integer other = places.putIfAbsent(key(i), servers.ports().indexOf(port));
                        assertTrue(other == null || other == NOWHERE, "on two servers");
                    }
                }
            }
        }
        return places;
    }

    private boolean has(RawClient server, String key, String value) throws IOException {
        server.send(protocol.get(key));
        String line = Resp.text(server.untilLineEnd());
        if (line.equals(protocol.missing())) {
            return false;
        }
        // an older value may be longer or shorter: the length in the first line tells
        int length = Integer.parseInt(line.strip().replaceAll(".*\\D", ""));
        String data = Resp.text(server.exactly(length + 2));
        if (protocol == CacheProtocol.MEMCACHED) {
            assertEquals(protocol.missing(), Resp.text(server.untilLineEnd()), "what ends a value");
        }
        return data.equals(value + "\r\n");
    }

    /** The places once no key is in trouble, and all stay where they are. */
    private Map<String, Integer> settled(int proxy, List<Integer> living) {
        AtomicReference<Map<String, Integer>> last = new AtomicReference<>();
        Await.until(() -> "keys in trouble: " + last.get(), LIMIT, () -> {
            try {
                Map<String, Integer> before = last.getAndSet(placed(proxy, living));
                if (!last.get().equals(before)) {
                    return false;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return !last.get().containsValue(NOWHERE)
                && last.get().values().stream().distinct().count() == living.size();
        });
        assertEquals(KEYS, last.get().size(), "keys that are somewhere");
        return last.get();
    }

    @ParameterizedTest
    @CsvSource({"REDIS, ketama, fused", "REDIS, ketama, split", "REDIS, modula, fused", "MEMCACHED, ketama, fused",
        "MEMCACHED, ketama, split", "MEMCACHED, modula, fused"})
    void shouldPlaceKeysAsNutcrackerDoesBeforeDuringAndAfter(CacheProtocol spoken, String distribution,
        String threads) throws Exception {
        protocol = spoken;
        servers = CacheServers.start(protocol, 3);
        List<Integer> ports = servers.ports();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ProxyYaml yaml = new ProxyYaml().pool("redis", protocol.redis()).pool("distribution", distribution)
            .pool("auto_eject_hosts", "true").pool("server_retry_timeout", "3000").pool("server_failure_limit", "2")
            .pool("timeout", "1000").engine("lanes", "2").engine("stage_threads", threads)
            .limit("max_memory", "128mb");
        int port = FreePort.find();
        int theirs = FreePort.find();
        try (NutcrackerChild nutcracker = new NutcrackerChild(folder, yaml.nutcracker(theirs, ports), theirs);
            Millrace millrace = Millrace.start(ConfigReader.read("test.yml", yaml.millrace(port, ports)),
                new StartOptions("127.0.0.1", 0, new PrintStream(log, true, StandardCharsets.UTF_8)))) {
            Map<String, Integer> before = settled(port, ports);
            assertEquals(settled(theirs, ports), before);

            servers.kill(VICTIM);
            List<Integer> living = List.of(ports.get(0), ports.get(2));
            Map<String, Integer> during = settled(port, living);
            assertEquals(settled(theirs, living), during);
            assertNotEquals(before, during);
            if (distribution.equals("ketama")) {
                before.forEach((key, place) -> assertTrue(place == VICTIM || place.equals(during.get(key)), key));
            }
            assertEquals(1, millrace.totals().pool(0, PoolCounter.SERVER_EJECTS), "for both lanes together");
            long ejectedAt = millrace.totals().server(0, VICTIM, ServerCounter.SERVER_EJECTED_AT);
            assertEquals(Instant.now().toEpochMilli(), ejectedAt / 1000, 120_000.0);
            assertTold(port, ports);

            servers.restart(VICTIM);
            assertEquals(before, settled(port, ports));
            assertEquals(before, settled(theirs, ports));
            assertTrue(log.toString(StandardCharsets.UTF_8).contains("server s2 answers, and is ejected no longer"));
            assertEquals(1, millrace.totals().pool(0, PoolCounter.SERVER_EJECTS));
            assertEquals(ejectedAt, millrace.totals().server(0, VICTIM, ServerCounter.SERVER_EJECTED_AT),
                "it is not reset");
            assertTrue(nutcracker.isAlive(), "nutcracker has ended");
            assertEquals(0, millrace.errors(), () -> log.toString(StandardCharsets.UTF_8));
        } finally {
            servers.close();
        }
    }

    /** Who is ejected and why, in INFO or in what memcached has instead. */
    private void assertTold(int proxy, List<Integer> ports) throws IOException {
        boolean redis = protocol == CacheProtocol.REDIS;
        try (RawClient client = new RawClient(proxy)) {
            String told = redis ? client.call("INFO", "servers") : MemcachedKit.talk(client, "stats proxy\r\n");
            char colon = redis ? ':' : ' ';
            assertTrue(told.contains("server_alpha_s2" + colon + "state=ejected,address=127.0.0.1:"
                + ports.get(VICTIM)), told);
            assertTrue(told.contains("why=Connection refused,since="), told);
            assertTrue(told.contains("server_alpha_s1" + colon + "state=live,"), told);
        }
    }
}
