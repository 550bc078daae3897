package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalMemcached;
import org.millrace.perf.server.LocalServer;
import org.millrace.perf.server.ScriptedPort;

/** A client of a chaos run finds nothing wrong with a real server, and notices a single reply that is lost. */
@Timeout(60)
class ChaosClientTest {
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final int ANSWERS = 3_000;

    private final ChaosStats stats = new ChaosStats();
    private volatile boolean losing;

    @ParameterizedTest
    @EnumSource(ChaosProtocol.class)
    void shouldNoticeASingleLostReply(ChaosProtocol protocol) throws IOException {
        assumeTrue(protocol.isRedis() || LocalMemcached.isInstalled(), "needs memcached on the PATH");
        String lost = protocol.isRedis() ? "+OK\r\n" : "STORED\r\n";
        try (LocalServer server = protocol.starter().startOn(FreePort.find());
            ScriptedPort between = new ScriptedPort(client -> relay(client, server.address(), lost));
            SocketLoop loop = SocketLoop.selecting()) {
            List<ChaosKey> keys = IntStream.range(0, 5).mapToObj(i -> new ChaosKey("k" + i, () -> 0)).toList();
            ChaosOptions options = new ChaosOptions(List.of(protocol), 0, 3, 1, 1, 1_000, 20_000, 0);
            ChaosClient client = new ChaosClient(new InetSocketAddress("127.0.0.1", between.number()),
                protocol.talk(), stats, keys, options, 3, loop);
            runUntil(client, loop, () -> stats.answered() >= ANSWERS);
            assertEquals(0, stats.wrong(), stats.texts().toString());
            assertEquals(0, stats.errorCount(), stats.errors().toString());
            losing = true;
            runUntil(client, loop, () -> stats.wrong() > 0);
        }
    }

    private static void runUntil(ChaosClient client, SocketLoop loop, BooleanSupplier done) throws IOException {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!done.getAsBoolean()) {
            long nowNs = System.nanoTime();
            assertTrue(nowNs - deadlineNs < 0, "not in time");
            client.tick(nowNs, false);
            loop.await(1);
        }
    }

    private void relay(Socket client, InetSocketAddress address, String lost) throws IOException {
        try (Socket server = new Socket(address.getAddress(), address.getPort())) {
            Thread.ofPlatform().daemon().name("relay").start(() -> {
                try (client) {
                    server.getInputStream().transferTo(new Losing(client.getOutputStream(), lost));
                } catch (IOException e) {
                    // one of the two has gone
                }
            });
            client.getInputStream().transferTo(server.getOutputStream());
        }
    }

    /** Leaves out one reply of a connection from when it is told to. */
    private final class Losing extends OutputStream {
        private final OutputStream target;
        private final String lost;
        private boolean done;

        Losing(OutputStream target, String lost) {
            this.target = target;
            this.lost = lost;
        }

        @Override
        public void write(int b) throws IOException {
            target.write(b);
        }

        @Override
        public void write(byte[] b, int offset, int length) throws IOException {
            String text = new String(b, offset, length, StandardCharsets.ISO_8859_1);
            int at = text.indexOf(lost);
            if (losing && !done && at >= 0) {
                done = true;
                text = text.substring(0, at) + text.substring(at + lost.length());
            }
            target.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
