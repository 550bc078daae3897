package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the wait of a poll that gathers is, and when there is none; for test classes of transports. */
interface GatherBehaviour {
    long LONG_GATHER_NS = 20_000_000;

    /** The test class itself. */
    TransportFixture fixture();

    @Test
    default void shouldWaitForMoreThanOneEvent() throws IOException {
        TransportFixture fixture = fixture();
        fixture.listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = fixture.connectAndAccept(recorder);
        fixture.settle();
        TransportFixture.send(recorder, new byte[] {1});
        fixture.client.poll(0);
        long beforeNs = System.nanoTime();
        while (peer.receivedLength() == 0) {
            fixture.server.poll(100 * LONG_GATHER_NS, LONG_GATHER_NS);
        }

        assertTrue(System.nanoTime() - beforeNs >= LONG_GATHER_NS, "delivered at once");
        assertEquals(1, peer.receivedLength());
    }

    @Test
    default void shouldNotGatherIfItMayNotWait() throws IOException {
        TransportFixture fixture = fixture();
        fixture.listen(EchoHandler::new);
        Recorder recorder = new Recorder();
        fixture.connectAndAccept(recorder);
        TransportFixture.send(recorder, new byte[] {1});
        long hourNs = 3_600_000_000_000L;
        while (recorder.receivedLength() == 0) {
            fixture.client.poll(0, hourNs);
            fixture.server.poll(0, hourNs);
        }
        assertEquals(1, recorder.receivedLength());
    }
}
