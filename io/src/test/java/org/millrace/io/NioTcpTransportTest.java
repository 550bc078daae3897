package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.io.nio.NioTransport;

/** The selector transport over TCP. */
class NioTcpTransportTest extends TransportBehaviour {
    @Override
    protected Transport newTransport(SegmentArena arena) {
        return new NioTransport(arena);
    }

    @Override
    protected Endpoint anyEndpoint() {
        return Endpoint.tcp("127.0.0.1", 0);
    }

    @Override
    protected Endpoint deadEndpoint() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Endpoint.tcp("127.0.0.1", socket.getLocalPort());
        }
    }

    @Override
    protected CloseCause deadCause() {
        return CloseCause.REFUSED;
    }

    @Test
    void shouldReportReset() throws IOException {
        listen(Recorder::new);
        try (Socket socket = new Socket("127.0.0.1", listener.endpoint().port())) {
            turnUntil("accepted", () -> !accepted.isEmpty());
            // Closing with a linger time of 0 sends RST instead of FIN.
            socket.setSoLinger(true, 0);
        }
        turnUntil("reset", () -> accepted.getFirst().isClosed());
        assertEquals(CloseCause.RESET, accepted.getFirst().closeCause());
    }

    @Test
    void shouldReportUnresolvedNames() {
        Recorder recorder = connect(Endpoint.tcp("no.such.host.invalid", 1), new Recorder());
        turnUntil("closed", recorder::isClosed);
        assertEquals(CloseCause.HOST_DOWN, recorder.closeCause());
    }

    @Test
    void shouldAllocateNothingInSteadyState() throws IOException {
        server = newTransport(new SegmentArena(ArenaConfig.ofMaxBytes(8 << 20)));
        client = newTransport(new SegmentArena(ArenaConfig.ofMaxBytes(8 << 20)));
        PingPong[] players = new PingPong[8];
        Listener ponger = server.listen(anyEndpoint(), ListenOptions.defaults(), new AcceptHandler() {
            @Override
            public void onAccepted(AcceptedSocket socket) {
                try {
                    PingPong player = new PingPong();
                    player.connection = server.adopt(socket, player);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void onAcceptFailed(String reason) {
                throw new AssertionError(reason);
            }
        });
        for (int i = 0; i < players.length; i++) {
            players[i] = new PingPong();
            players[i].connection = client.connect(ponger.endpoint(), players[i]);
            players[i].connection.output().append(new UnsafeBuffer(new byte[3000]), 0, 3000);
        }
        play(players, 5_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long overhead = threads.getCurrentThreadAllocatedBytes() - before;
        play(players, 10_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before - 2 * overhead;
        for (Transport transport : new Transport[] {server, client}) {
            transport.close();
            transport.arena().close();
        }
        server = open(1 << 20);
        assertTrue(allocated < 4096, allocated + " bytes allocated in 10000 rounds of 8 connections");
    }

    private void play(PingPong[] players, int rounds) {
        long goal = players[0].received + rounds * 3000L;
        while (players[0].received < goal) {
            client.poll(0);
            server.poll(0);
        }
    }

    /** Returns every byte; allocates nothing itself. */
    private static final class PingPong implements ConnectionHandler {
        private Connection connection;
        private long received;

        @Override
        public void onConnected() {
            received = 0;
        }

        @Override
        public void onReceived(Segment segment, int offset, int length) {
            received += length;
            connection.output().append(segment.buffer(), offset, length / 2);
            connection.output().append(segment.buffer(), offset, length - length / 2);
            connection.flush();
        }

        @Override
        public void onWritten(long position) {
        }

        @Override
        public void onPeerClosed() {
        }

        @Override
        public void onClosed(CloseCause cause) {
        }
    }
}
