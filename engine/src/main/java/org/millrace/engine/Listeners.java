package org.millrace.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.Totals;
import org.millrace.engine.count.PoolCounter;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;

/** One listener for each pool, all served by the first lane, which hands new clients to the lanes in turn. */
final class Listeners {
    private final MillraceConfig config;
    private final List<LaneHandle> lanes;
    private final EventLog log;
    private final Totals totals;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private int nextLane;

    Listeners(MillraceConfig config, List<LaneHandle> lanes, EventLog log) {
        this.config = config;
        this.lanes = lanes;
        this.log = log;
        this.totals = new Totals(lanes);
    }

    /** Binds all; before the lanes' threads start. */
    void open() throws IOException {
        for (int pool = 0; pool < config.pools().size(); pool++) {
            PoolConfig conf = config.pools().get(pool);
            ListenOptions options = new ListenOptions(conf.backlog(), conf.reusePort(), conf.tcpKeepAlive(),
                conf.listen().fileMode());
            try {
                Listener listener = lanes.getFirst().transports().getFirst()
                    .listen(Resolver.resolve(conf.listen()), options, handler(pool));
                listeners.add(listener);
                ports.add(listener.endpoint().port());
            } catch (IOException e) {
                throw new IOException("pool " + conf.name() + " cannot listen on " + conf.listen() + ": "
                    + e.getMessage() + "; change its 'listen', or stop what uses the address", e);
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
                log.warn("pool " + config.pools().get(pool).name() + " cannot accept: " + reason);
            }
        };
    }

    private void accept(AcceptedSocket socket, int pool) {
        int limit = config.pools().get(pool).clientConnections();
        if (limit > 0 && totals.pool(pool, PoolCounter.CLIENT_CONNECTIONS) >= limit) {
            socket.close();
            return;
        }
        LaneHandle lane = lanes.get(nextLane++ % lanes.size());
        if (lane == lanes.getFirst()) {
            adopt(lane, socket, pool);
        } else if (!lane.commands().offer(() -> adopt(lane, socket, pool))) {
            socket.close();
        }
    }

    private void adopt(LaneHandle lane, AcceptedSocket socket, int pool) {
        try {
            lane.lane().client().state().life().accept(socket, pool);
        } catch (IOException e) {
            log.warn("a client was lost while it connected: " + e.getMessage());
        }
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
