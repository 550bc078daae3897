package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.perf.fault.FaultPort;
import org.millrace.perf.fault.WireFaults;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** One request at a time meets a fault: exactly what its client gets, and what the next one gets. */
@Timeout(120)
@Tag("faults")
class FailingServerTest {
    private static final String REFUSED = "-ERR Connection refused\r\n";
    private static final String TIMED_OUT = "-ERR Connection timed out\r\n";
    private static final int TIMEOUT_MS = 1_000;

    private static LocalRedis first;
    private static LocalRedis second;

    @BeforeAll
    static void startServers() throws IOException {
        first = LocalRedis.start();
        second = LocalRedis.start();
    }

    @AfterAll
    static void stopServers() {
        first.close();
        second.close();
    }

    private static ProxyKit kit(LaneKind kind, FaultPort port, int silenceMs) throws IOException {
        first.call("FLUSHALL");
        second.call("FLUSHALL");
        return ProxyKit.with(kind).servers(0).otherServer("127.0.0.1:" + port.port() + ":1 failing")
            .otherServer("127.0.0.1:" + second.port() + ":1 well").pool("timeout", Integer.toString(TIMEOUT_MS))
            .limit("link_silence_ms", Integer.toString(silenceMs)).limit("link_retry_max_ms", "20").start();
    }

    private static long count(ProxyKit kit, ServerHalfCounter counter) {
        return kit.millrace().totals().servers(counter);
    }

