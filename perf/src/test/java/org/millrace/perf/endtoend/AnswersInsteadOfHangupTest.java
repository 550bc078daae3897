package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.Treatment;

/** Whatever a client of today says first, or says wrong, is answered, and the connection goes on. */
@ParameterizedClass
@EnumSource(LaneKind.class)
@Timeout(60)
class AnswersInsteadOfHangupTest {
    private static final String OK = "+OK\r\n";
    private static ProxyKit kit;

    @Parameter
    LaneKind kind;

    private RawClient client;
    private RawClient redis;

    @BeforeParameterizedClassInvocation
    static void start(LaneKind kind) throws IOException {
        kit = ProxyKit.with(kind).start();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        kit.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = kit.client();
        redis = kit.direct(0);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        kit.assertQuiet();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO", "foo bar", "GETT a", "FOO a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "a'b c'd", "GET", "GET a b", "SET a", "MGET", "MSET", "MSET a", "MSET a b c", "DEL", "EXISTS", "ZADD z",
        "HSET h f", "EVAL", "EVAL x", "OBJECT", "OBJECT ENCODING", "OBJECT FOO", "XGROUP", "XGROUP FOO", "CLIENT FOO",
        "CLIENT GETNAME x", "CLIENT SETNAME",
        "COMMAND FOO", "ECHO", "ECHO a b", "PING a b", "SELECT", "SELECT 0 1", "TIME x", "AUTH",
        "MULTI x", "SUBSCRIBE", "BLPOP a", "CONFIG FOO", "HELLO 4", "HELLO x", "HELLO 2 FOO", "HELLO 2 SETNAME",
        "CLIENT SETNAME \u00e4"})
    void shouldTellMistakesInRedissOwnWords(String line) throws IOException {
        byte[] request = Resp.request(line.split(" "));
        byte[] expected = redis.call(request);
        assertEquals(Resp.show(expected), Resp.show(client.call(request)), line);
        assertEquals('-', expected[0]);
        client.expect("+PONG\r\n", "PING");
    }

    @Test
    void shouldTellOfAnEmptyOrHugeUnknownName() throws IOException {
        for (String name : List.of("", "x".repeat(100), "x".repeat(1000), "GET\r\nx")) {
            byte[] request = Resp.request(name, "arg");
            assertEquals(Resp.show(redis.call(request)), Resp.show(client.call(request)));
        }
        String huge = client.call("x".repeat(100_000), "arg");
        assertTrue(huge.startsWith("-ERR unknown command '"), huge);
        client.expect("+PONG\r\n", "PING");
    }

    @Test
    void shouldRefuseWithAReason() throws IOException {
        int refused = 0;
        for (Command command : CommandTable.standard().commands()) {
            if (command.treatment() != Treatment.REFUSE || command.isContainer()) {
                continue;
            }
            String[] words = new String[Math.max(1, Math.abs(command.arity()))];
            java.util.Arrays.fill(words, "1");
            words[0] = command.name();
            String reply = client.call(words);
            assertTrue(reply.startsWith("-ERR '" + command.name() + "' is not supported by this proxy: "), reply);
            assertTrue(reply.length() < 200, reply);
            refused++;
        }
        assertTrue(refused > 30, "refused " + refused);
        client.expect("+PONG\r\n", "PING");
    }

    @Test
    void shouldTellThatKeysLiveOnSeveralServers() throws IOException {
        String here = kit.keyOn(0, "k", 0);
        String there = kit.keyOn(1, "k", 0);
        String error = "-CROSSSLOT Keys in request don't hash to the same server\r\n";
        client.expect(error, "RENAME", here, there);
        client.expect(error, "SINTER", here, there);
        client.expect(error, "MSETNX", here, "1", there, "2");
        client.expect(error, "EVAL", "return 1", "2", here, there);
        client.expect(error, "BITOP", "AND", here, there);
        client.expect(error, "XREAD", "STREAMS", here, there, "0", "0");
        client.expect(error, "LMPOP", "2", here, there, "LEFT");
        client.expect("+OK\r\n", "SET", here, "1");
        client.expect(":1\r\n", "RENAMENX", here, kit.keyOn(0, "k", 1));
        client.expect(":1\r\n", "DEL", kit.keyOn(0, "k", 1));
    }

    @Test
    void shouldGreetClientsOfToday() throws IOException {
        String hello = client.call("HELLO");
        assertTrue(hello.startsWith("*14\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n"), hello);
        assertTrue(client.call("HELLO", "2", "SETNAME", "me").startsWith("*14\r\n"));
        client.expect("$2\r\nme\r\n", "CLIENT", "GETNAME");
        client.expect("-NOPROTO unsupported protocol version\r\n", "HELLO", "3");
        assertTrue(client.call("HELLO", "2", "AUTH", "default", "x").startsWith("-"));
        client.expect(OK, "CLIENT", "SETINFO", "LIB-NAME", "lib");
        client.expect(OK, "CLIENT", "SETINFO", "lib-ver", "1.0");
        client.expect(OK, "CLIENT", "SETNAME", "other");
        client.expect("$5\r\nother\r\n", "CLIENT", "GETNAME");
        client.expect(OK, "CLIENT", "NO-EVICT", "ON");
        client.expect(OK, "CLIENT", "NO-TOUCH", "off");
        String id = client.call("CLIENT", "ID");
        assertTrue(id.matches(":[0-9]+\r\n"), id);
        assertFalse(id.equals(kit.client().call("CLIENT", "ID")), "two clients share an id");
        assertTrue(client.call("CLIENT", "HELP").startsWith("*"));
        client.expect("+RESET\r\n", "RESET");
        client.expect("$-1\r\n", "CLIENT", "GETNAME");
    }

    @Test
    void shouldSelectItsOneDatabase() throws IOException {
        client.expect(OK, "SELECT", "0");
        assertTrue(client.call("SELECT", "1").startsWith("-ERR DB index is out of range"));
        assertEquals(redis.call("SELECT", "x"), client.call("SELECT", "x"));
        client.expect("+PONG\r\n", "PING");
    }

    @Test
    void shouldAnswerSmallTalk() throws IOException {
        client.expect("+PONG\r\n", "PING");
        client.expect("$5\r\nhello\r\n", "PING", "hello");
        client.expect("$0\r\n\r\n", "PING", "");
        client.expect("$3\r\na b\r\n", "ECHO", "a b");
        String large = "x".repeat(100_000);
        client.expect("$100000\r\n" + large + "\r\n", "ECHO", large);
        String time = client.call("TIME");
        assertTrue(time.matches("\\*2\r\n\\$10\r\n[0-9]{10}\r\n\\$[1-6]\r\n[0-9]{1,6}\r\n"), time);
    }

    @Test
    void shouldTellItsCommands() throws IOException {
        String count = client.call("COMMAND", "COUNT");
        assertEquals(":" + CommandTable.standard().count() + "\r\n", count);
        String all = client.call("COMMAND");
        assertTrue(all.startsWith("*" + CommandTable.standard().count() + "\r\n"));
        assertTrue(all.length() > 10_000);
        assertTrue(client.call("COMMAND", "INFO", "get", "nosuch").startsWith("*2\r\n*10\r\n$3\r\nget\r\n:2\r\n"));
        assertTrue(client.call("COMMAND", "DOCS", "get").startsWith("*2\r\n$3\r\nget\r\n"));
        assertTrue(client.call("COMMAND", "DOCS").startsWith("*" + 2 * CommandTable.standard().count() + "\r\n"));
        client.expect("*2\r\n$1\r\na\r\n$1\r\nb\r\n", "COMMAND", "GETKEYS", "MGET", "a", "b");
        assertTrue(client.call("COMMAND", "LIST").startsWith("*"));
    }

    @Test
    void shouldTellAboutItself() throws IOException {
        String all = client.call("INFO");
        for (String section : List.of("Server", "Clients", "Memory", "Stats", "Millrace")) {
            assertTrue(all.contains("# " + section + "\r\n"), section);
            String one = client.call("INFO", section.toLowerCase(java.util.Locale.ROOT));
            assertTrue(one.contains("# " + section + "\r\n") && one.length() < all.length(), one);
        }
        assertTrue(all.contains("redis_version:"));
        client.expect("$0\r\n\r\n", "INFO", "nosuch");
        assertTrue(client.call("INFO", "server", "clients").contains("# Clients"));
        // behind INFO, which another thread answers, the order of replies holds
        List<byte[]> replies = client.pipeline(Resp.concat(Resp.request("INFO"), Resp.request("PING"),
            Resp.request("INFO", "server"), Resp.request("GET", "none")), 4);
        assertEquals("+PONG\r\n", Resp.text(replies.get(1)));
        assertEquals("$-1\r\n", Resp.text(replies.get(3)));
    }

    @Test
    void shouldUnderstandInlineCommands() throws IOException {
        for (String line : List.of("PING", "ping hello", "SET inline \"a b\\x00\\n\"", "GET inline", "  GET   inline  ",
            "SET inline 'it\\'s'", "GET inline", "DEL inline", "FOO bar", "GET", "MGET a b c")) {
            byte[] bytes = Resp.bytes(line + "\r\n");
            assertEquals(Resp.show(redis.call(bytes)), Resp.show(client.call(bytes)), line);
        }
        client.send(Resp.bytes("PING\nPING\n"));
        assertEquals("+PONG\r\n+PONG\r\n", Resp.text(client.exactly(14)));
    }

    @Test
    void shouldIgnoreBlankLinesAndEmptyRequests() throws IOException {
        client.send(Resp.bytes("\r\n\n\r\n   \r\n*0\r\n*-1\r\n")).send("PING");
        assertEquals("+PONG\r\n", Resp.text(client.reply()));
        client.send(Resp.concat(Resp.request("GET", "none"), Resp.bytes("\r\n*0\r\n"), Resp.request("PING")));
        assertEquals("$-1\r\n+PONG\r\n", Resp.text(client.exactly(12)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*x\r\n", "*1\r\nGET\r\n", "*2\r\n$3\r\nGET\r\n:1\r\n", "*1\r\n$-1\r\n", "*1\r\n$x\r\n",
        "*99999999999\r\n", "*1\r\n$99999999999\r\n", "SET 'a\r\n", "*3\r\n$3\r\nSETx"})
    void shouldAnswerWhatIsDueThenTellAndCloseWhenTheProtocolIsBroken(String broken) throws IOException {
        client.send(Resp.concat(Resp.request("SET", "due", "1"), Resp.request("GET", "due"), Resp.bytes(broken),
            Resp.request("SET", "due", "2")));
        String all = Resp.text(client.untilClose());
        assertTrue(all.startsWith("+OK\r\n$1\r\n1\r\n-ERR Protocol error: "), all);
        assertTrue(all.indexOf("\r\n", 12) == all.length() - 2, all);
        kit.client().expect("$1\r\n1\r\n", "GET", "due");
    }

    @Test
    void shouldAnswerWhatIsDueBeforeItQuits() throws IOException {
        client.send(Resp.concat(Resp.request("SET", "q", "1"), Resp.request("GET", "q"), Resp.request("QUIT"),
            Resp.request("SET", "q", "2")));
        assertEquals("+OK\r\n$1\r\n1\r\n+OK\r\n", Resp.text(client.untilClose()));
        kit.client().expect("$1\r\n1\r\n", "GET", "q");
    }

    @Test
    void shouldAnswerWhatIsDueAfterTheClientHasFinishedSending() throws IOException {
        client.send(Resp.concat(Resp.request("SET", "f", "1"), Resp.request("GET", "f")));
        client.shutdownOutput();
        assertEquals("+OK\r\n$1\r\n1\r\n", Resp.text(client.untilClose()));
    }

    @Test
    void shouldKeepOrderWhenErrorsStandBetweenRequests() throws IOException {
        List<byte[]> replies = client.pipeline(Resp.concat(Resp.request("SET", "o", "1"), Resp.request("FOO"),
            Resp.request("GET", "o"), Resp.request("GET"), Resp.request("LPUSH", "o", "x"), Resp.request("MULTI"),
            Resp.request("GET", "o")), 7);
        List<String> texts = replies.stream().map(reply -> Resp.text(reply).substring(0, 4)).toList();
        assertEquals(List.of("+OK\r", "-ERR", "$1\r\n", "-ERR", "-WRO", "-ERR", "$1\r\n"), texts);
    }
}
