package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.perf.server.FreePort;

/** Administrative commands on the port of a Redis pool, for those who may give them, over two lanes. */
@Timeout(60)
class AdminPortTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static ProxyKit kit;
    private static int plainPort;
    private static int lockedPort;

    private final List<RawClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        plainPort = FreePort.find();
        lockedPort = FreePort.find();
        kit = ProxyKit.with(LaneKind.SPLIT).engine("lanes", "2").servers(2).pool("admin_commands", "all")
            .pool("timeout", "5000").pool("hash_tag", "\"{}\"")
            .otherPool("plain:\n  listen: 127.0.0.1:" + plainPort + "\n  redis: true\n  timeout: 5000\n"
                + "  servers:\n    - 127.0.0.1:1:1\n")
            .otherPool("locked:\n  listen: 127.0.0.1:" + lockedPort + "\n  redis: true\n  timeout: 5000\n"
                + "  redis_auth: sesame\n  admin_commands: read\n  servers:\n    - 127.0.0.1:1:1\n")
            .start();
    }

    @AfterAll
    static void stop() throws IOException {
        kit.close();
    }

    @AfterEach
    void leave() throws IOException, InterruptedException {
        for (RawClient client : clients) {
            client.close();
        }
        kit.millrace().reload(kit.config());
        kit.assertQuiet();
    }

    private RawClient client(int port) throws IOException {
        RawClient client = new RawClient(port);
        clients.add(client);
        return client;
    }

    private RawClient client() throws IOException {
        return client(kit.port());
    }

    /** Several, on both lanes, each with a name. */
    private List<RawClient> named(String prefix, int count) throws IOException {
        List<RawClient> named = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            named.add(client());
            named.getLast().expect("+OK\r\n", "CLIENT", "SETNAME", prefix + i);
        }
        return named;
    }

    private static String line(String list, String name) {
        return list.lines().filter(line -> line.contains(" name=" + name + " ")).findFirst().orElseThrow(
            () -> new AssertionError(name + " is not in\n" + list));
    }

    private static String field(String line, String name) {
        int at = line.indexOf(name + '=');
        int end = line.indexOf(' ', at);
        return line.substring(at + name.length() + 1, end < 0 ? line.length() : end);
    }

    /** What redis-cli prints. */
    private static String cli(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("redis-cli", "--no-raw", "-p", Integer.toString(kit.port())));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        process.getInputStream().transferTo(out);
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldListTheClientsOfThePoolOnAllLanes() throws IOException {
        RawClient asker = client();
        List<RawClient> named = named("list", 6);
        client(plainPort).call("CLIENT", "SETNAME", "stranger");
        named.getFirst().expect("+OK\r\n", "CLIENT", "SETINFO", "LIB-NAME", "jedis");
        String list = asker.call("CLIENT", "LIST");

        assertTrue(list.lines().filter(line -> line.startsWith("id=")).map(line -> field(line, "lane")).distinct()
            .count() == 2, list);
        for (int i = 0; i < 6; i++) {
            String line = line(list, "list" + i);
            assertEquals("127.0.0.1:" + kit.port(), field(line, "laddr"));
            assertTrue(line.matches("id=\\d+ addr=127\\.0\\.0\\.1:\\d+ laddr=\\S+ fd=-1 name=list" + i
                + " age=\\d+ idle=\\d+ flags=N db=0 .*"), line);
        }
        assertEquals("jedis", field(line(list, "list0"), "lib-name"));
        assertFalse(list.contains("stranger"), list);

        String id = field(line(list, "list3"), "id");
        String one = asker.call("CLIENT", "LIST", "ID", id, "999999999");
        assertEquals(1, one.lines().filter(line -> line.startsWith("id=")).count(), one);
        assertTrue(one.contains("name=list3"), one);
        asker.expect("$0\r\n\r\n", "CLIENT", "LIST", "TYPE", "pubsub");
        assertTrue(asker.call("CLIENT", "LIST", "TYPE", "NORMAL").contains("name=list3"));
    }

    @Test
    void shouldRefuseBadWordsOfClientCommands() throws IOException {
        RawClient asker = client();
        asker.expect("-ERR syntax error\r\n", "CLIENT", "LIST", "nonsense");
        asker.expect("-ERR syntax error\r\n", "CLIENT", "LIST", "ID");
        asker.expect("-ERR Invalid client ID\r\n", "CLIENT", "LIST", "ID", "x");
        asker.expect("-ERR Unknown client type 'odd'\r\n", "CLIENT", "LIST", "TYPE", "odd");
        asker.expect("-ERR syntax error\r\n", "CLIENT", "KILL", "ID", "1", "ADDR");
        asker.expect("-ERR syntax error\r\n", "CLIENT", "KILL", "COLOUR", "red");
        asker.expect("-ERR syntax error\r\n", "CLIENT", "KILL", "SKIPME", "perhaps");
        asker.expect("-ERR client-id should be greater than 0\r\n", "CLIENT", "KILL", "ID", "0");
        asker.expect("-ERR maxage is not an integer or out of range\r\n", "CLIENT", "KILL", "MAXAGE", "-1");
        asker.expect("-ERR Unknown client type 'odd'\r\n", "CLIENT", "KILL", "TYPE", "odd");
        asker.expect("-ERR No such client\r\n", "CLIENT", "KILL", "127.0.0.1:1");
        asker.expect("-ERR wrong number of arguments for 'client|kill' command\r\n", "CLIENT", "KILL");
        String[] many = new String[1100];
        java.util.Arrays.fill(many, "1");
        many[0] = "CLIENT";
        many[1] = "LIST";
        many[2] = "ID";
        asker.expect("-ERR too many words, at most 1024\r\n", many);
        asker.expect("-ERR words are too long, at most 65536 bytes together\r\n", "PROXY", "WHERE",
            "k".repeat(70_000));
        asker.expect("+PONG\r\n", "PING");
    }

    @Test
    void shouldKillByAddressAndByFilterOnAnyLane() throws IOException {
        RawClient asker = client();
        List<RawClient> named = named("kill", 6);
        long before = kit.millrace().totals().clients(ClientHalfCounter.CLOSED_BY_KILL);
        String list = asker.call("CLIENT", "LIST");

        asker.expect("+OK\r\n", "CLIENT", "KILL", field(line(list, "kill0"), "addr"));
        asker.expect(":1\r\n", "CLIENT", "KILL", "ID", field(line(list, "kill1"), "id"));
        asker.expect(":1\r\n", "CLIENT", "KILL", "ADDR", field(line(list, "kill2"), "addr"), "TYPE", "normal");
        asker.expect(":0\r\n", "CLIENT", "KILL", "TYPE", "pubsub");
        asker.expect(":0\r\n", "CLIENT", "KILL", "MAXAGE", "1000");
        asker.expect(":0\r\n", "CLIENT", "KILL", "USER", "nobody");
        for (int i = 0; i < 3; i++) {
            assertEquals(0, named.get(i).untilClose().length);
        }
        named.get(3).expect("+PONG\r\n", "PING");
        // all but the one that asks
        asker.expect(":3\r\n", "CLIENT", "KILL", "LADDR", "127.0.0.1:" + kit.port());
        for (int i = 3; i < 6; i++) {
            assertEquals(0, named.get(i).untilClose().length);
        }
        asker.expect("+PONG\r\n", "PING");
        assertEquals(6, kit.millrace().totals().clients(ClientHalfCounter.CLOSED_BY_KILL) - before);
    }

    @Test
    void shouldAnswerAClientThatKillsItselfBeforeItIsClosed() throws IOException {
        RawClient asker = client();
        String id = asker.call("CLIENT", "ID").strip().substring(1);
        assertEquals(":1\r\n", Resp.text(asker.send("CLIENT", "KILL", "ID", id, "SKIPME", "no").untilClose()));
    }

    @Test
    void shouldGetDirectivesByPatternAndNoPassword() throws IOException {
        RawClient asker = client();
        asker.expect("*2\r\n$7\r\ntimeout\r\n$4\r\n5000\r\n", "CONFIG", "GET", "TIMEOUT");
        asker.expect("*0\r\n", "CONFIG", "GET", "appendonly");
        String all = asker.call("CONFIG", "GET", "*");
        assertTrue(all.contains("server_max_queue"), all);
        assertFalse(all.contains("redis_auth"), all);
        String some = asker.call("CONFIG", "GET", "client_max_[qo]*", "h?sh");
        assertTrue(some.startsWith("*6\r\n") && some.contains("client_max_queue") && some.contains("hash"), some);
        RawClient locked = client(lockedPort);
        locked.expect("+OK\r\n", "AUTH", "sesame");
        assertFalse(locked.call("CONFIG", "GET", "*").contains("sesame"));
    }

    @Test
    void shouldChangeDirectivesAsAReloadDoesUntilTheFileIsReadAgain() throws IOException, InterruptedException {
        RawClient asker = client();
        asker.expect("+OK\r\n", "CONFIG", "SET", "timeout", "1234", "client_max_queue", "77");
        asker.expect("*2\r\n$7\r\ntimeout\r\n$4\r\n1234\r\n", "CONFIG", "GET", "timeout");
        asker.expect("*2\r\n$16\r\nclient_max_queue\r\n$2\r\n77\r\n", "CONFIG", "GET", "client_max_queue");
        assertEquals(1234, kit.millrace().totals().topology().pool(kit.millrace().totals().topology()
            .poolIndexOf("test")).config().timeoutMs());
        Await.until(kit::log, LIMIT, () -> kit.log().contains("pool test: timeout is 1234, was 5000"));

        List<String> changes = kit.millrace().reload(kit.config());
        assertTrue(changes.contains("pool test: timeout is 5000, was 1234"), changes.toString());
        asker.expect("*2\r\n$7\r\ntimeout\r\n$4\r\n5000\r\n", "CONFIG", "GET", "timeout");
    }

    @Test
    void shouldRefuseWhatCannotBeSetAndChangeNothing() throws IOException {
        RawClient asker = client();
        asker.expect("-ERR Unknown option or number of arguments for CONFIG SET - 'maxmemory'\r\n", "CONFIG", "SET",
            "maxmemory", "1");
        asker.expect("-ERR CONFIG SET failed (possibly related to argument 'listen') - cannot be changed here: change "
            + "it in the file, and have the process reload it\r\n", "CONFIG", "SET", "listen", "127.0.0.1:1");
        asker.expect("-ERR CONFIG SET failed (possibly related to argument 'timeout') - duplicate parameter\r\n",
            "CONFIG", "SET", "timeout", "1", "timeout", "2");
        asker.expect("-ERR wrong number of arguments for 'config|set' command\r\n", "CONFIG", "SET", "timeout", "1",
            "eject");
        String bad = asker.call("CONFIG", "SET", "queue_timeout", "5", "timeout", "soon");
        assertTrue(bad.startsWith("-ERR CONFIG SET failed (possibly related to argument 'timeout') - ")
            && bad.contains("allowed: 0..2147483647"), bad);
        String small = asker.call("CONFIG", "SET", "client_max_bytes", "64kb");
        assertTrue(small.contains("is less than max_message"), small);
        String large = asker.call("CONFIG", "SET", "client_max_bytes", "16384gb");
        assertTrue(large.startsWith("-ERR CONFIG SET failed (possibly related to argument 'client_max_bytes') - "),
            large);
        asker.expect("*2\r\n$13\r\nqueue_timeout\r\n$1\r\n0\r\n", "CONFIG", "GET", "queue_timeout");
        assertTrue(asker.call("CONFIG", "RESETSTAT").startsWith("-ERR 'config|resetstat' is not supported"));
    }

    @Test
    void shouldTellOfThePoolInFormsThatRedisCliShows() throws IOException, InterruptedException {
        String key = kit.keyOn(1, "key", 0);
        kit.client().expect("+OK\r\n", "SET", key, "v");
        String where = cli("PROXY", "WHERE", "{" + key + "}tail");
        assertTrue(where.contains("\"s2\"") && where.contains("127.0.0.1:" + kit.server(1).port())
            && where.contains("\"live\""), where);
        String servers = cli("PROXY", "SERVERS");
        assertTrue(servers.contains("\"s1\"") && servers.contains("\"s2\"") && servers.contains("\"requests\""),
            servers);
        String stats = cli("PROXY", "STATS");
        assertTrue(stats.contains("\"client_connections\"") && stats.contains("(integer) "), stats);
        assertTrue(cli("PROXY", "HELP").contains("WHERE <key>"));
        assertTrue(cli("CLIENT", "LIST").contains("id="));
        assertTrue(cli("PROXY", "NONSENSE").contains("unknown subcommand 'NONSENSE'. Try PROXY HELP."));
        assertTrue(cli("PROXY").contains("wrong number of arguments for 'proxy' command"));
    }

    @Test
    void shouldRefuseThoseWhoMayNotAndNameTheDirective() throws IOException {
        long before = kit.millrace().totals().clients(ClientHalfCounter.ADMIN_REFUSED);
        RawClient plain = client(plainPort);
        plain.expect("-NOPERM 'CLIENT LIST' is for administrators: the pool of this port needs 'admin_commands: read'"
            + "\r\n", "CLIENT", "LIST");
        plain.expect("-NOPERM 'PROXY WHERE' is for administrators: the pool of this port needs 'admin_commands: read'"
            + "\r\n", "PROXY", "WHERE", "k");
        assertTrue(plain.call("PROXY", "HELP").startsWith("*"));
        assertTrue(plain.call("INFO", "server").startsWith("$"));
        RawClient locked = client(lockedPort);
        locked.expect("-NOAUTH Authentication required.\r\n", "CLIENT", "LIST");
        locked.expect("-NOAUTH Authentication required.\r\n", "CONFIG", "SET", "timeout", "1");
        locked.expect("+OK\r\n", "AUTH", "sesame");
        assertTrue(locked.call("CLIENT", "LIST").contains("user=default"));
        locked.expect("-NOPERM 'CLIENT KILL' is for administrators: the pool of this port needs 'admin_commands: all'"
            + "\r\n", "CLIENT", "KILL", "ID", "1");
        locked.expect("-NOPERM 'CONFIG SET' is for administrators: the pool of this port needs 'admin_commands: all'"
            + "\r\n", "CONFIG", "SET", "timeout", "1");
        assertEquals(4, kit.millrace().totals().clients(ClientHalfCounter.ADMIN_REFUSED) - before);
    }
}
