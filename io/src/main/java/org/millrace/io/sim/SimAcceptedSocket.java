package org.millrace.io.sim;

import java.io.IOException;
import org.millrace.io.AcceptedSocket;

/** The server's end of a connection that no transport serves yet. */
final class SimAcceptedSocket implements AcceptedSocket {
    private SimConnection connection;
    private final String peer;

    SimAcceptedSocket(SimConnection connection) {
        this.connection = connection;
        this.peer = connection.peer();
    }

    @Override
    public String peer() {
        return peer;
    }

    SimConnection take() throws IOException {
        if (connection == null) {
            throw new IOException("socket of " + peer + " is adopted or closed already");
        }
        SimConnection taken = connection;
        connection = null;
        return taken;
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.release();
            connection = null;
        }
    }
}
