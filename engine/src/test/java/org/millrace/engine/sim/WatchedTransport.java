package org.millrace.engine.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;
import org.millrace.io.sim.SimTransport;

/**
 * The transport of the lane under test: a simulated one that lets no exception of a handler pass unseen and remembers
 * for how long its last poll was to wait. No poll waits, but the lane's turn is not run before that time is over, an
 * event is due or it is woken up. Tells its {@link Watch} what the lane does and is given.
 */
final class WatchedTransport implements Transport {
    private final SimTransport transport;
    private final Findings findings;
    private final Watch watch;
    private long askedNs;
    private int lastEvents;

    /** Who wants to know. */
    interface Watch {
        /** The lane polls: its turn has begun. */
        void onPoll();

        /** The lane has opened a link. */
        void onConnect(Watched link);

        /** The lane is about to be given bytes. */
        void beforeReceived(ConnectionHandler handler);

        /** The lane has been given bytes. */
        void afterReceived(ConnectionHandler handler);

        /** The lane sends nothing more. */
        void onShutdown(ConnectionHandler handler);

        /** The lane closes a connection. */
        void onClose(ConnectionHandler handler, CloseCause cause);
    }

    WatchedTransport(SimTransport transport, Findings findings, Watch watch) {
        this.transport = transport;
        this.findings = findings;
        this.watch = watch;
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
        return new Watched(transport.adopt(socket, new Guarded(handler)), handler, watch, 0);
    }

    @Override
    public Connection connect(Endpoint endpoint, ConnectionHandler handler) {
        Watched link = new Watched(transport.connect(endpoint, new Guarded(handler)), handler, watch,
            ((InetSocketAddress) endpoint.address()).getPort());
        watch.onConnect(link);
        return link;
    }

    @Override
    public int poll(long timeoutNs, long gatherNs) {
        boolean wokenUp = transport.isWokenUp();
        askedNs = wokenUp ? 0 : timeoutNs;
        watch.onPoll();
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

        private void begin(int what) {
            findings.event(what);
            if (closed) {
                findings.wrong("an event has come after onClosed");
            }
        }

        private RuntimeException thrown(RuntimeException e) {
            findings.wrong("a handler of the lane has thrown", e);
            return e;
        }

        @Override
        public void onConnected() {
            begin(1);
            try {
                handler.onConnected();
            } catch (RuntimeException e) {
                throw thrown(e);
            }
        }

        @Override
        public void onReceived(Segment segment, int offset, int length) {
            begin(length);
            watch.beforeReceived(handler);
            try {
                handler.onReceived(segment, offset, length);
            } catch (RuntimeException e) {
                throw thrown(e);
            }
            watch.afterReceived(handler);
        }

        @Override
        public void onWritten(long position) {
            begin((int) position);
            try {
                handler.onWritten(position);
            } catch (RuntimeException e) {
                throw thrown(e);
            }
        }

        @Override
        public void onPeerClosed() {
            begin(2);
            try {
                handler.onPeerClosed();
            } catch (RuntimeException e) {
                throw thrown(e);
            }
        }

        @Override
        public void onDetached(AcceptedSocket socket) {
            begin(3);
            try {
                handler.onDetached(socket);
            } catch (RuntimeException e) {
                throw thrown(e);
            }
            closed = true;
        }

        @Override
        public void onClosed(CloseCause cause) {
            begin(cause.ordinal());
            try {
                handler.onClosed(cause);
            } catch (RuntimeException e) {
                throw thrown(e);
            }
            closed = true;
        }
    }

    /** A connection of the lane, which sees what the lane asks of it. */
    static final class Watched implements Connection {
        private final Connection connection;
        private final ConnectionHandler handler;
        private final Watch watch;
        /** Of the server; 0 for a client. */
        private final int port;
        private boolean readPaused;
        private long sentBefore;

        Watched(Connection connection, ConnectionHandler handler, Watch watch, int port) {
            this.port = port;
            this.connection = connection;
            this.handler = handler;
            this.watch = watch;
        }

        ConnectionHandler handler() {
            return handler;
        }

        int port() {
            return port;
        }

        /** What had been handed to the connection at the last look. */
        long sentBefore() {
            return sentBefore;
        }

        void sentBefore(long position) {
            sentBefore = position;
        }

        boolean isReadPaused() {
            return readPaused;
        }

        @Override
        public Output output() {
            return connection.output();
        }

        @Override
        public void flush() {
            connection.flush();
        }

        @Override
        public void pauseReads() {
            readPaused = true;
            connection.pauseReads();
        }

        @Override
        public void resumeReads() {
            readPaused = false;
            connection.resumeReads();
        }

        @Override
        public void gather(boolean on) {
            connection.gather(on);
        }

        @Override
        public void shutdownOutput() {
            watch.onShutdown(handler);
            connection.shutdownOutput();
        }

        @Override
        public void close(CloseCause cause) {
            watch.onClose(handler, cause);
            connection.close(cause);
        }

        @Override
        public boolean detach() {
            return connection.detach();
        }

        @Override
        public boolean isDetaching() {
            return connection.isDetaching();
        }

        @Override
        public String peer() {
            return connection.peer();
        }

        @Override
        public String local() {
            return connection.local();
        }
    }
}
