package org.millrace.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.millrace.engine.client.ClientMoves;
import org.millrace.engine.control.LaneHandle;

/** A server that answers each GET with its key, and clients on real sockets that compare each answer, and move. */
final class MovingCrowd implements AutoCloseable {
    private static final int DEPTH = 8;
    private static final int PATIENCE_S = 60;

    private final Path folder;
    private final ServerSocket server;
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicLong answers = new AtomicLong();
    private final List<Thread> clients = new ArrayList<>();
    private Thread mover;

    MovingCrowd(Path folder) throws IOException {
        this.folder = folder;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    /** A pool before the server, as a configuration has it. */
    String pool(String name, String... directives) {
        StringBuilder yaml = new StringBuilder(name).append(":\n  listen: ").append(folder.resolve(name))
            .append("\n  redis: true\n");
        for (String each : directives) {
            yaml.append("  ").append(each).append('\n');
        }
        return yaml.append("  servers:\n    - 127.0.0.1:").append(server.getLocalPort()).append(":1\n").toString();
    }

    /**
     * So many connect and ask until the crowd ends.
     *
     * @param mayEnd whether the proxy may hang up on them, between two replies
     */
    void connect(String pool, int count, boolean mayEnd) {
        for (int i = 0; i < count; i++) {
            int number = clients.size();
            clients.add(Thread.ofPlatform().start(() -> ask(folder.resolve(pool), number, mayEnd)));
        }
    }

    /** From now on clients are moved to and fro between the first two lanes. */
    void move(Millrace millrace) {
        mover = Thread.ofPlatform().start(() -> {
            while (!ending.get()) {
                move(millrace, 0);
                move(millrace, 1);
                LockSupport.parkNanos(2_000_000);
            }
        });
    }

    /** Clients of this lane are to move to the other. */
    static void move(Millrace millrace, int from) {
        LaneHandle lane = millrace.lanes().get(from);
        LaneHandle to = millrace.lanes().get(1 - from);
        ClientMoves moves = lane.lane().client().state().life().moves();
        lane.commands().offer(() -> moves.begin(64, to::take));
    }

    /** What was wrong so far. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Waits for so many more answers, or until one is wrong. */
    void progress(int more) {
        long wanted = answers.get() + more;
        await("no progress", () -> answers.get() >= wanted || !wrong.isEmpty());
    }

    static void await(String what, BooleanSupplier condition) {
        long untilNs = System.nanoTime() + PATIENCE_S * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - untilNs >= 0) {
                throw new AssertionError(what);
            }
            LockSupport.parkNanos(500_000);
        }
    }

    /** Clients ask nothing more; returns when all have ended. */
    void end() throws InterruptedException {
        ending.set(true);
        for (Thread client : clients) {
            client.join();
        }
        if (mover != null) {
            mover.join();
        }
    }

    @Override
    public void close() throws IOException {
        ending.set(true);
        server.close();
    }

    /** Pipelines of all lengths, each answer compared; between them moments of silence. */
    private void ask(Path address, int number, boolean mayEnd) {
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(address))) {
            BufferedReader replies = new BufferedReader(new InputStreamReader(Channels.newInputStream(socket),
                StandardCharsets.US_ASCII));
            long next = 0;
            while (!ending.get()) {
                long first = next;
                next += 1 + first % DEPTH;
                write(socket, requests(number, first, next));
                for (long i = first; i < next; i++) {
                    String reply = replies.readLine();
                    if (reply == null && mayEnd) {
                        return;
                    }
                    if (!("+k" + number + "-" + i).equals(reply)) {
                        wrong.add("client " + number + ", request " + i + ": " + reply);
                        return;
                    }
                    answers.incrementAndGet();
                }
                LockSupport.parkNanos((next * 7919 + number) % 3_000_000);
            }
        } catch (IOException e) {
            if (!mayEnd) {
                wrong.add("client " + number + ": " + e);
            }
        }
    }

    private static void write(SocketChannel socket, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    private static String requests(int number, long from, long to) {
        StringBuilder requests = new StringBuilder();
        for (long i = from; i < to; i++) {
            String key = "k" + number + "-" + i;
            requests.append("*2\r\n$3\r\nGET\r\n$").append(key.length()).append("\r\n").append(key).append("\r\n");
        }
        return requests.toString();
    }

    private void serve() {
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
            BufferedReader requests = new BufferedReader(new InputStreamReader(socket.getInputStream(),
                StandardCharsets.US_ASCII));
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
}
