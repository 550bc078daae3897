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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.control.ServerNames;
import org.millrace.engine.kit.Resp;
import org.millrace.io.Endpoint;

/** A whole proxy, on real sockets: what happens around its lanes. */
@Timeout(60)
@Tag("faults")
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
    void shouldMoveToTheAddressThatANameHasByNowWithoutAnError() throws IOException {
        AtomicReference<String> address = new AtomicReference<>("127.0.0.1");
        try (ServerSocket first = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
            ServerSocket second = new ServerSocket(first.getLocalPort(), 5, InetAddress.getByName("127.0.0.2"));
            Millrace millrace = start("cache.test:" + first.getLocalPort(), "millrace:\n  resolve_interval: 50\n",
                asked -> asked.isUnix() ? Endpoint.unix(asked.path()) : Endpoint.tcp(address.get(), asked.port()));
            SocketChannel client = connect()) {
            Thread.ofPlatform().daemon().start(() -> answer(first, "+first\r\n"));
            Thread.ofPlatform().daemon().start(() -> answer(second, "+second\r\n"));
            BufferedReader replies = new BufferedReader(new InputStreamReader(Channels.newInputStream(client),
                StandardCharsets.US_ASCII));
            assertEquals("+first", ask(client, replies));
            address.set("127.0.0.2");
            String reply = "+first";
            while (reply.equals("+first")) {
                reply = ask(client, replies);
            }
            assertEquals("+second", reply);
            assertTrue(log.toString(StandardCharsets.UTF_8).contains("now resolves to /127.0.0.2"), log::toString);
            assertTrue(millrace.stop());
            assertEquals(0, millrace.errors());
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
        return start(server, "", lookup);
    }

    private Millrace start(String server, String engine, ServerNames.Lookup lookup) throws IOException {
        String yaml = engine + "alpha:\n  listen: " + folder.resolve("m") + "\n  redis: true\n  servers:\n    - "
            + server + ":1\n";
        return Millrace.start(ConfigReader.read("test.yml", yaml), new StartOptions("127.0.0.1", 0,
            new PrintStream(log, true, StandardCharsets.UTF_8)), new Surroundings(lookup));
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("m")));
    }

    private static String ask(SocketChannel client, BufferedReader replies) throws IOException {
        client.write(ByteBuffer.wrap(Resp.bytes(request("GET", "k"))));
        return replies.readLine();
    }

    /** Answers each piece of a request that comes on one link. */
    private static void answer(ServerSocket server, String reply) {
        byte[] piece = new byte[1024];
        try (Socket link = server.accept()) {
            while (link.getInputStream().read(piece) >= 0) {
                link.getOutputStream().write(Resp.bytes(reply));
            }
        } catch (IOException e) {
            // the test is over
            return;
        }
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