    private static void fill(RawClient client, String... keys) throws IOException {
        for (String key : keys) {
            client.expect("+OK\r\n", "SET", key, "value of " + key);
        }
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAnswerARequestOverSeveralServersWithAnErrorAndKeepTheClient(LaneKind kind) throws Exception {
        try (FaultPort port = FaultPort.before(first.address()); ProxyKit kit = kit(kind, port, 30_000);
            RawClient client = kit.client()) {
            String a = kit.keyOn(0, "k", 0);
            String b = kit.keyOn(1, "k", 0);
            fill(client, a, b);
            String both = "*2\r\n" + bulk("value of " + b) + bulk("value of " + a);
            client.expect(both, "MGET", b, a);

            expectAll("-ERR unknown\r\n", client, a, b, port, () -> port.replies(WireFaults.closeAfter(2)));
            port.replies(WireFaults.NONE);
            // until then the link rests, and requests fail for the reason for which it ended
            Await.until("the server's return", () -> !call(client, "GET", a).startsWith("-"));
            port.replies(WireFaults.PAUSE);
            expectAll(TIMED_OUT, client, a, b, port, () -> { });
            port.reset();
            port.refuse();
            Await.until("refusals", () -> REFUSED.equals(call(client, "GET", a)));
            expectAll(REFUSED, client, a, b, port, () -> { });
            port.heal();
            Await.until("the server's return", () -> !call(client, "GET", a).startsWith("-"));
            client.expect("+OK\r\n", "MSET", a, "1", b, "2");
            client.expect("*2\r\n" + bulk("2") + bulk("1"), "MGET", b, a);
            client.expect(":2\r\n", "DEL", a, b);
        }
    }

    /** What a fault does before each request. */
    private interface Again {
        void run();
    }

    private static void expectAll(String error, RawClient client, String a, String b, FaultPort port, Again again)
        throws IOException {
        List<String[]> requests = List.of(new String[] {"MGET", b, a}, new String[] {"MSET", a, "value of " + a, b,
            "value of " + b}, new String[] {"DEL", b, a}, new String[] {"EXISTS", a, b}, new String[] {"UNLINK", a, b},
            new String[] {"TOUCH", a, b});
        for (String[] request : requests) {
            again.run();
            // the requests before and after are in the same pipeline
            client.send("GET", b).send(request).send("PING");
            String before = Resp.text(client.reply());
            assertTrue(before.equals(bulk("value of " + b)) || before.equals("$-1\r\n"), before);
            assertEquals(error, Resp.text(client.reply()), request[0]);
            assertEquals("+PONG\r\n", Resp.text(client.reply()));
        }
        assertTrue(port.accepted() > 0);
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
    void shouldFailARequestThatTimesOutAloneAndDropItsLateReply(LaneKind kind) throws Exception {
        try (FaultPort port = FaultPort.before(first.address()); ProxyKit kit = kit(kind, port, 30_000);
            RawClient client = kit.client(); RawClient other = kit.client()) {
            String a = kit.keyOn(0, "k", 0);
            String b = kit.keyOn(0, "k", 1);
            fill(client, a, b);
            for (int i = 1; i <= 3; i++) {
                port.replies(WireFaults.PAUSE);
                long startNs = System.nanoTime();
                client.expect(TIMED_OUT, "GET", a);
                long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                assertTrue(elapsedMs >= TIMEOUT_MS - 10 && elapsedMs <= TIMEOUT_MS + FaultKit.SLACK_MS,
                    "timed out after " + elapsedMs + " ms");
                other.send("GET", b);
                port.replies(WireFaults.NONE);
                assertEquals(bulk("value of " + b), Resp.text(other.reply()), "the next request on the same link");
                assertEquals(i, count(kit, ServerHalfCounter.LATE_REPLIES));
                assertEquals(i, count(kit, ServerHalfCounter.TIMED_OUT));
                client.expect(bulk("value of " + a), "GET", a);
            }
            assertEquals(1, port.accepted(), "links");
            assertEquals(0, kit.millrace().totals().server(0, 0, ServerCounter.SERVER_TIMEDOUT));
        }
    }

    /** Its tombstone would wait for ever: after {@code link_silence_ms} the link is given up. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldGiveUpALinkOnWhichAReplyNeverComes(LaneKind kind) throws Exception {
        try (FaultPort port = FaultPort.before(first.address()); ProxyKit kit = kit(kind, port, 1_500);
            RawClient client = kit.client()) {
            String a = kit.keyOn(0, "k", 0);
            fill(client, a);
            port.repliesOnce(WireFaults.swallowReply(0));
            client.expect(TIMED_OUT, "GET", a);
            Await.until("the end of the link",
                () -> kit.millrace().totals().server(0, 0, ServerCounter.SERVER_TIMEDOUT) == 1);
            client.expect(bulk("value of " + a), "GET", a);
            assertEquals(2, port.accepted(), "links");
            assertEquals(0, count(kit, ServerHalfCounter.LATE_REPLIES));
        }
    }

    /** A reply that fits no request ends its link, and no other; nobody gets it. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldEndALinkThatBringsAReplyTooMany(LaneKind kind) throws Exception {
        try (FaultPort port = FaultPort.before(first.address()); ProxyKit kit = kit(kind, port, 30_000);
            RawClient client = kit.client()) {
            String a = kit.keyOn(0, "k", 0);
            String b = kit.keyOn(0, "k", 1);
            String well = kit.keyOn(1, "k", 0);
            fill(client, a, b, well);
            for (int i = 1; i <= 3; i++) {
                port.repliesOnce(WireFaults.duplicateReply(0));
                client.expect(bulk("value of " + a), "GET", a);
                int strays = i;
                Await.until("a stray reply", () -> count(kit, ServerHalfCounter.STRAY_REPLIES) == strays);
                client.expect(bulk("value of " + b), "GET", b);
                client.expect(bulk("value of " + well), "GET", well);
                assertEquals(i + 1, port.accepted(), "links");
            }
            assertEquals(3, kit.millrace().totals().server(0, 0, ServerCounter.SERVER_ERR));
            assertEquals(0, kit.millrace().totals().server(0, 1, ServerCounter.SERVER_ERR));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldPassErrorsOfTheServerOnByteForByte(LaneKind kind) throws Exception {
        List<String> errors = List.of("-LOADING Redis is loading the dataset in memory\r\n",
            "-OOM command not allowed when used memory > 'maxmemory'.\r\n", "-BUSY Redis is busy running a script.\r\n",
            "-READONLY You can't write against a read only replica.\r\n", "-MASTERDOWN Link with MASTER is down\r\n",
            "-NOAUTH Authentication required.\r\n", "-\r\n", "-ERR   several  spaces \r\n");
        try (FaultPort port = FaultPort.before(first.address()); ProxyKit kit = kit(kind, port, 30_000);
            RawClient client = kit.client()) {
            String a = kit.keyOn(0, "k", 0);
            String b = kit.keyOn(1, "k", 0);
            fill(client, a, b);
            for (String error : errors) {
                for (String[] request : List.of(new String[] {"GET", a}, new String[] {"MGET", b, a},
                    new String[] {"MSET", a, "1", b, "2"}, new String[] {"DEL", a, b}, new String[] {"EXISTS", b, a})) {
                    port.repliesOnce(WireFaults.replaceReply(0, Resp.bytes(error)));
                    client.expect(error, request);
                }
                client.expect("+PONG\r\n", "PING");
            }
            assertEquals(1, port.accepted(), "links");
            assertEquals(0, kit.millrace().totals().server(0, 0, ServerCounter.SERVER_ERR));
        }
    }

    /** A server that is out of memory, one that runs a script, and a replica, all of them real. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldPassTheMoodsOfRealServersOn(LaneKind kind) throws Exception {
        try (LocalRedis moody = LocalRedis.start("--busy-reply-threshold", "1");
            FaultPort port = FaultPort.before(moody.address()); ProxyKit kit = kit(kind, port, 30_000);
            RawClient client = kit.client(); RawClient direct = new RawClient(moody.port())) {
            String a = kit.keyOn(0, "k", 0);
            String b = kit.keyOn(1, "k", 0);
            List<String> seen = new ArrayList<>();
            direct.expect("+OK\r\n", "CONFIG", "SET", "maxmemory", "1");
            seen.add(same(client, direct, a, b));
            direct.expect("+OK\r\n", "CONFIG", "SET", "maxmemory", "0");
            direct.expect("+OK\r\n", "REPLICAOF", "127.0.0.1", Integer.toString(FreePort.find()));
            seen.add(same(client, direct, a, b));
            direct.expect("+OK\r\n", "REPLICAOF", "NO", "ONE");
            try (RawClient busy = new RawClient(moody.port())) {
                busy.send("EVAL", "while true do end", "0");
                Await.until("a busy server", () -> call(direct, "GET", a).startsWith("-BUSY"));
                seen.add(same(client, direct, a, b));
                direct.expect("+OK\r\n", "SCRIPT", "KILL");
                assertTrue(Resp.text(busy.reply()).startsWith("-"));
            }
            assertTrue(seen.get(0).startsWith("-OOM "), seen::toString);
            assertTrue(seen.get(1).startsWith("-READONLY "), seen::toString);
            assertTrue(seen.get(2).startsWith("-BUSY "), seen::toString);
            client.expect("+OK\r\n", "MSET", a, "1", b, "2");
            client.expect("*2\r\n$1\r\n1\r\n$1\r\n2\r\n", "MGET", a, b);
            assertEquals(1, port.accepted(), "links");
            assertFalse(kit.log().contains("failed"), kit.log());
        }
    }

    /** By the proxy the same error as from the server itself, alone and as a part of a scattered request. */
    private static String same(RawClient client, RawClient direct, String a, String b) throws IOException {
        String error = direct.call("SET", a, "1");
        client.expect(error, "SET", a, "1");
        client.expect(error, "MSET", b, "2", a, "1");
        client.expect("+PONG\r\n", "PING");
        return error;
    }
}
