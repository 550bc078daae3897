package org.millrace.engine.sim;

import java.io.IOException;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;
import org.millrace.io.sim.SimTransport;

/**
 * The transport of the lane under test: a simulated one that lets no exception of a handler pass unseen and remembers
 * for how long its last poll was to wait. No poll waits, but the lane's turn is not run before that time is over, an
 * event is due or it is woken up.
 */
final class WatchedTransport implements Transport {
    private final SimTransport transport;
    private final Findings findings;
    private long askedNs;
    private int lastEvents;

    WatchedTransport(SimTransport transport, Findings findings) {
        this.transport = transport;
        this.findings = findings;
    }

    SimTransport sim() {
        return transport;
    }

    /** How long the last poll would have waited, 0 if it found events. */
    long waitNs() {
        return lastEvents > 0 ? 0 : askedNs;
    }

    @Override
    public Listener listen(Endpoint endpoint, ListenOptions options, AcceptHandler handler) throws IOException {
        return transport.listen(endpoint, options, handler);
    }

    @Override
    public Connection adopt(AcceptedSocket socket, ConnectionHandler handler) throws IOException {
        return transport.adopt(socket, new Guarded(handler));
    }

    @Override
    public Connection connect(Endpoint endpoint, ConnectionHandler handler) {
        return transport.connect(endpoint, new Guarded(handler));
    }

    @Override
    public int poll(long timeoutNs) {
        boolean wokenUp = transport.isWokenUp();
        askedNs = wokenUp ? 0 : timeoutNs;
        lastEvents = transport.poll(0);
        findings.event(lastEvents);
        return lastEvents;
    }

    @Override
    public void wakeUp() {
        transport.wakeUp();
    }

    @Override
    public SegmentArena arena() {
        return transport.arena();
    }

    @Override
    public void close() {
        transport.close();
    }

    /** A handler of the lane. */
    private final class Guarded implements ConnectionHandler {
        private final ConnectionHandler handler;
        private boolean closed;

        Guarded(ConnectionHandler handler) {
            this.handler = handler;
        }

        private void run(int what, Runnable event) {
            findings.event(what);
            findings.check(!closed, "an event has come after onClosed");
            try {
                event.run();
            } catch (RuntimeException e) {
                findings.wrong("a handler of the lane has thrown", e);
                throw e;
            }
        }

        @Override
        public void onConnected() {
            run(1, handler::onConnected);
        }

        @Override
        public void onReceived(Segment segment, int offset, int length) {
            run(length, () -> handler.onReceived(segment, offset, length));
        }

        @Override
        public void onWritten(long position) {
            run((int) position, () -> handler.onWritten(position));
        }

        @Override
        public void onPeerClosed() {
            run(2, handler::onPeerClosed);
        }

        @Override
        public void onClosed(CloseCause cause) {
            run(cause.ordinal(), () -> handler.onClosed(cause));
            closed = true;
        }
    }
}
