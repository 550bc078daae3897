package org.millrace.perf.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Endpoint;
import org.millrace.io.SegmentArena;
import org.millrace.io.uring.UringSettings;
import org.millrace.io.uring.UringTransport;

/** The engine's io_uring transport and the sockets on it. */
final class RingLoop extends SocketLoop {
    private static final long MS = 1_000_000;
    private static final long RECEIVE_BYTES = 64L << 20;
    /** One for each reply that comes in the same moment; 2 MiB. */
    private static final int MAX_KEPT_BUFFERS = 64;

    private final SegmentArena arena;
    private final UringTransport transport;
    private Throwable fault;

    RingLoop(int sockets) {
        arena = new SegmentArena(ArenaConfig.ofMaxBytes(RECEIVE_BYTES + 2L * sockets * RingSocket.UNSENT_MAX));
        transport = new UringTransport(arena, UringSettings.defaults().withErrorHandler(this::onFault)
            .withKeptBuffers(Math.clamp(sockets, 1, MAX_KEPT_BUFFERS)));
    }

    private void onFault(Throwable thrown) {
        fault = thrown;
    }

    @Override
    public FramedSocket socket(InetSocketAddress address, ReplyHandler handler, Framing framing) {
        return new RingSocket(transport, new Endpoint(address), handler, framing);
    }

    @Override
    public void poll() throws IOException {
        turn(0);
    }

    @Override
    public void await(long timeoutMs) throws IOException {
        turn(Math.max(1, timeoutMs) * MS);
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public void awaitNs(long timeoutNs) throws IOException {
        turn(Math.max(0, timeoutNs));
    }

    private void turn(long timeoutNs) throws IOException {
        transport.poll(timeoutNs, 0);
        if (fault != null) {
            throw new IOException("a fault of this program: " + fault, fault);
        }
    }

    @Override
    public void wakeup() {
        transport.wakeUp();
    }

    @Override
    public void close() {
        transport.close();
        arena.close();
    }
}
