package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The selector transport with polls that gather events: all of its behaviour, and the wait itself. */
class NioGatherTest extends NioTcpTransportTest {
    private static final long LONG_GATHER_NS = 20_000_000;

    @Override
    protected long gatherNs() {
        return 100_000;
    }

    @Test
    void shouldWaitForMoreThanOneEvent() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        settle();
        send(recorder, new byte[] {1});
        client.poll(0);
        long beforeNs = System.nanoTime();
        while (peer.receivedLength() == 0) {
            server.poll(100 * LONG_GATHER_NS, LONG_GATHER_NS);
        }

        assertTrue(System.nanoTime() - beforeNs >= LONG_GATHER_NS, "delivered at once");
        assertEquals(1, peer.receivedLength());
    }

    @Test
    void shouldNotGatherIfItMayNotWait() throws IOException {
        listen(EchoHandler::new);
        Recorder recorder = new Recorder();
        connectAndAccept(recorder);
        send(recorder, new byte[] {1});
        long hourNs = 3_600_000_000_000L;
        while (recorder.receivedLength() == 0) {
            client.poll(0, hourNs);
            server.poll(0, hourNs);
        }
        assertEquals(1, recorder.receivedLength());
    }
}
