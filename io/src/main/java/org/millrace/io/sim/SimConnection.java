package org.millrace.io.sim;

import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Output;
import org.millrace.io.ReceiveMemory;
import org.millrace.io.Segment;

/** One end of a connection in a {@link SimNetwork}. */
public final class SimConnection implements Connection {
    private static final int GATHER_BYTES = 64 << 10;
    private static final int MIN_GATHER_BYTES = 16 << 10;

    /** {@code IDLE}: accepted, but not adopted. */
    private enum State { IDLE, CONNECTING, OPEN, CLOSED }

    private final SimNetwork network;
    private final String local;
    private final String remote;
    /** Where to connect to; null for an accepted end. */
    private final Endpoint target;
    private final SimPipe inbox;
    private SimConnection peer;
    private SimTransport transport;
    private SimListener acceptedBy;
    private ConnectionHandler handler;
    private Output output;
    private State state = State.IDLE;
    private CloseCause cause;
    private int inFlight;
    private boolean blocked;
    private boolean flushDue;
    private boolean shutdownDue;
    private boolean readPaused;
    private long pausedInPoll;
    private boolean peerClosed;
    private boolean isStarved;
    private boolean gathers;
    private ReceiveMemory gatherMemory;

    SimConnection(SimNetwork network, String local, String remote, Endpoint target) {
        this.network = network;
        this.local = local;
        this.remote = remote;
        this.target = target;
        inbox = new SimPipe(network.windowBytes());
    }

    void connect(SimTransport owner, ConnectionHandler connectionHandler) {
        own(owner, connectionHandler);
        state = State.CONNECTING;
        flushDue = true;
        owner.schedule(dueNs(), SimEvent.Kind.CONNECT, this, 0, null);
    }

    void adopt(SimTransport owner, ConnectionHandler connectionHandler) {
        own(owner, connectionHandler);
        if (state == State.IDLE) {
            state = State.OPEN;
            owner.schedule(network.nowNs(), SimEvent.Kind.ARRIVED, this, 0, null);
        } else {
            // The peer has reset it while nobody served it.
            owner.schedule(network.nowNs(), SimEvent.Kind.CLOSED, this, 0, null);
        }
    }

    void onEvent(SimEvent event) {
        switch (event.kind()) {
            case CONNECT -> onConnect();
            case WRITTEN -> onWritten();
            case ACCEPT -> acceptedBy.transport.accept(acceptedBy, event.socket());
            case ARRIVED -> {
                inbox.arrived += event.bytes();
                read();
            }
            case FIN -> {
                inbox.finArrived = true;
                read();
            }
            case CLOSED -> onClosed();
            default -> throw new IllegalStateException("no such event: " + event);
        }
    }

    void retryStarved() {
        isStarved = false;
        read();
    }

    @Override
    public Output output() {
        return output;
    }

    @Override
    public void flush() {
        flushDue = true;
        submit();
    }

    @Override
    public void pauseReads() {
        if (!readPaused) {
            readPaused = true;
            pausedInPoll = transport.polls();
        }
    }

    @Override
    public void resumeReads() {
        if (readPaused) {
            readPaused = false;
            if (state == State.OPEN) {
                transport.schedule(network.nowNs(), SimEvent.Kind.ARRIVED, this, 0, null);
            }
        }
    }

    @Override
    public void gather(boolean on) {
        gathers = on;
        if (on && gatherMemory == null) {
            gatherMemory = ReceiveMemory.gathering(
                transport.arena(), target != null, GATHER_BYTES, GATHER_BYTES, MIN_GATHER_BYTES);
        } else if (!on && gatherMemory != null) {
            gatherMemory.drop();
        }
    }

    @Override
    public void shutdownOutput() {
        shutdownDue = true;
        flush();
        sendFinIfDue();
    }

    @Override
    public void close(CloseCause closeCause) {
        if (state != State.CLOSED) {
            release();
            scheduleClosed(closeCause);
        }
    }

    /** Breaks the connection for both ends, as a peer's RST does; for tests. */
    public void reset() {
        if (peer != null) {
            peer.breakOff(CloseCause.RESET);
        }
        breakOff(CloseCause.RESET);
    }

    /** Lets nothing arrive at this end for a virtual time; for tests. */
    public void stall(long ns) {
        inbox.arrivalNs(network.nowNs() + ns);
    }

    @Override
    public String peer() {
        return remote;
    }

    @Override
    public String local() {
        return local;
    }

    /** Ends this side; the peer gets a FIN, or a RST if bytes of it were never read. */
    void release() {
        boolean wasOpen = state != State.CLOSED;
        state = State.CLOSED;
        if (wasOpen && peer != null) {
            if (inbox.size() > 0) {
                peer.breakOff(CloseCause.RESET);
            } else {
                sendFin();
            }
        }
    }

    void freeMemory() {
        output.discard();
        gather(false);
    }

    private void own(SimTransport owner, ConnectionHandler connectionHandler) {
        transport = owner;
        handler = connectionHandler;
        output = new Output(owner.arena());
    }

