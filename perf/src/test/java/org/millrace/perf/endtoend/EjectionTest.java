package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.perf.fault.FaultPort;
import org.millrace.perf.fault.WireFaults;
import org.millrace.perf.server.FakeServer;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.ProxyPrograms;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/** Servers that fail are left out and come back, and their keys go where nutcracker puts them. */
@Timeout(120)
class EjectionTest {
    private static final String REFUSED = "-ERR Connection refused\r\n";
    private static final int KEYS = 200;

    /** Keys that are spread: those that differ in their last bytes alone lie close together under fnv. */
    private static String key(int i) {
        return Integer.toHexString(i * 0x9E3779B9);
    }

    /** By key, the index of the server on which it is. */
    private static Map<String, Integer> placed(int proxy, List<Integer> servers, List<Integer> living)
        throws IOException {
        for (int port : living) {
            try (RawClient server = new RawClient(port)) {
                server.expect("+OK\r\n", "FLUSHALL");
            }
        }
        Map<String, Integer> places = new TreeMap<>();
        try (RawClient client = new RawClient(proxy)) {
            for (int i = 0; i < KEYS; i++) {
                if (!client.call("SET", key(i), "v").equals("+OK\r\n")) {
                    places.put(key(i), -1);
                }
            }
        }
        for (int port : living) {
            try (RawClient server = new RawClient(port)) {
                for (int i = 0; i < KEYS; i++) {
                    if (server.call("EXISTS", key(i)).equals(":1\r\n")) {
                        places.put(key(i), servers.indexOf(port));
                    }
                }
            }
        }
        return places;
    }

