package org.millrace.engine.kit;

import org.millrace.io.AcceptedSocket;

/** A client's socket that nobody has adopted yet. */
public final class FakeSocket implements AcceptedSocket {
    private final String peer;
    private boolean closed;
    private FakeConnection connection;

    public FakeSocket(String peer) {
        this.peer = peer;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** True if it was turned away. */
    public boolean isClosed() {
        return closed;
    }

    /** What it became; null before it is adopted. */
    public FakeConnection connection() {
        return connection;
    }

    void adopted(FakeConnection made) {
        connection = made;
    }
}
