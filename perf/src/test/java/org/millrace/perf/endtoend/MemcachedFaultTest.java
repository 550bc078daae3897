package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerHalfCounter;

/** Memcached servers that fail: only their own requests do, with the cause, and every client stays. */
@Timeout(120)
@Tag("faults")
class MemcachedFaultTest {
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldTellOfAServerThatWasKilledAndUseItAgain(LaneKind kind) throws IOException {
        try (MemcachedKit kit = MemcachedKit.start(kind, 2)) {
            RawClient client = kit.proxy().client();
            String lost = kit.proxy().keyOn(0, "k", 0);
            String kept = kit.proxy().keyOn(1, "k", 0);
            assertEquals("STORED\r\nSTORED\r\n", MemcachedKit.talk(client, set(lost) + set(kept)));
            kit.signal(0, "STOP");
            client.send(MemcachedKit.bytes("get " + lost + "\r\nget " + kept + ' ' + lost + "\r\nset " + lost
                + " 0 0 1 noreply\r\nx\r\nmn\r\n"));
            Await.until("three requests in flight", () -> kit.proxy().entriesInUse() >= 3);
            kit.server(0).close();
            String got = MemcachedKit.untilBarrier(client);
            assertTrue(got.matches("(SERVER_ERROR (unknown|Connection reset by peer)\r\n){2}"), got);
            assertEquals(1, kit.proxy().millrace().totals().servers(ServerHalfCounter.SILENT_LOST));
            assertEquals(MemcachedKit.value(kept, "v") + "END\r\n", MemcachedKit.talk(client, "get " + kept + "\r\n"));
            kit.restart(0);
            Await.until("the server is used again", () -> MemcachedKit.isStored(client, lost));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldTellWhyAServerCannotBeReached(LaneKind kind) throws IOException {
        expect(kind, "no-such-host.invalid:11211:1", "SERVER_ERROR Host is down\r\n");
        expect(kind, "/nowhere/memcached.sock:1 m", "SERVER_ERROR No such file or directory\r\n");
    }

    private static void expect(LaneKind kind, String server, String error) throws IOException {
        try (ProxyKit kit = MemcachedKit.builder(kind).otherServer(server).start()) {
            RawClient client = kit.client();
            assertEquals(error.repeat(3), MemcachedKit.talk(client, "get a\r\nget a b\r\nset a 0 0 1 noreply\r\nx\r\n"
                + "flush_all\r\n"));
            Await.until("the lost one is counted",
                () -> kit.millrace().totals().servers(ServerHalfCounter.SILENT_LOST) == 1);
        }
    }

    private static String set(String key) {
        return "set " + key + " 0 0 1\r\nv\r\n";
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldLetRequestsToAHungServerTimeOutAlone(LaneKind kind) throws IOException {
        try (MemcachedKit kit = MemcachedKit.start(kind, 2, "timeout", "1000")) {
            RawClient client = kit.proxy().client();
            String hung = kit.proxy().keyOn(0, "k", 0);
            String well = kit.proxy().keyOn(1, "k", 0);
            assertEquals("STORED\r\nSTORED\r\n", MemcachedKit.talk(client, set(hung) + set(well)));
            kit.signal(0, "STOP");
            assertEquals("SERVER_ERROR Connection timed out\r\nSERVER_ERROR Connection timed out\r\n"
                + "SERVER_ERROR Connection timed out\r\n" + MemcachedKit.value(well, "v") + "END\r\n",
                MemcachedKit.talk(client, "get " + hung + "\r\nget " + well + ' ' + hung + "\r\nflush_all 1000\r\nget "
                + well + "\r\n"));
            kit.signal(0, "CONT");
            Await.until("the server answers again", () -> MemcachedKit.isStored(client, hung));
            assertEquals(MemcachedKit.value(hung, "v") + MemcachedKit.value(well, "v") + "END\r\n",
                MemcachedKit.talk(client, "get " + hung + ' ' + well + "\r\n"));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldFailFastAndLeaveAllOtherKeysWhereTheyAre(LaneKind kind) throws IOException {
        try (MemcachedKit kit = MemcachedKit.start(kind, 2, "auto_eject_hosts", "true", "eject", "fail_fast",
            "server_failure_limit", "1", "server_retry_timeout", "200", "timeout", "2000")) {
            RawClient client = kit.proxy().client();
            String lost = kit.proxy().keyOn(0, "k", 0);
            String kept = kit.proxy().keyOn(1, "k", 0);
            assertEquals("STORED\r\nSTORED\r\n", MemcachedKit.talk(client, set(lost) + set(kept)));
            kit.server(0).close();
            Await.until("an ejection", () -> !MemcachedKit.isStored(client, lost)
                && kit.proxy().log().contains("server m1 is ejected"));
            String refused = "SERVER_ERROR Connection refused\r\n";
            Await.until("an error at once", () -> isAnswered(client, "get " + lost + "\r\n", refused));
            long silent = kit.proxy().millrace().totals().servers(ServerHalfCounter.SILENT_LOST);
            assertEquals(refused + MemcachedKit.value(kept, "v") + "END\r\n" + refused, MemcachedKit.talk(client,
                "get " + kept + ' ' + lost + "\r\nget " + kept + "\r\nset " + lost + " 0 0 1 noreply\r\nx\r\ndelete "
                    + lost + "\r\n"));
            assertEquals(silent + 1, kit.proxy().millrace().totals().servers(ServerHalfCounter.SILENT_LOST));
            kit.restart(0);
            Await.until("the server is used again", () -> MemcachedKit.isStored(client, lost));
        }
    }

    private static boolean isAnswered(RawClient client, String request, String reply) {
        try {
            return MemcachedKit.talk(client, request).equals(reply);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldEndTheLinkOfGarbageAndOfRepliesThatFitNothing(LaneKind kind) throws IOException {
        String[] replies = {"WAT\r\n", "+OK\r\n", "STORED\r\n", "STAT a 1\r\nEND\r\n", "HD\r\n", "VALUE a 0 x\r\n",
            "VALUE a 0 1\r\nxyz\r\n", "\r\n", "VALUE a 0 1\r\nx\r\nSTORED\r\n", "END\n", "\0\0\0\r\n"};
        try (MemcachedScript script = new MemcachedScript();
            ProxyKit kit = MemcachedKit.builder(kind, "timeout", "2000").otherServer(
                "127.0.0.1:" + script.port() + ":1 f").start()) {
            RawClient client = kit.client();
            for (String reply : replies) {
                String key = "raw:" + HexFormat.of().formatHex(MemcachedKit.bytes(reply));
                Await.until("an error for " + reply, () -> isRefused(client, key));
                Await.until("a link that is in step", () -> MemcachedKit.isStored(client, "k"));
            }
            assertEquals("SERVER_ERROR busy\r\n", MemcachedKit.talk(client, "get raw:"
                + HexFormat.of().formatHex(MemcachedKit.bytes("SERVER_ERROR busy\r\n")) + "\r\n"), "byte for byte");
        }
    }

    /** True once the answer is that of a link that is out of step; until then it may be at rest. */
    private static boolean isRefused(RawClient client, String key) {
        return isAnswered(client, "get " + key + "\r\n", "SERVER_ERROR Invalid argument\r\n");
    }
}
