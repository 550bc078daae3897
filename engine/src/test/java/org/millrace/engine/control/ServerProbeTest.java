package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.Credentials;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.control.ProbeTalk.Memcached;
import org.millrace.engine.control.ProbeTalk.Redis;
import org.millrace.io.Endpoint;

/** What a server is asked, what its answers mean, and that nobody waits for one that says nothing. */
@Timeout(60)
@Tag("faults")
class ServerProbeTest {
    private static final String PING = "*1\r\n$4\r\nPING\r\n";

    @TempDir
    private Path folder;

    private static String text(ProbeTalk talk) {
        return new String(talk.question(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldAskInTheProtocolAndWithThePasswordOfThePool() {
        PoolConfig pool = ConfigReader.read("probe.yml", """
            alpha:
              listen: 127.0.0.1:22121
              redis: true
              redis_user: app
              redis_auth: secret
              server_auth:
                second: other
              servers:
                - 127.0.0.1:7000:1 first
                - 127.0.0.1:7001:1 second
            """).pools().getFirst();
        assertEquals("*3\r\n$4\r\nAUTH\r\n$3\r\napp\r\n$6\r\nsecret\r\n" + PING,
            text(ProbeTalk.of(pool, pool.servers().get(0))));
        assertEquals("*3\r\n$4\r\nAUTH\r\n$3\r\napp\r\n$5\r\nother\r\n" + PING,
            text(ProbeTalk.of(pool, pool.servers().get(1))));
        assertFalse(ProbeTalk.of(pool, pool.servers().get(0)).toString().contains("secret"));
        assertEquals(PING, text(new Redis(null, 0)));
        PoolConfig memcached = ConfigReader.read("probe.yml", """
            alpha:
              listen: 127.0.0.1:22121
              servers:
                - 127.0.0.1:11211:1
            """).pools().getFirst();
        assertEquals("version\r\n", text(ProbeTalk.of(memcached, memcached.servers().getFirst())));
    }

    @Test
    void shouldKnowWhatRedisAnswers() {
        Redis ping = new Redis(null, 0);
        assertEquals(ProbeTalk.MORE, ping.meaning(""));
        assertEquals(ProbeTalk.MORE, ping.meaning("+PON"));
        assertEquals(ProbeTalk.MORE, ping.meaning("+PONG"));
        assertNull(ping.meaning("+PONG\r\n"));
        assertNull(ping.meaning("-NOAUTH Authentication required.\r\n"));
        assertNull(ping.meaning("-ERR unknown command 'PING'\r\n"));
        assertEquals("LOADING Redis is loading the dataset in memory",
            ping.meaning("-LOADING Redis is loading the dataset in memory\r\n"));
        assertEquals("MASTERDOWN Link with MASTER is down", ping.meaning("-MASTERDOWN Link with MASTER is down\r\n"));
        assertEquals("ERR max number of clients reached", ping.meaning("-ERR max number of clients reached\r\n"));
        assertEquals("it does not speak Redis's protocol", ping.meaning("HTTP/1.1 400 Bad Request\r\n"));
        Redis auth = new Redis(new Credentials(null, "secret"), 0);
        assertEquals(ProbeTalk.MORE, auth.meaning("+OK\r\n"));
        assertNull(auth.meaning("+OK\r\n+PONG\r\n"));
        assertEquals("LOADING x", auth.meaning("+OK\r\n-LOADING x\r\n"));
        assertEquals("WRONGPASS invalid username-password pair",
            auth.meaning("-WRONGPASS invalid username-password pair\r\n"));
        assertNull(auth.meaning("-ERR Client sent AUTH, but no password is set\r\n+PONG\r\n"));
    }

    /** As links do: a server that refuses the database has another one's data. */
    @Test
    void shouldAskInTheDatabaseOfThePool() {
        PoolConfig pool = ConfigReader.read("probe.yml", """
            alpha:
              listen: 127.0.0.1:22121
              redis: true
              redis_auth: secret
              redis_db: 12
              servers:
                - 127.0.0.1:7000:1
            """).pools().getFirst();
        ProbeTalk both = ProbeTalk.of(pool, pool.servers().getFirst());
        assertEquals("*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n*2\r\n$6\r\nSELECT\r\n$2\r\n12\r\n" + PING, text(both));
        assertEquals(ProbeTalk.MORE, both.meaning("+OK\r\n"));
        assertEquals(ProbeTalk.MORE, both.meaning("+OK\r\n+OK\r\n+PONG"));
        assertNull(both.meaning("+OK\r\n+OK\r\n+PONG\r\n"));
        assertEquals("ERR DB index is out of range", both.meaning("+OK\r\n-ERR DB index is out of range\r\n"));
        assertEquals("LOADING x", both.meaning("+OK\r\n+OK\r\n-LOADING x\r\n"));
        assertEquals("WRONGPASS x", both.meaning("-WRONGPASS x\r\n"));
        Redis select = new Redis(null, 1);
        assertEquals(ProbeTalk.MORE, select.meaning(""));
        assertEquals(ProbeTalk.MORE, select.meaning("+OK\r\n"));
        assertNull(select.meaning("+OK\r\n+PONG\r\n"));
        assertNull(select.meaning("-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n"));
        assertEquals("NOPERM this user has no permissions to run the 'select' command",
            select.meaning("-NOPERM this user has no permissions to run the 'select' command\r\n"));
    }

    @Test
    void shouldKnowWhatMemcachedAnswers() {
        Memcached version = new Memcached();
        assertEquals(ProbeTalk.MORE, version.meaning("VERSION 1.6"));
        assertNull(version.meaning("VERSION 1.6.18\r\n"));
        assertEquals("ERROR", version.meaning("ERROR\r\n"));
    }

    @Test
    void shouldAskARealSocket() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Endpoint endpoint = Endpoint.tcp("127.0.0.1", server.getLocalPort());
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> answer(server, "+PO", "NG\r\n"));
            assertNull(ask(endpoint, 20_000));
            assertEquals(PING, asked.get());
            CompletableFuture<String> closing = CompletableFuture.supplyAsync(() -> answer(server, "+PO"));
            assertEquals("it closed the connection", ask(endpoint, 20_000));
            closing.get();
        }
    }

