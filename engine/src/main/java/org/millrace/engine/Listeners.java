package org.millrace.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.Totals;
import org.millrace.engine.count.PoolCounter;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.SharedPort;

/** One listener for each pool, all served by the first lane, which hands new clients to the lanes in turn. */
final class Listeners {
    private static final long REPEAT_NS = 10_000_000_000L;

    private final MillraceConfig config;
    private final List<LaneHandle> lanes;
    private final Consumer<String> warn;
    private final Totals totals;
    /** By pool, clients on their way to another lane, whose counter does not know them yet. */
    private final AtomicIntegerArray handedOver;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<SharedPort> shared = new ArrayList<>();
    private int nextLane;
    private String lastFailure = "";
    private long lastFailureNs;

    /**
     * Listeners that are not open yet.
     *
     * @param warn takes texts for the log, on lanes' threads: must not block
     */
    Listeners(MillraceConfig config, List<LaneHandle> lanes, Consumer<String> warn) {
        this.config = config;
        this.lanes = lanes;
        this.warn = warn;
        this.totals = new Totals(lanes);
        this.handedOver = new AtomicIntegerArray(config.pools().size());
    }

    /** Binds all; before the lanes' threads start. */
    void open() throws IOException {
        for (int pool = 0; pool < config.pools().size(); pool++) {
            PoolConfig conf = config.pools().get(pool);
            ListenOptions options = new ListenOptions(conf.backlog(), conf.reusePort(), conf.tcpKeepAlive(),
                conf.listen().fileMode());
            try {
                Endpoint endpoint = new Resolver().resolve(conf.listen());
                SharedPort port = conf.reusePort() && !endpoint.isUnix() ? SharedPort.before(endpoint) : null;
                Listener listener = lanes.getFirst().transports().getFirst().listen(endpoint, options, handler(pool));
                listeners.add(listener);
                ports.add(listener.endpoint().port());
                if (port != null) {
                    port.entered();
                    shared.add(port);
                }
            } catch (IOException e) {
                throw new IOException("pool " + conf.name() + " cannot listen on " + conf.listen() + ": "
                    + e.getMessage() + "; change its 'listen', or stop what uses the address" + (conf.reusePort()
                    ? ", which shares it only if it belongs to the same user and has 'reuseport: true' too" : ""), e);
            }
        }
    }

    private AcceptHandler handler(int pool) {
        return new AcceptHandler() {
            @Override
            public void onAccepted(AcceptedSocket socket) {
                accept(socket, pool);
            }

            @Override
            public void onAcceptFailed(String reason) {
                acceptFailed("pool " + config.pools().get(pool).name() + " cannot accept: " + reason);
            }
        };
    }

    private void accept(AcceptedSocket socket, int pool) {
        int limit = config.pools().get(pool).clientConnections();
        if (limit > 0 && clients(pool) >= limit) {
            turnAway(socket, pool);
            return;
        }
        LaneHandle lane = lanes.get(nextLane++ % lanes.size());
        if (lane == lanes.getFirst()) {
            adopt(lane, socket, pool);
            return;
        }
        handedOver.incrementAndGet(pool);
        boolean offered = lane.commands().offer(() -> {
            try {
                adopt(lane, socket, pool);
            } finally {
                handedOver.decrementAndGet(pool);
            }
        });
        if (!offered) {
            handedOver.decrementAndGet(pool);
            socket.close();
        }
    }

    private void turnAway(AcceptedSocket socket, int pool) {
        try {
            lanes.getFirst().lane().client().state().life().turnAway(socket, pool);
        } catch (IOException e) {
            warn.accept("a client was lost while it connected: " + e.getMessage());
        }
    }

    /** Clients of a pool, those on their way included. First lane's thread, which alone hands over. */
    private long clients(int pool) {
        long clients;
        int before;
        do {
            before = handedOver.get(pool);
            clients = before + totals.pool(pool, PoolCounter.CLIENT_CONNECTIONS);
            // if one has arrived meanwhile it may have been counted twice
        } while (handedOver.get(pool) != before);
        return clients;
    }

    /** Accepting is tried again ten times a second; the log need not know each time. */
    private void acceptFailed(String text) {
        long nowNs = System.nanoTime();
        if (!text.equals(lastFailure) || nowNs - lastFailureNs >= REPEAT_NS) {
            lastFailure = text;
            lastFailureNs = nowNs;
            warn.accept(text);
        }
    }

    private void adopt(LaneHandle lane, AcceptedSocket socket, int pool) {
        try {
            lane.lane().client().state().life().accept(socket, pool);
        } catch (IOException e) {
            warn.accept("a client was lost while it connected: " + e.getMessage());
        }
    }

    /** True if other processes may listen where we do. */
    boolean areShared() {
        return !shared.isEmpty();
    }

    /**
     * Lets new clients go to other processes that listen on the same addresses; those that have come before are still
     * accepted.
     *
     * @return false if there is no other process
     */
    boolean leave() {
        boolean left = false;
        for (SharedPort each : shared) {
            left |= each.leave();
        }
        return left;
    }

    /** Accepts no more; on the first lane's thread, does nothing on others'. */
    void close(LaneHandle lane) {
        if (lane == lanes.getFirst()) {
            listeners.forEach(Listener::close);
        }
    }

    int port(int pool) {
        return ports.get(pool);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < listeners.size(); i++) {
            text.append(i == 0 ? "" : ", ").append("pool ").append(config.pools().get(i).name()).append(" on ")
                .append(listeners.get(i).endpoint());
        }
        return text.toString();
    }
}
