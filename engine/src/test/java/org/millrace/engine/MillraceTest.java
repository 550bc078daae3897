package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.control.ServerNames;
import org.millrace.engine.kit.Resp;
import org.millrace.io.Endpoint;

/** A whole proxy, on real sockets: what happens around its lanes. */
@Timeout(60)
class MillraceTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void shouldServeAServerWhoseNameResolvesLate() throws IOException {
        AtomicInteger lookups = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            Millrace millrace = start("cache.test:" + server.getLocalPort(), address -> {
                if (address.isUnix()) {
                    return Endpoint.unix(address.path());
                }
                if (lookups.getAndIncrement() == 0) {
                    throw new UnknownHostException(address.host());
                }
                return Endpoint.tcp("127.0.0.1", address.port());
            });
            SocketChannel client = connect()) {
            Thread.ofPlatform().daemon().start(() -> answerOnce(server));
            BufferedReader replies = new BufferedReader(new InputStreamReader(Channels.newInputStream(client),
                StandardCharsets.US_ASCII));
            String reply = ask(client, replies);
            assertEquals("-ERR Host is down", reply);
            while (reply.equals("-ERR Host is down")) {
                reply = ask(client, replies);
            }
            assertEquals("+late", reply);
            assertTrue(log.toString(StandardCharsets.UTF_8).contains("the name 'cache.test' now resolves to"));
            assertTrue(millrace.stop());
        }
    }

    @Test
    void shouldGiveItsMemoryBackAtTheStop() throws IOException {
        Millrace millrace = start("127.0.0.1:1", new Resolver());
        try (SocketChannel client = connect()) {
            client.write(ByteBuffer.wrap(Resp.bytes(request("PING"))));
            ByteBuffer reply = ByteBuffer.allocate(7);
            while (reply.hasRemaining()) {
                assertTrue(client.read(reply) > 0);
            }
            assertTrue(millrace.totals().bytesReserved() > 0);
            assertTrue(millrace.stop());
        }
        assertEquals(0, millrace.totals().bytesReserved());
        assertEquals(0, millrace.errors());
        assertFalse(log.toString(StandardCharsets.UTF_8).contains("in use at the stop"));
    }

    private Millrace start(String server, ServerNames.Lookup lookup) throws IOException {
        String yaml = "alpha:\n  listen: " + folder.resolve("m") + "\n  redis: true\n  servers:\n    - " + server
            + ":1\n";
        return Millrace.start(ConfigReader.read("test.yml", yaml), new StartOptions("127.0.0.1", 0,
            new PrintStream(log, true, StandardCharsets.UTF_8)), lookup);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("m")));
    }

    private static String ask(SocketChannel client, BufferedReader replies) throws IOException {
        client.write(ByteBuffer.wrap(Resp.bytes(request("GET", "k"))));
        return replies.readLine();
    }

    private static void answerOnce(ServerSocket server) {
        try (Socket link = server.accept()) {
            if (link.getInputStream().read() == '*') {
                link.getOutputStream().write(Resp.bytes("+late\r\n"));
            }
            while (link.getInputStream().read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            // the test is over, or fails by its missing reply
            return;
        }
    }
}
