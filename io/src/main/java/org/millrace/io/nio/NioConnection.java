package org.millrace.io.nio;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Output;
import org.millrace.io.SocketAddresses;

/** One socket. */
final class NioConnection implements Connection {
    /** Writes of one connection in one turn, so that a fast peer cannot keep the others waiting. */
    private static final int MAX_WRITES = 16;

    /** {@code CONNECTED}: the connection stands, but its handler is still to be told. */
    private enum State { CONNECTING, CONNECTED, OPEN, DETACHED, CLOSED }

    private final NioTransport transport;
    private final ConnectionHandler handler;
    /** Whether this side has connected. */
    private final boolean isLink;
    private final Output output;
    private final NioReceive receive;
    private SocketChannel channel;
    private SelectionKey key;
    private SocketAddress remote;
    private SocketAddress local;
    private State state = State.CONNECTING;
    private CloseCause cause;
    private int interest;
    private boolean outcomeDue;
    private boolean awaitsRoom;
    private boolean flushing;
    private boolean shutdownDue;
    private boolean detaching;

    NioConnection(NioTransport transport, ConnectionHandler handler, boolean isLink) {
        this.transport = transport;
        this.handler = handler;
        this.isLink = isLink;
        this.output = new Output(transport.arena());
        this.receive = new NioReceive(transport, this, handler, isLink);
    }

    void adopt(SocketChannel accepted, Selector selector) throws IOException {
        channel = accepted;
        remote = channel.getRemoteAddress();
        local = channel.getLocalAddress();
        interest = SelectionKey.OP_READ;
        key = channel.register(selector, interest, this);
        state = State.OPEN;
    }

    void connect(Endpoint endpoint, Selector selector) {
        remote = endpoint.address();
        try {
            channel = NioAddresses.open(endpoint);
            NioAddresses.setUp(channel, false);
            if (channel.connect(endpoint.address())) {
                state = State.CONNECTED;
                addOutcome();
            } else {
                interest = SelectionKey.OP_CONNECT;
            }
            key = channel.register(selector, interest, this);
        } catch (IOException | RuntimeException e) {
            close(NioCauses.ofConnect(e));
        }
    }

    void onReady(SelectionKey selected) {
        // A connection that was closed earlier in this turn may still be in the selection.
        if (state == State.CLOSED || state == State.DETACHED) {
            return;
        }
        int ready = selected.readyOps();
        if ((ready & SelectionKey.OP_CONNECT) != 0) {
            finishConnect();
        }
        if (state == State.OPEN && (ready & SelectionKey.OP_WRITE) != 0) {
            awaitsRoom = false;
            write();
            updateInterest();
        }
        if (state == State.OPEN && (ready & SelectionKey.OP_READ) != 0) {
            receive.read(channel);
        }
    }

    void deliverOutcome() {
        outcomeDue = false;
        transport.countEvent();
        if (state == State.CONNECTED) {
            stand();
        } else {
            try {
                handler.onClosed(cause);
            } catch (RuntimeException e) {
                transport.handlerFailed(e);
            }
            // Its user could not know of the end before now, and may have appended.
            output.discard();
        }
    }

    void retryStarved() {
        receive.retry(channel);
        updateInterest();
    }

    @Override
    public Output output() {
        return output;
    }

    @Override
    public boolean detach() {
        if (state != State.OPEN || isLink || !receive.isPlain() || shutdownDue || flushing
            || output.unsentBytes() > 0) {
            return false;
        }
        if (!detaching) {
            detaching = true;
            transport.addLeaving(this);
        }
        return true;
    }

    @Override
    public boolean isDetaching() {
        return detaching;
    }

    /** The first half of leaving: the selector forgets the key when it selects next. */
    boolean cancelKey() {
        if (detaching) {
            key.cancel();
        }
        return detaching;
    }

    /** The second half, when it has; one that has changed its mind meanwhile is back. */
    void leave(Selector selector) {
        if (state != State.OPEN) {
            return;
        }
        if (!detaching || output.unsentBytes() > 0) {
            detaching = false;
            stay(selector);
            return;
        }
        detaching = false;
        state = State.DETACHED;
        receive.gather(false);
        transport.deliverDetached(handler, new NioAcceptedSocket(channel, remote));
    }