    private void onConnect() {
        if (state != State.CONNECTING) {
            return;
        }
        SimListener listener = network.listener(target);
        if (listener == null || network.draw(network.faults().refuse())) {
            state = State.CLOSED;
            cause = target.isUnix() ? CloseCause.NO_SUCH_FILE : CloseCause.REFUSED;
            onClosed();
            return;
        }
        peer = new SimConnection(network, remote, local, null);
        peer.peer = this;
        peer.acceptedBy = listener;
        listener.transport.schedule(dueNs(), SimEvent.Kind.ACCEPT, peer, 0, new SimAcceptedSocket(peer));
        state = State.OPEN;
        transport.countEvent();
        try {
            handler.onConnected();
        } catch (RuntimeException e) {
            handlerFailed();
        }
        submit();
        sendFinIfDue();
    }

    /** Offers output to the network; one write is under way at a time. */
    private void submit() {
        if (state != State.OPEN || inFlight > 0 || !flushDue) {
            return;
        }
        long unsent = output.unsentBytes();
        if (unsent == 0) {
            flushDue = false;
            return;
        }
        int bytes = (int) Math.min(unsent, peer.inbox.room());
        blocked = bytes == 0;
        if (!blocked) {
            inFlight = network.draw(network.faults().partialWrite()) ? network.part(bytes) : bytes;
            transport.schedule(dueNs(), SimEvent.Kind.WRITTEN, this, 0, null);
        }
    }

    private void onWritten() {
        if (state != State.OPEN) {
            return;
        }
        if (peer.state == State.CLOSED || network.draw(network.faults().reset())) {
            reset();
            return;
        }
        copyInFlight();
        output.advance(inFlight);
        arrive(inFlight);
        inFlight = 0;
        transport.countEvent();
        try {
            handler.onWritten(output.writtenPosition());
        } catch (RuntimeException e) {
            handlerFailed();
        }
        submit();
        sendFinIfDue();
    }

    /** The bytes are read only now: until here they belonged to the transport. */
    private void copyInFlight() {
        int left = inFlight;
        for (int i = 0; left > 0; i++) {
            int length = Math.min(left, output.chunkLength(i));
            peer.inbox.write(output.chunkSegment(i).buffer(), output.chunkOffset(i), length);
            left -= length;
        }
    }

    private void arrive(int bytes) {
        if (peer.transport == null) {
            peer.inbox.arrived += bytes;
        } else {
            peer.transport.schedule(peer.arrivalNs(), SimEvent.Kind.ARRIVED, peer, bytes, null);
        }
    }

    private void sendFinIfDue() {
        if (state == State.OPEN && shutdownDue && output.unsentBytes() == 0) {
            sendFin();
        }
    }

    private void sendFin() {
        if (peer.inbox.finSent || peer.state == State.CLOSED) {
            return;
        }
        peer.inbox.finSent = true;
        if (peer.transport == null) {
            peer.inbox.finArrived = true;
        } else {
            peer.transport.schedule(peer.arrivalNs(), SimEvent.Kind.FIN, peer, 0, null);
        }
    }

    /** When bytes written now arrive at this end. */
    private long arrivalNs() {
        long stallNs = network.draw(network.faults().stall()) ? network.faults().stallNs() : 0;
        return inbox.arrivalNs(dueNs() + stallNs);
    }

    private void read() {
        if (state != State.OPEN || isStarved) {
            return;
        }
        if (inbox.arrived > 0 && wantsRead()) {
            readOnce();
        }
        if (state != State.OPEN || isStarved || !wantsRead()) {
            return;
        }
        if (inbox.arrived > 0) {
            transport.schedule(network.nowNs(), SimEvent.Kind.ARRIVED, this, 0, null);
        } else if (inbox.finArrived && inbox.size() == 0 && !peerClosed) {
            peerClosed = true;
            transport.countEvent();
            try {
                handler.onPeerClosed();
            } catch (RuntimeException e) {
                handlerFailed();
            }
        }
    }

    private boolean wantsRead() {
        return !readPaused
            || pausedInPoll == transport.polls() && network.draw(network.faults().deliverAfterPause());
    }

    private void readOnce() {
        ReceiveMemory memory = gathers ? gatherMemory : transport.receiveMemory(target != null);
        Segment segment = memory.room();
        if (segment == null) {
            isStarved = true;
            transport.addStarved(this);
            return;
        }
        int position = memory.position();
        int length = Math.min(inbox.arrived, segment.capacity() - position);
        if (network.draw(network.faults().chunked())) {
            length = network.part(length);
        }
        inbox.read(segment.buffer(), position, length);
        memory.received(length);
        if (peer.blocked) {
            peer.submit();
        }
        transport.countEvent();
        segment.retain();
        try {
            handler.onReceived(segment, position, length);
        } catch (RuntimeException e) {
            handlerFailed();
        } finally {
            segment.release();
        }
        memory.delivered();
    }

    private void breakOff(CloseCause closeCause) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            scheduleClosed(closeCause);
        }
    }

    private void scheduleClosed(CloseCause closeCause) {
        cause = closeCause;
        if (transport != null) {
            transport.schedule(dueNs(), SimEvent.Kind.CLOSED, this, 0, null);
        }
    }

    private void onClosed() {
        freeMemory();
        transport.remove(this);
        transport.countEvent();
        try {
            handler.onClosed(cause);
        } catch (RuntimeException e) {
            transport.handlerFailed();
        }
        // Its user could not know of the end before now, and may have appended.
        output.discard();
    }

    private void handlerFailed() {
        transport.handlerFailed();
        close(CloseCause.OTHER);
    }

    private long dueNs() {
        return network.nowNs() + network.delayNs();
    }
}
