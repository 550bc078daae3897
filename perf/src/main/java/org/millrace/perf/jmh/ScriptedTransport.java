package org.millrace.perf.jmh;

import java.util.ArrayList;
import java.util.function.Function;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;

/**
 * A transport without sockets that costs next to nothing, so that what is measured is the engine: received bytes lie
 * ready, sent bytes are counted and dropped. Servers answer by script, one turn later.
 */
final class ScriptedTransport implements Transport {
    /** Most bytes of one delivery. */
    static final int RECEIVE_BYTES = 64 << 10;

    private final SegmentArena arena;
    private final Function<SegmentArena, ServerScript> scripts;
    private final ArrayList<ScriptedConnection> connections = new ArrayList<>();
    private ScriptedClient client;

    /** A transport whose servers answer by scripts of this kind, each by its own. */
    ScriptedTransport(SegmentArena arena, Function<SegmentArena, ServerScript> scripts) {
        this.arena = arena;
        this.scripts = scripts;
    }

    /** The client that was adopted last. */
    ScriptedClient client() {
        return client;
    }

    @Override
    public Listener listen(Endpoint endpoint, ListenOptions options, AcceptHandler handler) {
        throw new UnsupportedOperationException("clients are adopted");
    }

    @Override
    public Connection adopt(AcceptedSocket socket, ConnectionHandler handler) {
        client = new ScriptedClient(arena, handler);
        connections.add(client);
        return client;
    }

    @Override
    public Connection connect(Endpoint endpoint, ConnectionHandler handler) {
        ScriptedServer server = new ScriptedServer(arena, endpoint.toString(), handler, scripts.apply(arena));
        connections.add(server);
        return server;
    }

    @Override
    public int poll(long timeoutNs, long gatherNs) {
        int events = 0;
        for (int i = 0; i < connections.size(); i++) {
            ScriptedConnection connection = connections.get(i);
            if (connection.poll()) {
                events++;
            } else if (connection.ended() != null) {
                throw new IllegalStateException("the engine has closed " + connection.peer() + ": "
                    + connection.ended());
            }
        }
        return events;
    }

    @Override
    public void wakeUp() {
        // a poll never waits
    }

    @Override
    public SegmentArena arena() {
        return arena;
    }

    @Override
    public void close() {
        for (ScriptedConnection connection : connections) {
            connection.output().discard();
            if (connection instanceof ScriptedServer server) {
                server.release();
            }
        }
        connections.clear();
    }
}
