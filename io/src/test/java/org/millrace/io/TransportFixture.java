package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two transports on one thread and what tests do with them; nothing may be left over after a test. */
public abstract class TransportFixture {
    private static final long DEADLINE_NS = 20_000_000_000L;
    private static final long IDLE_WAIT_NS = 500_000;
    private static final long ARENA_BYTES = 64 << 20;

    protected Transport server;
    protected Transport client;
    protected Listener listener;
    protected final List<Recorder> recorders = new ArrayList<>();
    protected final List<Recorder> accepted = new ArrayList<>();
    private final List<Transport> transports = new ArrayList<>();
    private long descriptors;

    /** A new transport of the kind under test. */
    protected abstract Transport newTransport(SegmentArena arena);

    /** An address to listen on. */
    protected abstract Endpoint anyEndpoint() throws IOException;

    /** An address of the kind that nobody listens on, and what a connect to it says. */
    protected abstract Endpoint deadEndpoint() throws IOException;

    protected abstract CloseCause deadCause();

    /** How long each poll gathers events. */
    protected long gatherNs() {
        return 0;
    }

    /** Lets time pass where it does not by itself. */
    protected void passTime() {
    }

    @BeforeEach
    void openTransports() throws IOException {
        warmUp();
        descriptors = openSockets();
        server = open(ARENA_BYTES);
        client = open(ARENA_BYTES);
    }

    @AfterEach
    void closeTransports() {
        turnUntil("everything is closed", this::areAllClosed);
        for (int i = 0; i < 3; i++) {
            turn();
        }
        for (Recorder recorder : recorders) {
            assertEquals(List.of(), recorder.violations());
        }
        for (Transport transport : transports) {
            end(transport);
        }
        assertEquals(descriptors, openSockets(), "open sockets");
    }

    protected Transport open(long arenaBytes) {
        Transport transport = newTransport(new SegmentArena(new ArenaConfig(arenaBytes, 1 << 20, true)));
        transports.add(transport);
        return transport;
    }

    /** The same with a part of the arena that only links may use. */
    protected Transport openWithReserve(long arenaBytes, long reserveBytes) {
        Transport transport = newTransport(new SegmentArena(
            new ArenaConfig(arenaBytes, 1 << 20, reserveBytes, true)));
        transports.add(transport);
        return transport;
    }

    /** Ends a transport before the test does. */
    protected void close(Transport transport) {
        transports.remove(transport);
        end(transport);
    }

    private static void end(Transport transport) {
        transport.close();
        transport.close();
        transport.arena().close();
        assertEquals(0, transport.arena().bytesReserved());
    }

    protected void listen(Supplier<Recorder> handlers) throws IOException {
        listenAt(anyEndpoint(), handlers);
    }

    protected void listenAt(Endpoint endpoint, Supplier<Recorder> handlers) throws IOException {
        listener = server.listen(endpoint, ListenOptions.defaults(), new Accepting(() -> server, handlers));
    }

    /** Adopts what is accepted into a transport. */
    protected final class Accepting implements AcceptHandler {
        private final Supplier<Transport> adopter;
        private final Supplier<Recorder> handlers;

        public Accepting(Supplier<Transport> adopter, Supplier<Recorder> handlers) {
            this.adopter = adopter;
            this.handlers = handlers;
        }

        @Override
        public void onAccepted(AcceptedSocket socket) {
            try {
                Recorder recorder = handlers.get();
                recorders.add(recorder);
                accepted.add(recorder);
                recorder.connection(adopter.get().adopt(socket, recorder));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void onAcceptFailed(String reason) {
            fail(reason);
        }
    }

    protected <R extends Recorder> R connect(R recorder) {
        return connect(listener.endpoint(), recorder);
    }

    protected <R extends Recorder> R connect(Endpoint endpoint, R recorder) {
        recorders.add(recorder);
        recorder.connection(client.connect(endpoint, recorder));
        return recorder;
    }

    /** Has another transport serve what has left the one that it was at. */
    protected Recorder adoptDetached(Recorder left, Transport next) throws IOException {
        Recorder recorder = new Recorder();
        recorders.add(recorder);
        recorder.connection(next.adopt(left.detached(), recorder));
        return recorder;
    }

    /** Connects, and returns the server's end when both stand. */
    protected Recorder connectAndAccept(Recorder recorder) {
        int before = accepted.size();
        connect(recorder);
        turnUntil("connected and accepted", () -> recorder.isConnected() && accepted.size() > before);
        return accepted.getLast();
    }

    protected void turn() {
        passTime();
        int events = 0;
        for (Transport transport : transports) {
            events += poll(transport);
        }
        if (events == 0) {
            // Not idle spinning: other tests want the processor too.
            server.poll(IDLE_WAIT_NS);
        }
    }

    /** Without a wait, unless that is what is tested. */
    private int poll(Transport transport) {
        return gatherNs() == 0 ? transport.poll(0) : transport.poll(IDLE_WAIT_NS, gatherNs());
    }

    protected void turnUntil(String what, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > DEADLINE_NS) {
                fail("not within the time: " + what + "; " + describe());
            }
            turn();
        }
    }

    /** Closes all connections, also those that are accepted meanwhile, and returns whether all have told of it. */
    protected boolean areAllClosed() {
        for (Recorder recorder : recorders) {
            if (recorder.connection() != null && recorder.detached() == null) {
                recorder.connection().close(CloseCause.LOCAL);
            }
        }
        return recorders.stream().allMatch(recorder -> recorder.isClosed() || recorder.detached() != null);
    }

    /** Turns until nothing happens any more. */
    protected void settle() {
        for (int quiet = 0; quiet < 20;) {
            passTime();
            int events = 0;
            for (Transport transport : transports) {
                events += poll(transport);
            }
            quiet = events == 0 ? quiet + 1 : 0;
        }
    }

    protected String describe() {
        return "connections: " + recorders.size();
    }

    protected static byte[] randomBytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    protected static void send(Recorder recorder, byte[] bytes) {
        if (!recorder.connection().output().append(new UnsafeBuffer(bytes), 0, bytes.length)) {
            fail("arena exhausted");
        }
        recorder.connection().flush();
    }

    /** Sockets, selectors and what belongs to them. */
    protected static long openSockets() {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(TransportFixture::isSocket).count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSocket(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("socket:") || target.startsWith("anon_inode:");
        } catch (IOException e) {
            return false;
        }
    }

    /** The JDK opens some sockets of its own when the first selector and channel are used. */
    private void warmUp() throws IOException {
        SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(1 << 20));
        try (arena; Transport transport = newTransport(arena)) {
            transport.listen(anyEndpoint(), ListenOptions.defaults(), new Accepting(() -> transport, Recorder::new))
                .close();
            transport.poll(0);
        }
    }
}
