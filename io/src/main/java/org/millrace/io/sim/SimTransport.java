package org.millrace.io.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.ReceiveMemory;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;

/**
 * One host's, or lane's, sockets on a {@link SimNetwork}. {@link #poll} never waits: virtual time passes by
 * {@link SimNetwork#advance}. All transports of a network are used by one thread.
 */
public final class SimTransport implements Transport {
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int MIN_RECEIVE_BYTES = 16 << 10;

    private final SimNetwork network;
    private final SegmentArena arena;
    private final ReceiveMemory clientMemory;
    private final ReceiveMemory linkMemory;
    private final PriorityQueue<SimEvent> queue = new PriorityQueue<>();
    private final ArrayList<SimEvent> early = new ArrayList<>();
    private final ArrayList<SimEvent> late = new ArrayList<>();
    private final LinkedHashSet<SimConnection> connections = new LinkedHashSet<>();
    private final AtomicBoolean wokenUp = new AtomicBoolean();
    private ArrayList<SimConnection> starved = new ArrayList<>();
    private int events;
    private long polls;
    private long handlerFailures;
    private boolean closed;

    public SimTransport(SimNetwork network, SegmentArena arena) {
        this.network = network;
        this.arena = arena;
        this.clientMemory = ReceiveMemory.shared(arena, false, SEGMENT_BYTES, MIN_RECEIVE_BYTES);
        this.linkMemory = ReceiveMemory.shared(arena, true, SEGMENT_BYTES, MIN_RECEIVE_BYTES);
        network.add(this);
    }

    @Override
    public Listener listen(Endpoint endpoint, ListenOptions options, AcceptHandler handler) throws IOException {
        SimListener listener =
            new SimListener(network, this, network.bind(endpoint, options.reusePort()), handler);
        network.add(listener);
        return listener;
    }

    @Override
    public Connection adopt(AcceptedSocket socket, ConnectionHandler handler) throws IOException {
        SimConnection connection = ((SimAcceptedSocket) socket).take();
        connections.add(connection);
        connection.adopt(this, handler);
        return connection;
    }

    @Override
    public Connection connect(Endpoint endpoint, ConnectionHandler handler) {
        SimConnection connection =
            new SimConnection(network, "sim:" + network.nextSequence(), endpoint.toString(), endpoint);
        connections.add(connection);
        connection.connect(this, handler);
        return connection;
    }

    @Override
    public int poll(long timeoutNs, long gatherNs) {
        polls++;
        events = 0;
        wokenUp.set(false);
        clientMemory.startTurn();
        linkMemory.startTurn();
        // What these deliveries bring about is for later polls, as with a kernel.
        while (!queue.isEmpty() && queue.peek().dueNs() <= network.nowNs()) {
            SimEvent event = queue.poll();
            (event.kind().isEarly() ? early : late).add(event);
        }
        retryStarved();
        early.forEach(this::deliver);
        late.forEach(this::deliver);
        early.clear();
        late.clear();
        return events;
    }

    @Override
    public void wakeUp() {
        wokenUp.set(true);
    }

    /** Whether {@link #wakeUp} was called since the last poll. Any thread. */
    public boolean isWokenUp() {
        return wokenUp.get();
    }

    @Override
    public SegmentArena arena() {
        return arena;
    }

    /** When the next event falls due; {@link Long#MAX_VALUE} if nothing is under way. */
    public long nextDueNs() {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().dueNs();
    }

    /** Exceptions that handlers have thrown. */
    public long handlerFailures() {
        return handlerFailures;
    }

    /** Connections that are not closed yet. */
    public int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            network.remove(this);
            for (SimEvent event : queue) {
                if (event.socket() != null) {
                    event.socket().close();
                }
            }
            queue.clear();
            for (SimConnection connection : connections) {
                connection.release();
                connection.freeMemory();
            }
            connections.clear();
            clientMemory.drop();
            linkMemory.drop();
        }
    }

    ReceiveMemory receiveMemory(boolean isLink) {
        return isLink ? linkMemory : clientMemory;
    }

    long polls() {
        return polls;
    }

    void countEvent() {
        events++;
    }

    void handlerFailed() {
        handlerFailures++;
    }

    void addStarved(SimConnection connection) {
        starved.add(connection);
    }

    void remove(SimConnection connection) {
        connections.remove(connection);
    }

    void schedule(long dueNs, SimEvent.Kind kind, SimConnection connection, int bytes, SimAcceptedSocket socket) {
        if (!closed) {
            queue.add(new SimEvent(dueNs, network.nextSequence(), kind, connection, bytes, socket));
        } else if (socket != null) {
            socket.close();
        }
    }

    void accept(SimListener listener, SimAcceptedSocket socket) {
        if (listener.isClosed()) {
            socket.close();
            return;
        }
        countEvent();
        try {
            listener.handler.onAccepted(socket);
        } catch (RuntimeException e) {
            handlerFailures++;
            socket.close();
        }
    }

    /** The last event of a connection that has left. */
    void deliverDetached(ConnectionHandler handler, SimAcceptedSocket socket) {
        countEvent();
        try {
            handler.onDetached(socket);
        } catch (RuntimeException e) {
            handlerFailures++;
            socket.close();
        }
    }

    private void deliver(SimEvent event) {
        event.connection().onEvent(event, this);
    }

    private void retryStarved() {
        ArrayList<SimConnection> waiting = starved;
        if (!waiting.isEmpty()) {
            starved = new ArrayList<>();
            for (SimConnection connection : waiting) {
                connection.retryStarved();
            }
        }
    }
}
