package org.millrace.perf.client;

import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.Transport;

/** A socket of a {@link RingLoop}. */
final class RingSocket extends FramedSocket {
    /** Most bytes that are with the kernel at a time. */
    static final int UNSENT_MAX = 256 << 10;

    private static final String PEER_CLOSED = "the server closed the connection";

    private final Transport transport;
    private final Endpoint endpoint;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private Attempt attempt;

    RingSocket(Transport transport, Endpoint endpoint, ReplyHandler handler, Framing framing) {
        super(handler, framing);
        this.transport = transport;
        this.endpoint = endpoint;
    }

    @Override
    void begin() {
        attempt = new Attempt();
        attempt.connection = transport.connect(endpoint, attempt);
    }

    @Override
    void send(int limit) {
        Output output = attempt.connection.output();
        RequestWriter out = out();
        int count = (int) Math.min(Math.min(limit, out.size()), UNSENT_MAX - output.unsentBytes());
        if (count > 0) {
            if (view.byteArray() != out.buffer()) {
                view.wrap(out.buffer());
            }
            if (!output.append(view, out.head(), count)) {
                close("no memory is left for what is to be sent");
                return;
            }
            out.taken(count);
            attempt.connection.flush();
        }
    }

    @Override
    void end() {
        Attempt ended = attempt;
        attempt = null;
        if (!ended.closed) {
            ended.connection.close(CloseCause.LOCAL);
        }
    }

    /** One connection; once the socket has let go of it, what is still to come concerns nobody. */
    private final class Attempt implements ConnectionHandler {
        private Connection connection;
        private boolean closed;
        private long written;

        @Override
        public void onConnected() {
            if (this == attempt) {
                opened();
            }
        }

        @Override
        public void onReceived(Segment segment, int offset, int length) {
            if (this == attempt) {
                segment.buffer().getBytes(offset, room(length), at(), length);
                read(length);
                deliver();
            }
        }

        @Override
        public void onWritten(long position) {
            if (this == attempt) {
                long before = written;
                written = position;
                RingSocket.this.written(position - before);
                if (this == attempt) {
                    flush();
                }
            }
        }

        @Override
        public void onPeerClosed() {
            if (this == attempt) {
                RingSocket.this.close(PEER_CLOSED);
            }
        }

        @Override
        public void onClosed(CloseCause cause) {
            closed = true;
            if (this == attempt) {
                RingSocket.this.close(cause == CloseCause.PEER_CLOSED ? PEER_CLOSED : cause.text());
            }
        }
    }
}
