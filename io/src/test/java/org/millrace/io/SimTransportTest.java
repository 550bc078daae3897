package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.io.sim.SimConnection;
import org.millrace.io.sim.SimFaults;
import org.millrace.io.sim.SimNetwork;
import org.millrace.io.sim.SimTransport;

/** The simulated transport, on a network that is slow and chunked but loses nothing. */
class SimTransportTest extends TransportBehaviour {
    private static final long TURN_NS = 1_000_000;

    private final long seed = new Random().nextLong();
    private final SimNetwork network = new SimNetwork(seed);

    /** Deliveries after a pause are allowed, but the suite counts them. */
    @BeforeEach
    void makeNetworkSlow() {
        SimFaults slow = SimFaults.slow(new Random(seed));
        network.faults(new SimFaults(slow.partialWrite() / 2, slow.chunked() / 2, slow.delayed(), 0, 0,
            slow.stall() / 10, 0, slow.maxDelayNs(), slow.stallNs()));
    }

    @Test
    void shouldReportReset() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        ((SimConnection) recorder.connection()).reset();
        turnUntil("reset", () -> recorder.isClosed() && peer.isClosed());
        assertEquals(CloseCause.RESET, recorder.closeCause());
        assertEquals(CloseCause.RESET, peer.closeCause());
    }

    @Test
    void shouldTakeNoMoreThanItsWindow() throws IOException {
        network.windows(1000, 1000);
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        peer.connection().pauseReads();
        byte[] sent = new byte[2500];
        new Random(seed).nextBytes(sent);
        recorder.connection().output().append(new UnsafeBuffer(sent), 0, sent.length);
        recorder.connection().flush();
        turnUntil("window full", () -> recorder.connection().output().writtenPosition() == 1000);
        settle();
        assertEquals(1000, recorder.connection().output().writtenPosition());
        peer.connection().resumeReads();
        turnUntil("all read", () -> peer.receivedLength() == sent.length);
        assertArrayEquals(sent, peer.received());
    }

    @Override
    protected Transport newTransport(SegmentArena arena) {
        return new SimTransport(network, arena);
    }

    @Override
    protected Endpoint anyEndpoint() {
        return Endpoint.tcp("127.0.0.1", 0);
    }

    @Override
    protected Endpoint deadEndpoint() {
        return Endpoint.tcp("127.0.0.1", 9);
    }

    @Override
    protected CloseCause deadCause() {
        return CloseCause.REFUSED;
    }

    @Override
    protected void passTime() {
        network.advance(TURN_NS);
    }

    @Override
    protected void settle() {
        // Delays and stalls end within this.
        for (int i = 0; i < 100; i++) {
            super.settle();
        }
    }

    @Override
    protected String describe() {
        return network.toString();
    }
}
