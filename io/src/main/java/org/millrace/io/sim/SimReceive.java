package org.millrace.io.sim;

import org.millrace.io.ConnectionHandler;
import org.millrace.io.ReceiveMemory;
import org.millrace.io.Segment;

/** The receiving half of a connection's end, for as long as one transport serves it. */
final class SimReceive {
    private static final int GATHER_BYTES = 64 << 10;
    private static final int MIN_GATHER_BYTES = 16 << 10;

    private final SimNetwork network;
    private final SimTransport transport;
    private final SimConnection connection;
    private final ConnectionHandler handler;
    private ReceiveMemory gatherMemory;
    private boolean gathers;
    private boolean isPaused;
    private long pausedInPoll;
    private boolean hasEnded;
    private boolean isStarved;

    SimReceive(SimNetwork network, SimTransport transport, SimConnection connection, ConnectionHandler handler) {
        this.network = network;
        this.transport = transport;
        this.connection = connection;
        this.handler = handler;
    }

    void pause() {
        if (!isPaused) {
            isPaused = true;
            pausedInPoll = transport.polls();
        }
    }

    void resume() {
        if (isPaused) {
            isPaused = false;
            if (connection.isOpen()) {
                lookAgain();
            }
        }
    }

    void gather(boolean on) {
        gathers = on;
        if (on && gatherMemory == null) {
            gatherMemory = ReceiveMemory.gathering(
                transport.arena(), connection.isLink(), GATHER_BYTES, GATHER_BYTES, MIN_GATHER_BYTES);
        } else if (!on && gatherMemory != null) {
            gatherMemory.drop();
        }
    }

    /** Whether it receives as usual: it is not paused, does not gather, has memory, and has not seen the end. */
    boolean isPlain() {
        return !isPaused && !gathers && !hasEnded && !isStarved;
    }

    /** There may be memory again. */
    void retry() {
        isStarved = false;
        read();
    }

    void read() {
        if (!connection.isOpen() || isStarved) {
            return;
        }
        SimPipe inbox = connection.inbox();
        if (inbox.arrived > 0 && wantsRead()) {
            readOnce(inbox);
        }
        if (!connection.isOpen() || isStarved || !wantsRead()) {
            return;
        }
        if (inbox.arrived > 0) {
            lookAgain();
        } else if (inbox.finArrived && inbox.size() == 0 && !hasEnded) {
            hasEnded = true;
            connection.stay();
            transport.countEvent();
            try {
                handler.onPeerClosed();
            } catch (RuntimeException e) {
                connection.handlerFailed();
            }
        }
    }

    private void lookAgain() {
        transport.schedule(network.nowNs(), SimEvent.Kind.ARRIVED, connection, 0, null);
    }

    private boolean wantsRead() {
        return !isPaused
            || pausedInPoll == transport.polls() && network.draw(network.faults().deliverAfterPause());
    }

    private void readOnce(SimPipe inbox) {
        ReceiveMemory memory = gathers ? gatherMemory : transport.receiveMemory(connection.isLink());
        Segment segment = memory.room();
        if (segment == null) {
            isStarved = true;
            transport.addStarved(connection);
            return;
        }
        int position = memory.position();
        int length = Math.min(inbox.arrived, segment.capacity() - position);
        if (network.draw(network.faults().chunked())) {
            length = network.part(length);
        }
        inbox.read(segment.buffer(), position, length);
        memory.received(length);
        connection.unblockPeer();
        transport.countEvent();
        connection.stay();
        segment.retain();
        try {
            handler.onReceived(segment, position, length);
        } catch (RuntimeException e) {
            connection.handlerFailed();
        } finally {
            segment.release();
        }
        memory.delivered();
    }
}
