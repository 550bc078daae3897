package org.millrace.engine.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.Treatment;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;

/** What the proxy answers itself. */
class LocalCommandsTest {
    private static final String NO_AUTH = "-NOAUTH Authentication required.\r\n";
    private static final CommandTable TABLE = CommandTable.standard();

    @Test
    void shouldHaveAHandlerForEveryLocalCommandAndForNoOther() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            LocalCommands local = new LocalCommands(lane.lane().client().state(), lane.outside(), lane.outside());
            for (int id = 0; id < TABLE.idCount(); id++) {
                Command command = TABLE.byId(id);
                if (command.treatment() == Treatment.LOCAL) {
                    assertTrue(local.handles(command), command.name());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerEveryCommandOfTheTableWithExactlyOneWellFormedReply(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            for (int id = 0; id < TABLE.idCount(); id++) {
                Command command = TABLE.byId(id);
                Treatment treatment = command.treatment();
                if (treatment == Treatment.FORWARD || treatment == Treatment.SCATTER || command.name().equals("info")) {
                    continue;
                }
                int least = Math.abs(command.arity());
                for (int words = Math.max(1, least - 1); words <= least + 2; words++) {
                    checkOneReply(lane, words(command, words));
                }
            }
        }
    }

    private static void checkOneReply(LaneHarness lane, String[] words) {
        FakeConnection client = lane.connect();
        lane.send(client, request(words));
        String wire = client.take();
        assertEquals(1, Resp.replies(wire).size(), () -> String.join(" ", words) + " -> " + wire);
        client.end(org.millrace.io.CloseCause.PEER_CLOSED);
        lane.settle();
    }

    private static String[] words(Command command, int count) {
        List<String> words = new ArrayList<>(List.of(command.name().split("\\|")));
        while (words.size() < count) {
            words.add("2");
        }
        return words.toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerAboutTheConnection(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            asks(lane, client, "+PONG\r\n", "ping");
            asks(lane, client, bulk("a\0b"), "PING", "a\0b");
            asks(lane, client, "-ERR wrong number of arguments for 'ping' command\r\n", "PING", "a", "b");
            asks(lane, client, bulk("hi"), "ECHO", "hi");
            asks(lane, client, bulk(Resp.value(20_000)), "ECHO", Resp.value(20_000));
            asks(lane, client, "+OK\r\n", "SELECT", "0");
            asks(lane, client, "-ERR DB index is out of range: behind this proxy a pool is one database, ask for 0\r\n",
                "SELECT", "1");
            asks(lane, client, "-ERR value is not an integer or out of range\r\n", "SELECT", "x");
            asks(lane, client, "-ERR Client sent AUTH, but no password is set\r\n", "AUTH", "x");
            asks(lane, client, "-NOPROTO unsupported protocol version\r\n", "HELLO", "3");
            asks(lane, client, "*2\r\n$10\r\n1700000000\r\n$6\r\n123456\r\n", "TIME");
            assertEquals(11, lane.count(ClientHalfCounter.LOCAL_ANSWERS));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepWhatAClientSaysOfItself(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            asks(lane, client, "$-1\r\n", "CLIENT", "GETNAME");
            asks(lane, client, "+OK\r\n", "CLIENT", "SETNAME", "web-7");
            asks(lane, client, bulk("web-7"), "CLIENT", "GETNAME");
            asks(lane, client, "-" + ClientCommands.BAD_NAME + "\r\n", "CLIENT", "SETNAME", "a b");
            asks(lane, client, "+OK\r\n", "CLIENT", "SETINFO", "LIB-NAME", "jedis");
            asks(lane, client, "-ERR Unrecognized option 'lib?x'\r\n", "CLIENT", "SETINFO", "lib\nx", "1");
            asks(lane, client, ":256\r\n", "CLIENT", "ID");
            asks(lane, client, "+RESET\r\n", "RESET");
            asks(lane, client, "$-1\r\n", "CLIENT", "GETNAME");
            lane.send(client, request("HELLO", "2", "SETNAME", "again"));
            assertTrue(client.take().startsWith("*14\r\n$6\r\nserver\r\n$5\r\nredis\r\n"));
            asks(lane, client, bulk("again"), "CLIENT", "GETNAME");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLetNobodyInWithoutThePassword(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_auth", "secret").start(mode)) {
            FakeConnection client = lane.connect();
            asks(lane, client, NO_AUTH, "GET", "k");
            asks(lane, client, NO_AUTH, "PING");
            asks(lane, client, NO_AUTH, "CLIENT", "SETNAME", "x");
            asks(lane, client, "-ERR invalid password\r\n", "AUTH", "wrong");
            asks(lane, client, NO_AUTH, "GET", "k");
            lane.send(client, request("HELLO", "2"));
            assertTrue(client.take().startsWith("-NOAUTH"));
            asks(lane, client, "+OK\r\n", "AUTH", "secret");
            asks(lane, client, "+PONG\r\n", "PING");
            asks(lane, client, "-ERR invalid password\r\n", "AUTH", "wrong");
            asks(lane, client, NO_AUTH, "PING");
            assertEquals(0, lane.server(0).attempts());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeTheDefaultUserAndNoOther(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_auth", "secret").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("AUTH", "nobody", "secret"));
            assertTrue(client.take().startsWith("-WRONGPASS"));
            asks(lane, client, NO_AUTH, "PING");
            asks(lane, client, "+OK\r\n", "AUTH", "default", "secret");
            asks(lane, client, "+RESET\r\n", "RESET");
            asks(lane, client, NO_AUTH, "PING");
            lane.send(client, request("HELLO", "2", "AUTH", "default", "bad", "SETNAME", "x"));
            assertTrue(client.take().startsWith("-WRONGPASS"));
            asks(lane, client, NO_AUTH, "PING");
            lane.send(client, request("HELLO", "2", "AUTH", "default", "secret", "SETNAME", "x"));
            assertTrue(client.take().startsWith("*14\r\n"));
            asks(lane, client, bulk("x"), "CLIENT", "GETNAME");
            asks(lane, client, "-ERR syntax error\r\n", "AUTH", "a", "b", "c");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeTheUserOfThePoolAndNoOther(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_auth", "secret").pool("redis_user", "app").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("AUTH", "default", "secret"));
            assertTrue(client.take().startsWith("-WRONGPASS"));
            asks(lane, client, NO_AUTH, "PING");
            asks(lane, client, "+OK\r\n", "AUTH", "app", "secret");
            asks(lane, client, "+RESET\r\n", "RESET");
            asks(lane, client, "+OK\r\n", "AUTH", "secret");
            lane.send(client, request("HELLO", "2", "AUTH", "app", "bad"));
            assertTrue(client.take().startsWith("-WRONGPASS"));
            asks(lane, client, NO_AUTH, "PING");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldHandInfoToTheControlThread(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("INFO") + request("PING"));
            assertEquals(1, lane.outside().infoQuestions().size());
            assertEquals("", client.take(), "PING waits for its turn");
            lane.outside().busy();
            FakeConnection other = lane.connect();
            lane.send(other, request("INFO", "server"));
            assertEquals("-ERR the control thread is busy, ask again\r\n", other.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSayWhyItRefuses(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("KEYS", "*"));
            String refusal = client.take();
            assertTrue(refusal.startsWith("-ERR ") && refusal.contains("keys"), refusal);
            asks(lane, client, "-ERR wrong number of arguments for 'get' command\r\n", "GET");
            lane.send(client, request("CLIENT", "NOSUCH"));
            assertTrue(client.take().startsWith("-ERR unknown subcommand 'NOSUCH'"));
            asks(lane, client, "-ERR unknown command 'foo', with args beginning with: 'a b' \r\n", "foo", "a b");
            assertFalse(client.isClosed());
            assertEquals(0, lane.server(0).attempts());
        }
    }

    private static void asks(LaneHarness lane, FakeConnection client, String answer, String... words) {
        lane.send(client, request(words));
        assertEquals(answer, client.take(), () -> String.join(" ", words));
    }
}