    /** The places once no key is in trouble, and all stay where they are. */
    private static Map<String, Integer> settled(int proxy, List<Integer> servers, List<Integer> living) {
        AtomicReference<Map<String, Integer>> last = new AtomicReference<>();
        Await.until(() -> "keys in trouble: " + last.get(), Duration.ofSeconds(20), () -> {
            try {
                Map<String, Integer> before = last.getAndSet(placed(proxy, servers, living));
                if (!last.get().equals(before)) {
                    return false;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return !last.get().containsValue(-1) && last.get().values().stream().distinct().count() == living.size();
        });
        return last.get();
    }

    @ParameterizedTest
    @CsvSource({"ketama, fused", "ketama, split", "modula, fused"})
    void shouldPlaceKeysAsNutcrackerDoesBeforeDuringAndAfter(String distribution, String threads) throws Exception {
        Path nutcracker = ProxyPrograms.findNutcracker();
        assumeTrue(nutcracker != null, "there is no nutcracker");
        List<Integer> ports = new ArrayList<>();
        List<LocalRedis> servers = new ArrayList<>();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            ports.add(FreePort.find());
            servers.add(LocalRedis.startOn(ports.get(i)));
        }
        ProxyYaml yaml = new ProxyYaml().pool("distribution", distribution).pool("auto_eject_hosts", "true")
            .pool("server_retry_timeout", "3000").pool("server_failure_limit", "2").pool("timeout", "1000")
            .engine("lanes", "2").engine("stage_threads", threads).limit("max_memory", "128mb");
        int port = FreePort.find();
        try (RunningProxy other = ProxyPrograms.nutcracker(nutcracker).start(yaml, ports);
            Millrace millrace = Millrace.start(ConfigReader.read("test.yml", yaml.millrace(port, ports)),
                new StartOptions("127.0.0.1", 0, new PrintStream(log, true, StandardCharsets.UTF_8)))) {
            int theirs = other.address().getPort();
            Map<String, Integer> before = settled(port, ports, ports);
            assertEquals(settled(theirs, ports, ports), before);

            servers.get(1).kill();
            List<Integer> living = List.of(ports.get(0), ports.get(2));
            Map<String, Integer> during = settled(port, ports, living);
            assertEquals(settled(theirs, ports, living), during);
            assertNotEquals(before, during);
            if (distribution.equals("ketama")) {
                before.forEach((key, place) -> assertTrue(place == 1 || place.equals(during.get(key)), key));
            }
            assertEquals(1, millrace.totals().pool(0, PoolCounter.SERVER_EJECTS), "for both lanes together");
            long ejectedAt = millrace.totals().server(0, 1, ServerCounter.SERVER_EJECTED_AT);
            assertEquals(Instant.now().toEpochMilli(), ejectedAt / 1000, 60_000.0);
            try (RawClient client = new RawClient(port)) {
                String info = client.call("INFO", "servers");
                assertTrue(info.contains("server_alpha_s2:state=ejected,address=127.0.0.1:" + ports.get(1)), info);
                assertTrue(info.contains("why=Connection refused,since="), info);
                assertTrue(info.contains("server_alpha_s1:state=live,"), info);
            }

            servers.set(1, LocalRedis.startOn(ports.get(1)));
            assertEquals(before, settled(port, ports, ports));
            assertEquals(before, settled(theirs, ports, ports));
            assertTrue(log.toString(StandardCharsets.UTF_8).contains("server s2 answers, and is ejected no longer"));
            assertEquals(1, millrace.totals().pool(0, PoolCounter.SERVER_EJECTS));
            assertEquals(ejectedAt, millrace.totals().server(0, 1, ServerCounter.SERVER_EJECTED_AT), "it is not reset");
            assertEquals(0, millrace.errors(), () -> log.toString(StandardCharsets.UTF_8));
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    private static ProxyKit.Builder ejecting(LaneKind kind, int failing) {
        return ProxyKit.with(kind).servers(1).otherServer("127.0.0.1:" + failing + ":1 failing")
            .pool("auto_eject_hosts", "true").pool("server_retry_timeout", "200").pool("server_failure_limit", "2")
            .pool("timeout", "1000").limit("link_retry_max_ms", "20");
    }

    private static String call(RawClient client, String... words) {
        try {
            return client.call(words);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldKeepAServerOutThatIsLoading(LaneKind kind) throws Exception {
        AtomicReference<String> mood = new AtomicReference<>("+PONG\r\n");
        try (FakeServer fake = FakeServer.start((number, request) -> request.getFirst().equals("PING") ? mood.get()
                : "+from the fake\r\n");
            FaultPort port = FaultPort.before(fake.address());
            ProxyKit kit = ejecting(kind, port.port()).start(); RawClient client = kit.client()) {
            String key = kit.keyOn(1, "k", 0);
            client.expect("+from the fake\r\n", "GET", key);
            mood.set("-LOADING Redis is loading the dataset in memory\r\n");
            port.reset();
            port.refuse();
            Await.until("the key on the other server", () -> call(client, "GET", key).equals("$-1\r\n"));
            port.heal();
            Await.until(kit::log, Duration.ofSeconds(20),
                () -> kit.log().contains("server failing stays ejected: LOADING"));
            client.expect("$-1\r\n", "GET", key);
            assertTrue(client.call("INFO", "servers").contains("why=LOADING Redis is loading"));
            mood.set("-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n");
            Await.until(kit::log, Duration.ofSeconds(20),
                () -> kit.log().contains("server failing stays ejected: MASTERDOWN"));
            client.expect("$-1\r\n", "GET", key);
            mood.set("+PONG\r\n");
            Await.until("the server's return", () -> call(client, "GET", key).equals("+from the fake\r\n"));
            assertTrue(kit.log().contains("server failing answers, and is ejected no longer"), kit.log());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldFailFastAndLeaveAllOtherKeysWhereTheyAre(LaneKind kind) throws Exception {
        try (LocalRedis second = LocalRedis.start(); FaultPort port = FaultPort.before(second.address());
            ProxyKit kit = ejecting(kind, port.port()).pool("eject", "fail_fast").start();
            RawClient client = kit.client()) {
            String there = kit.keyOn(1, "k", 0);
            String here = kit.keyOn(0, "k", 0);
            client.expect("+OK\r\n", "MSET", there, "1", here, "2");
            port.replies(WireFaults.PAUSE);
            Await.until("an ejection", () -> {
                call(client, "GET", there);
                return kit.log().contains("server failing is ejected: Connection timed out");
            });
            Await.until("an error at once", () -> call(client, "GET", there).equals(REFUSED));
            client.expect("$1\r\n2\r\n", "GET", here);
            client.expect(REFUSED, "MGET", there, here);
            port.replies(WireFaults.NONE);
            Await.until("the server's return", () -> call(client, "GET", there).equals("$1\r\n1\r\n"));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldRefuseAtOnceWhenAllServersAreEjected(LaneKind kind) throws Exception {
        try (LocalRedis only = LocalRedis.start(); FaultPort port = FaultPort.before(only.address());
            ProxyKit kit = ejecting(kind, port.port()).servers(0).start(); RawClient client = kit.client()) {
            client.expect("+OK\r\n", "SET", "k", "1");
            port.reset();
            port.refuse();
            Await.until("an ejection", () -> {
                call(client, "GET", "k");
                return kit.log().contains("server failing is ejected");
            });
            Await.until("an error at once", () -> call(client, "GET", "k").equals(REFUSED));
            client.expect(REFUSED, "MGET", "k", "l");
            client.expect("+PONG\r\n", "PING");
            port.heal();
            Await.until("the server's return", () -> call(client, "GET", "k").equals("$1\r\n1\r\n"));
        }
    }

    /** twemproxy ejects a healthy server that closes idle connections (its issue 430). */
    @Test
    void shouldNotCountIdleConnectionsThatTheServerCloses() throws Exception {
        try (ProxyKit kit = ProxyKit.with(LaneKind.FUSED).servers(1).pool("auto_eject_hosts", "true")
            .pool("server_failure_limit", "1").pool("server_connections", "4").engine("lanes", "2").start()) {
            for (int round = 1; round <= 5; round++) {
                for (int i = 0; i < 8; i++) {
                    try (RawClient client = kit.client()) {
                        client.expect("+OK\r\n", "SET", "k", "1");
                    }
                }
                kit.server(0).call("CLIENT", "KILL", "TYPE", "normal");
                Await.until("the end of all links",
                    () -> kit.millrace().totals().server(0, 0, ServerCounter.SERVER_CONNECTIONS) == 0);
            }
            assertTrue(kit.millrace().totals().server(0, 0, ServerCounter.SERVER_EOF) >= 5);
            assertEquals(0, kit.millrace().totals().pool(0, PoolCounter.SERVER_EJECTS));
            assertFalse(kit.log().contains("ejected"), kit.log());
        }
    }
}
