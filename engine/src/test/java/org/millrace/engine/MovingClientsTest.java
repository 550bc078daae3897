package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.client.ClientMoves;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.io.uring.UringSupport;

/** Clients move between lanes amid their traffic, on real sockets: each gets every answer, in order. */
@Timeout(90)
@Tag("faults")
class MovingClientsTest {
    private static final int CLIENTS = 12;
    private static final int DEPTH = 8;

    @TempDir
    private Path folder;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean ending = new AtomicBoolean();

    @ParameterizedTest
    @CsvSource({"nio,fused", "nio,split", "io_uring,fused", "io_uring,split"})
    void shouldLoseNoAnswerOfClientsThatMove(String transport, String threads) throws Exception {
        Assumptions.assumeTrue(transport.equals("nio") || UringSupport.probe() == null, UringSupport::probe);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server));
            Path listen = folder.resolve("m");
            String yaml = "millrace:\n  lanes: 2\n  transport: " + transport + "\n  stage_threads: " + threads
                + "\nalpha:\n  listen: " + listen + "\n  redis: true\n  servers:\n    - 127.0.0.1:"
                + server.getLocalPort() + ":1\n";
            StartOptions options = new StartOptions("127.0.0.1", 0, new PrintStream(log, true, StandardCharsets.UTF_8));
            try (Millrace millrace = Millrace.start(ConfigReader.read("test.yml", yaml), options)) {
                List<Thread> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    int number = i;
                    clients.add(Thread.ofPlatform().start(() -> ask(listen, number)));
                }
                while (connected(millrace) < CLIENTS) {
                    LockSupport.parkNanos(1_000_000);
                }
                moveAll(millrace);
                ending.set(true);
                for (Thread client : clients) {
                    client.join();
                }
                assertEquals(List.of(), List.copyOf(wrong));
                assertEquals(0, millrace.errors(), log::toString);
                assertTrue(millrace.stop());
            }
        }
    }

    private void moveAll(Millrace millrace) {
        while (moved(millrace, ClientHalfCounter.MOVED_IN) < CLIENTS && wrong.isEmpty()) {
            for (int from = 0; from < 2; from++) {
                LaneHandle lane = millrace.lanes().get(from);
                LaneHandle to = millrace.lanes().get(1 - from);
                ClientMoves moves = lane.lane().client().state().life().moves();
                lane.commands().offer(() -> moves.begin(CLIENTS, to::take));
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(CLIENTS, connected(millrace), "clients that are counted while some move");
                LockSupport.parkNanos(100_000);
            }
        }
        assertEquals(moved(millrace, ClientHalfCounter.MOVED_OUT), moved(millrace, ClientHalfCounter.MOVED_IN));
    }

    private static long moved(Millrace millrace, ClientHalfCounter counter) {
        return millrace.totals().clients(counter);
    }

    private static long connected(Millrace millrace) {
        return millrace.totals().pool(0, PoolCounter.CLIENT_CONNECTIONS);
    }

    /** Pipelines of all lengths, each answer compared; between them moments of silence. */
    private void ask(Path address, int number) {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(address))) {
            BufferedReader replies = new BufferedReader(new InputStreamReader(Channels.newInputStream(socket),
                StandardCharsets.US_ASCII));
            long next = 0;
            while (!ending.get()) {
                long first = next;
                StringBuilder requests = new StringBuilder();
                for (int i = (int) (first % DEPTH); i >= 0; i--) {
                    String key = "k" + number + "-" + next++;
                    requests.append("*2\r\n$3\r\nGET\r\n$").append(key.length()).append("\r\n").append(key)
                        .append("\r\n");
                }
                ByteBuffer bytes = ByteBuffer.wrap(requests.toString().getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    socket.write(bytes);
                }
                for (long i = first; i < next; i++) {
                    String reply = replies.readLine();
                    if (!("+k" + number + "-" + i).equals(reply)) {
                        wrong.add("client " + number + ", request " + i + ": " + reply);
                        return;
                    }
                }
                LockSupport.parkNanos((next * 7919 + number) % 3_000_000);
            }
        } catch (IOException e) {
            wrong.add("client " + number + ": " + e);
        }
    }

    /** Answers each GET with its key. */
    private static void serve(ServerSocket server) {
        while (true) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void answer(Socket socket) {
        try (socket) {
            BufferedReader requests = reader(socket);
            String line = requests.readLine();
            while (line != null) {
                // *2, $3, GET, $length, key
                if (line.startsWith("k")) {
                    socket.getOutputStream().write(("+" + line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
                line = requests.readLine();
            }
        } catch (IOException e) {
            // the proxy has gone
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }
}
