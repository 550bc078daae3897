package org.millrace.io.sim;

import org.millrace.io.AcceptHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Listener;

/** Accepts connections of a {@link SimNetwork}. */
final class SimListener implements Listener {
    final SimTransport transport;
    final AcceptHandler handler;
    private final SimNetwork network;
    private final Endpoint endpoint;
    private boolean closed;

    SimListener(SimNetwork network, SimTransport transport, Endpoint endpoint, AcceptHandler handler) {
        this.network = network;
        this.transport = transport;
        this.endpoint = endpoint;
        this.handler = handler;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        network.remove(this);
    }
}