    private void stay(Selector selector) {
        try {
            interest = 0;
            key = channel.register(selector, 0, this);
            updateInterest();
        } catch (IOException e) {
            close(NioCauses.ofRead(e));
        }
    }

    @Override
    public void flush() {
        if (output.unsentBytes() > 0) {
            detaching = false;
        }
        if (state == State.OPEN && !awaitsRoom && !flushing) {
            write();
            updateInterest();
        }
    }

    @Override
    public void pauseReads() {
        receive.pause(true);
        detaching = false;
        updateInterest();
    }

    @Override
    public void resumeReads() {
        receive.pause(false);
        updateInterest();
    }

    @Override
    public void gather(boolean on) {
        detaching &= !on;
        receive.gather(on);
    }

    @Override
    public void shutdownOutput() {
        if (state != State.CLOSED && !shutdownDue) {
            shutdownDue = true;
            detaching = false;
            flush();
        }
    }

    @Override
    public void close(CloseCause closeCause) {
        if (state != State.CLOSED && state != State.DETACHED) {
            release();
            cause = closeCause;
            addOutcome();
        }
    }

    @Override
    public String peer() {
        return SocketAddresses.text(remote);
    }

    @Override
    public String local() {
        return SocketAddresses.text(local);
    }

    /** Gives back socket and memory. */
    void release() {
        state = State.CLOSED;
        detaching = false;
        output.discard();
        gather(false);
        if (channel != null) {
            NioAddresses.closeQuietly(channel);
        }
    }

    /** One that closes before it was told that it stands is told of the close alone. */
    private void addOutcome() {
        if (!outcomeDue) {
            outcomeDue = true;
            transport.addOutcome(this);
        }
    }

    private void finishConnect() {
        try {
            channel.finishConnect();
        } catch (IOException e) {
            close(NioCauses.ofConnect(e));
            return;
        }
        transport.countEvent();
        stand();
    }

    private void stand() {
        state = State.OPEN;
        try {
            remote = channel.getRemoteAddress();
            local = channel.getLocalAddress();
            handler.onConnected();
        } catch (IOException e) {
            close(NioCauses.ofConnect(e));
        } catch (RuntimeException e) {
            handlerFailed(e);
        }
        updateInterest();
        flush();
    }

    private void write() {
        flushing = true;
        int writes = 0;
        while (state == State.OPEN && !awaitsRoom && output.unsentBytes() > 0) {
            long before = output.writtenPosition();
            writeAvailable();
            if (++writes == MAX_WRITES) {
                awaitsRoom = true;
            }
            if (state == State.OPEN && output.writtenPosition() > before) {
                transport.countEvent();
                try {
                    // The handler may append and flush: the loop goes on with it.
                    handler.onWritten(output.writtenPosition());
                } catch (RuntimeException e) {
                    handlerFailed(e);
                }
            }
        }
        flushing = false;
        if (state == State.OPEN && shutdownDue && output.unsentBytes() == 0 && channel.isOpen()) {
            shutDown();
        }
    }

    private void writeAvailable() {
        GatherWriter writer = transport.writer();
        try {
            int writes = 0;
            while (output.unsentBytes() > 0 && writes++ < MAX_WRITES) {
                long written = writer.write(channel, output);
                output.advance(written);
                if (written < writer.offered()) {
                    awaitsRoom = true;
                    return;
                }
            }
        } catch (IOException e) {
            close(NioCauses.ofWrite(e));
        }
    }

    private void shutDown() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            close(NioCauses.ofWrite(e));
        }
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Something happens on the connection, which stays. */
    void stay() {
        detaching = false;
    }

    void handlerFailed(RuntimeException error) {
        transport.handlerFailed(error);
        close(CloseCause.OTHER);
    }

    void updateInterest() {
        if (state == State.OPEN && key.isValid()) {
            int wanted = (receive.wantsRead() ? SelectionKey.OP_READ : 0) | (awaitsRoom ? SelectionKey.OP_WRITE : 0);
            if (wanted != interest) {
                interest = wanted;
                key.interestOps(wanted);
            }
        }
    }
}
