package org.millrace.engine.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.MemoryBudget;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;

/**
 * A transport in memory, under full control of the test: nothing arrives, leaves or ends but what the test says, and
 * only within {@link #poll}. Its arena poisons what is free.
 */
public final class FakeTransport implements Transport {
    private static final int BLOCK_BYTES = 1 << 20;

    private final SegmentArena arena;
    private final List<FakeConnection> connections = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();
    private final List<AcceptHandler> listeners = new ArrayList<>();
    private Consumer<FakeConnection> onConnect = connection -> { };
    private int wakeUps;
    private long lastWaitNs;
    private boolean gathers = true;
    private boolean letsGo = true;

    /** A transport whose memory has a limit. */
    public FakeTransport(long maxBytes) {
        this(maxBytes, 0, new MemoryBudget(maxBytes));
    }

    /** A transport that has memory of its own and can lease more. */
    FakeTransport(long ownBytes, long reserveBytes, MemoryBudget budget) {
        arena = new SegmentArena(new ArenaConfig(ownBytes, BLOCK_BYTES, reserveBytes, true), budget);
    }

    /** Is told of each connection that is asked for. */
    public void onConnect(Consumer<FakeConnection> taker) {
        onConnect = taker;
    }

    /** A client comes to a listener; the listeners are numbered in the order of listening. */
    public FakeSocket arrive(int listener) {
        FakeSocket socket = new FakeSocket("10.0.0.1:" + (1000 + connections.size()));
        listeners.get(listener).onAccepted(socket);
        return socket;
    }

    /** Exceptions that handlers have thrown. */
    public List<RuntimeException> failures() {
        return failures;
    }

    /** Calls of {@link #wakeUp()}. */
    public int wakeUps() {
        return wakeUps;
    }

    void failed(RuntimeException failure) {
        failures.add(failure);
    }

    /** The connection that was made last, of those that are open. */
    public FakeConnection last() {
        return connections.getLast();
    }

    List<FakeConnection> connections() {
        return connections;
    }

    @Override
    public Listener listen(Endpoint endpoint, ListenOptions options, AcceptHandler handler) {
        listeners.add(handler);
        return new Listener() {
            @Override
            public Endpoint endpoint() {
                return endpoint;
            }

            @Override
            public void close() {
                listeners.remove(handler);
            }
        };
    }

    @Override
    public Connection adopt(AcceptedSocket socket, ConnectionHandler handler) {
        FakeConnection connection = new FakeConnection(this, handler, null);
        connections.add(connection);
        ((FakeSocket) socket).adopted(connection);
        return connection;
    }

    @Override
    public Connection connect(Endpoint endpoint, ConnectionHandler handler) {
        FakeConnection connection = new FakeConnection(this, handler, endpoint);
        connections.add(connection);
        onConnect.accept(connection);
        return connection;
    }

    @Override
    public int poll(long timeoutNs, long gatherNs) {
        lastWaitNs = timeoutNs;
        int events = 0;
        for (FakeConnection connection : List.copyOf(connections)) {
            events += connection.turn();
        }
        connections.removeIf(FakeConnection::isTold);
        return events;
    }

    @Override
    public boolean canGather() {
        return gathers;
    }

    /** Becomes one of a system that knows no such wait. */
    public void cannotGather() {
        gathers = false;
    }

    /** Whether connections that are to be detached are: if not, they are about to be for ever. */
    public void letGo(boolean may) {
        letsGo = may;
    }

    boolean letsGo() {
        return letsGo;
    }

    /** How long the last poll was to wait. */
    public long lastWaitNs() {
        return lastWaitNs;
    }

    @Override
    public void wakeUp() {
        wakeUps++;
    }

    @Override
    public SegmentArena arena() {
        return arena;
    }

    @Override
    public void close() {
        connections.clear();
    }
}
