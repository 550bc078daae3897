package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
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
        Transport ponger = newTransport(new SegmentArena(ArenaConfig.ofMaxBytes(8 << 20)));
        Transport pinger = newTransport(new SegmentArena(ArenaConfig.ofMaxBytes(8 << 20)));
        long allocated = new SteadyState(ponger, pinger, anyEndpoint()).allocatedIn(10_000);
        for (Transport transport : new Transport[] {ponger, pinger}) {
            transport.close();
            transport.arena().close();
        }
        assertTrue(allocated < 4096, allocated + " bytes allocated in 10000 rounds of 8 connections");
    }
}
