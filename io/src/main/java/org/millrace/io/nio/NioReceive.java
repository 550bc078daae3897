package org.millrace.io.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.ReceiveMemory;
import org.millrace.io.Segment;

/** The receiving half of a connection. */
final class NioReceive {
    /** Reads of one connection in one turn, so that a fast peer cannot keep the others waiting. */
    private static final int MAX_GATHER_READS = 8;

    private final NioTransport transport;
    private final NioConnection connection;
    private final ConnectionHandler handler;
    private final boolean isLink;
    private ReceiveMemory gatherMemory;
    private boolean gathers;
    private boolean isPaused;
    private boolean hasEnded;
    private boolean isStarved;

    NioReceive(NioTransport transport, NioConnection connection, ConnectionHandler handler, boolean isLink) {
        this.transport = transport;
        this.connection = connection;
        this.handler = handler;
        this.isLink = isLink;
    }

    void pause(boolean on) {
        isPaused = on;
    }

    void gather(boolean on) {
        gathers = on;
        if (on && gatherMemory == null) {
            NioSettings settings = transport.settings();
            gatherMemory = ReceiveMemory.gathering(transport.arena(), isLink, settings.gatherSegmentBytes(),
                settings.gatherSegmentBytes(), settings.minReceiveBytes());
        } else if (!on && gatherMemory != null) {
            gatherMemory.drop();
        }
    }

    boolean wantsRead() {
        return connection.isOpen() && !isPaused && !hasEnded && !isStarved;
    }

    /** Whether it receives as usual: it is not paused, does not gather, and has not seen the end. */
    boolean isPlain() {
        return !isPaused && !gathers && !hasEnded;
    }

    /** There may be memory again. */
    void retry(SocketChannel channel) {
        isStarved = false;
        if (wantsRead()) {
            read(channel);
        }
    }

    void read(SocketChannel channel) {
        boolean again = true;
        for (int i = 0; again && i < MAX_GATHER_READS && wantsRead(); i++) {
            // Gathering may begin or end within the handler.
            ReceiveMemory memory = gathers ? gatherMemory : transport.receiveMemory(isLink);
            again = readInto(memory, channel) && gathers;
        }
    }

    /** Returns whether the room was filled, so that there may be more to read. */
    private boolean readInto(ReceiveMemory memory, SocketChannel channel) {
        Segment segment = memory.room();
        if (segment == null) {
            isStarved = true;
            transport.addStarved(connection, isLink);
            connection.updateInterest();
            return false;
        }
        int position = memory.position();
        int room = segment.capacity() - position;
        ByteBuffer view = segment.receiveView(position, room);
        int length;
        try {
            length = channel.read(view);
        } catch (IOException e) {
            connection.close(NioCauses.ofRead(e));
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
        connection.stay();
        // Held for the call: the handler may end gathering, which gives the segment up.
        segment.retain();
        try {
            handler.onReceived(segment, position, length);
        } catch (RuntimeException e) {
            connection.handlerFailed(e);
        } finally {
            segment.release();
        }
    }

    private void deliverEnd() {
        hasEnded = true;
        connection.stay();
        connection.updateInterest();
        transport.countEvent();
        try {
            handler.onPeerClosed();
        } catch (RuntimeException e) {
            connection.handlerFailed(e);
        }
    }
}