    @Test
    void shouldNotWaitForAServerThatSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            assertEquals("Connection timed out", ask(Endpoint.tcp("127.0.0.1", silent.getLocalPort()), 50));
        }
    }

    @Test
    void shouldTellWhyThereIsNoConnection() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = closed.getLocalPort();
        }
        assertEquals("Connection refused", ask(Endpoint.tcp("127.0.0.1", port), 20_000));
        String why = ask(Endpoint.unix(folder.resolve("none").toString()), 20_000);
        assertTrue(why != null && !why.isEmpty(), why);
    }

    @Test
    void shouldAskAUnixSocket() throws Exception {
        Path path = folder.resolve("server");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (SocketChannel link = server.accept()) {
                    link.read(ByteBuffer.allocate(64));
                    link.write(ByteBuffer.wrap("+PONG\r\n".getBytes(StandardCharsets.US_ASCII)));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertNull(ask(Endpoint.unix(path.toString()), 20_000));
            answered.get();
        }
    }

    private static String ask(Endpoint endpoint, long limitMs) {
        return ServerProbe.ask(endpoint, new Redis(null, 0), System.nanoTime() + limitMs * 1_000_000);
    }

    /** Takes one connection, reads what a probe asks, answers in pieces and closes. */
    private static String answer(ServerSocket server, String... pieces) {
        try (Socket link = server.accept()) {
            String question = new String(link.getInputStream().readNBytes(PING.length()), StandardCharsets.US_ASCII);
            link.setTcpNoDelay(true);
            for (String piece : pieces) {
                link.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
                link.getOutputStream().flush();
            }
            return question;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
