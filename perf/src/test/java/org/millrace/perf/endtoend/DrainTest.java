package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.cli.Main;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** A stop answers what is in flight. */
@Timeout(60)
@Tag("faults")
class DrainTest {
    private static final int REQUESTS = 1000;

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAnswerWhatIsInFlightBeforeItStops(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).servers(2).start(); RawClient client = kit.client()) {
            client.expect("+OK\r\n", "SET", kit.keyOn(0, "k", 0), "v");
            ProxyKit.signal(kit.server(0), "STOP");
            client.send(gets(kit.keyOn(0, "k", 0)));
            Await.until("requests in flight", () -> kit.entriesInUse() == REQUESTS);
            CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(kit.millrace()::stop);
            Await.until("no new clients", () -> refuses(kit.port()));
            assertFalse(stopped.isDone());
            ProxyKit.signal(kit.server(0), "CONT");
            client.replies(REQUESTS).forEach(reply -> assertEquals("$1\r\nv\r\n", Resp.text(reply)));
            assertEquals("", Resp.text(client.untilClose()));
            assertTrue(stopped.get(10, TimeUnit.SECONDS));
        }
    }

    /** A client that never stops sending gets whole replies and an end, not a reset that takes replies with it. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldEndAClientThatGoesOnSendingWithoutAReset(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).servers(1).start(); RawClient client = kit.client();
            Socket socket = new Socket("127.0.0.1", kit.port())) {
            client.expect("+OK\r\n", "SET", "k", "v");
            Thread sending = Thread.ofPlatform().daemon().start(() -> sendUntilEnd(socket, gets("k")));
            byte[] first = socket.getInputStream().readNBytes(70_000);
            CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(kit.millrace()::stop);
            byte[] rest = socket.getInputStream().readAllBytes();
            assertEquals(0, (first.length + rest.length) % "$1\r\nv\r\n".length(), "the last reply is whole");
            assertTrue(stopped.get(10, TimeUnit.SECONDS));
            socket.shutdownOutput();
            sending.join(10_000);
            assertFalse(sending.isAlive());
        }
    }

    private static void sendUntilEnd(Socket socket, byte[] requests) {
        try {
            while (!socket.isOutputShutdown()) {
                socket.getOutputStream().write(requests);
            }
        } catch (IOException e) {
            // the other side, or the test, has closed
            assertTrue(socket.isConnected());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldStopInTimeWhenAServerNeverAnswers(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).servers(1).engine("drain_ms", "200").start();
            RawClient client = kit.client()) {
            client.expect("+OK\r\n", "SET", "k", "v");
            ProxyKit.signal(kit.server(0), "STOP");
            client.send(gets("k"));
            Await.until("requests in flight", () -> kit.entriesInUse() == REQUESTS);
            long startNs = System.nanoTime();
            assertFalse(kit.millrace().stop());
            long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
            assertTrue(elapsedMs >= 200 && elapsedMs < 3000, "stopped after " + elapsedMs + " ms");
            assertEquals("", Resp.text(client.untilClose()));
            kit.abandon();
            ProxyKit.signal(kit.server(0), "CONT");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldEndAProcessWithZeroOnSigterm(LaneKind kind, @TempDir Path folder) throws Exception {
        int port = FreePort.find();
        try (LocalRedis redis = LocalRedis.start()) {
            Path conf = folder.resolve("nutcracker.yml");
            Files.writeString(conf, ProxyKit.with(kind).pool("timeout", "5000").yaml(port, List.of(redis)));
            Process process = launch(conf);
            try (RawClient client = connected(process, port)) {
                client.expect("+OK\r\n", "SET", "k", "v");
                ProxyKit.signal(redis, "STOP");
                client.send(gets("k"));
                String inFlight = REQUESTS + 1 + ",responses=1,";
                try (RawClient asking = new RawClient(port)) {
                    Await.until("requests in flight", () -> info(asking).contains("requests=" + inFlight));
                }
                process.destroy();
                Await.until("no new clients", () -> refuses(port));
                assertTrue(process.isAlive());
                ProxyKit.signal(redis, "CONT");
                client.replies(REQUESTS).forEach(reply -> assertEquals("$1\r\nv\r\n", Resp.text(reply)));
                assertEquals("", Resp.text(client.untilClose()));
                assertTrue(process.waitFor(10, TimeUnit.SECONDS));
                assertEquals(0, process.exitValue());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static Process launch(Path conf) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath, Main.class.getName(),
            "-c", conf.toString(), "-s", "0")
            .redirectErrorStream(true).start();
    }

    /** A client, once the process says that it has started. */
    private static RawClient connected(Process process, int port) throws IOException {
        BufferedReader log = process.inputReader();
        StringBuilder all = new StringBuilder();
        String line = log.readLine();
        while (line != null && !line.contains(" started, ")) {
            all.append(line).append('\n');
            line = log.readLine();
        }
        if (line == null) {
            throw new IOException("the proxy did not start: " + all);
        }
        return new RawClient(port);
    }

    private static String info(RawClient client) {
        try {
            return client.call("INFO");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    private static byte[] gets(String key) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < REQUESTS; i++) {
            out.writeBytes(Resp.request("GET", key));
        }
        return out.toByteArray();
    }
}
