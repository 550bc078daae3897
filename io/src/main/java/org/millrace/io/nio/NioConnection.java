package org.millrace.io.nio;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Output;
import org.millrace.io.ReceiveMemory;
import org.millrace.io.Segment;
import org.millrace.io.SocketAddresses;

/** One socket. */
final class NioConnection implements Connection {
    /** Reads and writes of one connection in one turn, so that a fast peer cannot keep the others waiting. */
    private static final int MAX_GATHER_READS = 8;
    private static final int MAX_WRITES = 16;

    /** {@code CONNECTED}: the connection stands, but its handler is still to be told. */
    private enum State { CONNECTING, CONNECTED, OPEN, CLOSED }

    private final NioTransport transport;
    private final ConnectionHandler handler;
    /** Whether this side has connected. */
    private final boolean isLink;
    private final Output output;
    private SocketChannel channel;
    private SelectionKey key;
    private SocketAddress remote;
    private SocketAddress local;
    private State state = State.CONNECTING;
    private CloseCause cause;
    private int interest;
    private ReceiveMemory gatherMemory;
    private boolean gathers;
    private boolean readPaused;
    private boolean peerClosed;
    private boolean isStarved;
    private boolean outcomeDue;
    private boolean awaitsRoom;
    private boolean flushing;
    private boolean shutdownDue;

    NioConnection(NioTransport transport, ConnectionHandler handler, boolean isLink) {
        this.transport = transport;
        this.handler = handler;
        this.isLink = isLink;
        this.output = new Output(transport.arena());
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
        if (state == State.CLOSED) {
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
            read();
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
        isStarved = false;
        if (wantsRead()) {
            read();
        }
        updateInterest();
    }

    @Override
    public Output output() {
        return output;
    }

    @Override
    public void flush() {
        if (state == State.OPEN && !awaitsRoom && !flushing) {
            write();
            updateInterest();
        }
    }

    @Override
    public void pauseReads() {
        readPaused = true;
        updateInterest();
    }

    @Override
    public void resumeReads() {
        readPaused = false;
        updateInterest();
    }

    @Override
    public void gather(boolean on) {
        gathers = on;
        if (on && gatherMemory == null) {
            NioSettings settings = transport.settings();
            gatherMemory = ReceiveMemory.gathering(transport.arena(), isLink, settings.gatherSegmentBytes(),
                settings.gatherSegmentBytes(), settings.minReceiveBytes());
        } else if (!on && gatherMemory != null) {
            gatherMemory.drop();
        }
    }

    @Override
    public void shutdownOutput() {
        if (state != State.CLOSED && !shutdownDue) {
            shutdownDue = true;
            flush();
        }
    }

    @Override
    public void close(CloseCause closeCause) {
        if (state != State.CLOSED) {
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

    private void read() {
        boolean again = true;
        for (int i = 0; again && i < MAX_GATHER_READS && wantsRead(); i++) {
            // Gathering may begin or end within the handler.
            ReceiveMemory memory = gathers ? gatherMemory : transport.receiveMemory(isLink);
            again = readInto(memory) && gathers;
        }
    }

    /** Returns whether the room was filled, so that there may be more to read. */
    private boolean readInto(ReceiveMemory memory) {
        Segment segment = memory.room();
        if (segment == null) {
            isStarved = true;
            transport.addStarved(this, isLink);
            updateInterest();
            return false;
        }
        int position = memory.position();
        int room = segment.capacity() - position;
        ByteBuffer view = segment.receiveView(position, room);
        int length;
        try {
            length = channel.read(view);
        } catch (IOException e) {
            close(NioCauses.ofRead(e));
            return false;
        }
        if (length < 0) {
            deliverEnd();
        } else if (length > 0) {
            memory.received(length);
            deliver(segment, position, length);
            memory.delivered();
        }
        return length == room;
    }

    private void deliver(Segment segment, int position, int length) {
        transport.countEvent();
        // Held for the call: the handler may end gathering, which gives the segment up.
        segment.retain();
        try {
            handler.onReceived(segment, position, length);
        } catch (RuntimeException e) {
            handlerFailed(e);
        } finally {
            segment.release();
        }
    }

    private void deliverEnd() {
        peerClosed = true;
        updateInterest();
        transport.countEvent();
        try {
            handler.onPeerClosed();
        } catch (RuntimeException e) {
            handlerFailed(e);
        }
    }

    private void handlerFailed(RuntimeException error) {
        transport.handlerFailed(error);
        close(CloseCause.OTHER);
    }

    private boolean wantsRead() {
        return state == State.OPEN && !readPaused && !peerClosed && !isStarved;
    }

    private void updateInterest() {
        if (state == State.OPEN) {
            int wanted = (wantsRead() ? SelectionKey.OP_READ : 0) | (awaitsRoom ? SelectionKey.OP_WRITE : 0);
            if (wanted != interest) {
                interest = wanted;
                key.interestOps(wanted);
            }
        }
    }
}
