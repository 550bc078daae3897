package org.millrace.io;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;

/** Plays ping-pong over connections between two transports of one thread and counts what is allocated meanwhile. */
final class SteadyState {
    private static final int CONNECTIONS = 8;
    private static final int BYTES = 3000;
    private static final int TRIES = 5;

    private final Transport server;
    private final Transport client;
    private final PingPong[] players = new PingPong[CONNECTIONS];

    SteadyState(Transport server, Transport client, Endpoint endpoint) throws IOException {
        this.server = server;
        this.client = client;
        Listener listener = server.listen(endpoint, ListenOptions.defaults(), new AcceptHandler() {
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
            players[i].connection = client.connect(listener.endpoint(), players[i]);
            players[i].connection.output().append(new UnsafeBuffer(new byte[BYTES]), 0, BYTES);
        }
    }

    /**
     * Fewest bytes that this thread allocates in so many rounds. What the code allocates shows each time; what it does
     * until the compiler has got round to it, which takes its time beside other loads, does not.
     */
    long allocatedIn(int rounds) {
        play(rounds / 2);
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES && fewest > 0; i++) {
            fewest = Math.min(fewest, allocatedOnceIn(rounds));
        }
        return fewest;
    }

    private long allocatedOnceIn(int rounds) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long overhead = threads.getCurrentThreadAllocatedBytes() - before;
        play(rounds);
        return threads.getCurrentThreadAllocatedBytes() - before - 2 * overhead;
    }

    private void play(int rounds) {
        long goal = players[0].received + (long) rounds * BYTES;
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
