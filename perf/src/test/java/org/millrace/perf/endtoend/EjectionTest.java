package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.perf.fault.FaultPort;
import org.millrace.perf.fault.WireFaults;
import org.millrace.perf.server.FakeServer;
import org.millrace.perf.server.LocalRedis;

/** Servers that fail are left out until they answer; {@link EjectionSideBySideTest} tells where their keys go. */
@Timeout(120)
@Tag("faults")
class EjectionTest {
    private static final String REFUSED = "-ERR Connection refused\r\n";

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

    /** However many lanes and links lose it: what happens at one moment is one failure. */
    @Test
    void shouldCountTheLossOfAllLinksAtOnceOnce() throws Exception {
        int clients = 32;
        try (LocalRedis only = LocalRedis.start(); FaultPort port = FaultPort.before(only.address());
            ProxyKit kit = ProxyKit.with(LaneKind.FUSED).servers(0)
                .otherServer("127.0.0.1:" + port.port() + ":1 failing").pool("auto_eject_hosts", "true")
                .pool("server_failure_limit", "4").pool("server_connections", "4").pool("preconnect", "true")
                .engine("lanes", "2").limit("link_retry_max_ms", "20").start()) {
            List<RawClient> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(kit.client());
            }
            for (int incident = 1; incident <= 6; incident++) {
                for (RawClient each : all) {
                    Await.until("a good reply", () -> call(each, "GET", "k").equals("$-1\r\n"));
                }
                long lost = lostLinks(kit);
                port.replies(WireFaults.PAUSE);
                for (RawClient each : all) {
                    each.send("GET", "k");
                }
                Await.until("requests in flight", () -> kit.entriesInUse() == clients);
                port.reset();
                for (RawClient each : all) {
                    assertTrue(Resp.text(each.reply()).startsWith("-ERR "));
                }
                assertTrue(lostLinks(kit) - lost >= 4, "links lost: " + (lostLinks(kit) - lost));
                // two if the machine needs longer than a tenth of a second for it
                String told = all.getFirst().call("INFO", "servers");
                assertTrue(told.matches("(?s).*server_test_failing:state=live,[^\r]*failures=[12],ejections=0.*"),
                    told);
                port.replies(WireFaults.NONE);
            }
            assertFalse(kit.log().contains("ejected"), kit.log());
        }
    }

    private static long lostLinks(ProxyKit kit) {
        return kit.millrace().totals().server(0, 0, ServerCounter.SERVER_ERR)
            + kit.millrace().totals().server(0, 0, ServerCounter.SERVER_EOF);
    }
}
