package org.millrace.io.sim;

import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Output;

/** One end of a connection in a {@link SimNetwork}. */
public final class SimConnection implements Connection {
    /** {@code IDLE}: accepted or detached, but not adopted. */
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
    private SimReceive receive;
    private boolean detaching;

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

    /** Something falls due at a transport, which is not the connection's any more if that has moved on. */
    void onEvent(SimEvent event, SimTransport at) {
        if (event.kind() != SimEvent.Kind.ACCEPT && at != transport) {
            follow(event);
            return;
        }
        switch (event.kind()) {
            case CONNECT -> onConnect();
            case WRITTEN -> onWritten();
            case ACCEPT -> acceptedBy.transport.accept(acceptedBy, event.socket());
            case ARRIVED -> {
                inbox.arrived += event.bytes();
                receive.read();
            }
            case FIN -> {
                inbox.finArrived = true;
                receive.read();
            }
            case DETACHED -> onDetached();
            case CLOSED -> onClosed();
            default -> throw new IllegalStateException("no such event: " + event);
        }
    }

    /** What was on its way when the connection moved has reached the socket, wherever that is now. */
    private void follow(SimEvent event) {
        inbox.arrived += event.bytes();
        inbox.finArrived |= event.kind() == SimEvent.Kind.FIN;
        if (transport != null) {
            transport.schedule(network.nowNs(), SimEvent.Kind.ARRIVED, this, 0, null);
        }
    }

    void retryStarved() {
        receive.retry();
    }

    @Override
    public Output output() {
        return output;
    }

    @Override
    public boolean detach() {
        if (state != State.OPEN || target != null || !receive.isPlain() || shutdownDue || output.unsentBytes() > 0) {
            return false;
        }
        if (!detaching) {
            detaching = true;
            transport.schedule(dueNs(), SimEvent.Kind.DETACHED, this, 0, null);
        }
        return true;
    }

    @Override
    public boolean isDetaching() {
        return detaching;
    }

    private void onDetached() {
        if (!detaching || state != State.OPEN) {
            return;
        }
        detaching = false;
        if (!receive.isPlain() || output.unsentBytes() > 0) {
            return;
        }
        freeMemory();
        SimTransport left = transport;
        left.remove(this);
        transport = null;
        state = State.IDLE;
        left.deliverDetached(handler, new SimAcceptedSocket(this));
    }

    @Override
    public void flush() {
        if (output.unsentBytes() > 0) {
            detaching = false;
        }
        flushDue = true;
        submit();
    }

    @Override
    public void pauseReads() {
        detaching = false;
        receive.pause();
    }

    @Override
    public void resumeReads() {
        receive.resume();
    }

    @Override
    public void gather(boolean on) {
        detaching &= !on;
        receive.gather(on);
    }

    @Override
    public void shutdownOutput() {
        shutdownDue = true;
        detaching = false;
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
        detaching = false;
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
        receive = new SimReceive(network, owner, this, connectionHandler);
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

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether this side has connected. */
    boolean isLink() {
        return target != null;
    }

    SimPipe inbox() {
        return inbox;
    }

    /** Something happens on the connection, which stays. */
    void stay() {
        detaching = false;
    }

    /** There is room at this end again. */
    void unblockPeer() {
        if (peer.blocked) {
            peer.submit();
        }
    }

    void handlerFailed() {
        transport.handlerFailed();
        close(CloseCause.OTHER);
    }

    private long dueNs() {
        return network.nowNs() + network.delayNs();
    }
}
