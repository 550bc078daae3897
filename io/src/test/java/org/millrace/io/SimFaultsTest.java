package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.io.sim.SimFaults;
import org.millrace.io.sim.SimNetwork;
import org.millrace.io.sim.SimTransport;

/** Runs with every mixture of faults: what arrives is right, and every connection ends once; a seed repeats its run. */
class SimFaultsTest {
    private static final int SEEDS = 60;
    private static final int CONNECTIONS = 8;
    private static final int BYTES = 40_000;

    @Test
    void shouldKeepItsContractUnderFaults() throws IOException {
        long first = new Random().nextLong();
        int ended = 0;
        for (long seed = first; seed < first + SEEDS; seed++) {
            ended += run(seed, new ArrayList<>());
        }
        assertTrue(ended > 0 && ended < SEEDS * CONNECTIONS, "seed " + first + ": " + ended + " broken connections");
    }

    @Test
    void shouldRepeatARunFromItsSeed() throws IOException {
        long seed = new Random().nextLong();
        List<String> once = new ArrayList<>();
        List<String> again = new ArrayList<>();
        run(seed, once);
        run(seed, again);
        assertEquals(once, again, "seed " + seed);
    }

    /** Returns how many connections broke. */
    private static int run(long seed, List<String> trace) throws IOException {
        SimNetwork network = new SimNetwork(seed, SimFaults.random(new Random(seed)));
        List<Recorder> all = new ArrayList<>();
        List<Recorder> clients = new ArrayList<>();
        SegmentArena serverArena = new SegmentArena(new ArenaConfig(2 << 20, 1 << 20, true));
        SegmentArena clientArena = new SegmentArena(new ArenaConfig(2 << 20, 1 << 20, true));
        SimTransport server = new SimTransport(network, serverArena);
        SimTransport client = new SimTransport(network, clientArena);
        Listener listener = server.listen(Endpoint.tcp("127.0.0.1", 0), ListenOptions.defaults(), new AcceptHandler() {
            @Override
            public void onAccepted(AcceptedSocket socket) {
                try {
                    Recorder recorder = new BorrowingEchoHandler();
                    all.add(recorder);
                    recorder.connection(server.adopt(socket, recorder));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void onAcceptFailed(String reason) {
                throw new AssertionError(reason);
            }
        });
        byte[] bytes = TransportFixture.randomBytes(BYTES, seed);
        for (int i = 0; i < CONNECTIONS; i++) {
            Recorder recorder = new EndingRecorder();
            clients.add(recorder);
            recorder.connection(client.connect(listener.endpoint(), recorder));
            assertTrue(recorder.connection().output().append(new UnsafeBuffer(bytes), 0, bytes.length));
            recorder.connection().flush();
        }
        all.addAll(clients);
        for (int i = 0; i < 1_000_000 && !all.stream().allMatch(Recorder::isClosed); i++) {
            trace.add(network.nowNs() + " " + client.poll(0) + " " + server.poll(0));
            network.advance(Math.max(1000, Math.min(1_000_000_000, network.nextDueNs() - network.nowNs())));
        }
        int broken = 0;
        for (Recorder recorder : all) {
            assertTrue(recorder.isClosed(), () -> "still open: " + network);
            assertEquals(List.of(), recorder.violations(), network::toString);
            UnsafeBuffer received = new UnsafeBuffer(recorder.received());
            assertEquals(0, received.compareTo(new UnsafeBuffer(bytes, 0, received.capacity())), network::toString);
        }
        for (Recorder recorder : clients) {
            broken += recorder.closeCause() == CloseCause.LOCAL ? 0 : 1;
            assertTrue(recorder.closeCause() != CloseCause.LOCAL || recorder.receivedLength() == BYTES);
        }
        assertEquals(0, client.handlerFailures() + server.handlerFailures(), network::toString);
        client.close();
        server.close();
        clientArena.close();
        serverArena.close();
        return broken;
    }

    /** Closes when it has everything back. */
    private static final class EndingRecorder extends Recorder {
        @Override
        public void onReceived(Segment segment, int offset, int length) {
            super.onReceived(segment, offset, length);
            if (receivedLength() == BYTES) {
                connection().close(CloseCause.LOCAL);
            }
        }
    }
}
