package org.millrace.io.uring;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;
import org.millrace.io.TransportFixture;

/** Two io_uring transports over TCP, with few buffers. */
abstract class UringFixture extends TransportFixture {
    static final int BUFFERS = 4;

    @BeforeAll
    static void needIoUring() throws IOException {
        Assumptions.assumeTrue(UringSupport.probe() == null, UringSupport::probe);
        // The JDK opens a socket of its own when it first closes one.
        new ServerSocket(0).close();
    }

    @Override
    protected Transport newTransport(SegmentArena arena) {
        return new UringTransport(arena, UringSettings.defaults().withBuffers(BUFFERS, BUFFERS));
    }

    @Override
    protected Endpoint anyEndpoint() {
        return Endpoint.tcp("127.0.0.1", 0);
    }

    @Override
    protected Endpoint deadEndpoint() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected CloseCause deadCause() {
        throw new UnsupportedOperationException();
    }
}
