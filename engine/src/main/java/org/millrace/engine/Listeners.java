package org.millrace.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.LaneSpread;
import org.millrace.engine.control.Totals;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.lane.Arrival;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.SharedPort;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Topology;

/** One listener for each pool, all on the first lane, which hands new clients to the lanes that a policy chooses. */
final class Listeners {
    private static final long REPEAT_NS = 10_000_000_000L;

    private final MillraceConfig config;
    private final List<LaneHandle> lanes;
    private final Consumer<String> warn;
    private final Totals totals;
    private final LaneSpread spread;
    /** In the order of the configuration at first; then, as they come. */
    private final List<Door> doors = new CopyOnWriteArrayList<>();
    private String lastFailure = "";
    private long lastFailureNs;

    /** Listeners that are not open yet, of lanes that get clients evenly. */
    Listeners(MillraceConfig config, List<LaneHandle> lanes, Consumer<String> warn) {
        this(config, lanes, LaneSpread.even(lanes), warn);
    }

    /**
     * Listeners that are not open yet.
     *
     * @param spread chooses lanes
     * @param warn takes texts for the log, on lanes' threads: must not block
     */
    Listeners(MillraceConfig config, List<LaneHandle> lanes, LaneSpread spread, Consumer<String> warn) {
        this.spread = spread;
        this.config = config;
        this.lanes = lanes;
        this.warn = warn;
        this.totals = new Totals(lanes);
    }

    /** Binds all; before the lanes' threads start. */
    void open() throws IOException {
        for (int pool = 0; pool < config.pools().size(); pool++) {
            PoolConfig conf = config.pools().get(pool);
            try {
                doors.add(open(conf, pool, new Resolver().resolve(conf.listen())));
            } catch (IOException e) {
                throw cannotListen(conf, e);
            }
        }
    }

    private static IOException cannotListen(PoolConfig pool, IOException e) {
        return new IOException("pool " + pool.name() + " cannot listen on " + pool.listen() + ": " + e.getMessage()
            + "; change its 'listen', or stop what uses the address" + (pool.reusePort()
            ? ", which shares it only if it belongs to the same user and has 'reuseport: true' too" : ""), e);
    }

    private Door open(PoolConfig conf, int pool, Endpoint endpoint) throws IOException {
        ListenOptions options = new ListenOptions(conf.backlog(), conf.reusePort(), conf.tcpKeepAlive(),
            conf.listen().fileMode());
        Door door = new Door(conf.listen(), pool);
        SharedPort port = conf.reusePort() && !endpoint.isUnix() ? SharedPort.before(endpoint) : null;
        door.listener = lanes.getFirst().transports().getFirst().listen(endpoint, options, handler(door));
        if (port != null) {
            port.entered();
            door.shared = port;
        }
        return door;
    }

    /**
     * Moves over to the pools of another topology: opens what is new, all or nothing, lets an address that stays lead
     * to the pool that has it now, and closes the rest. First lane's thread; all lanes know the new pools.
     *
     * @param endpoints of the addresses of all pools
     * @throws IOException if an address cannot be bound; then nothing has changed
     */
    void change(Topology next, Map<AddressConfig, Endpoint> endpoints) throws IOException {
        List<Door> opened = new ArrayList<>();
        for (PoolTopology pool : next.pools()) {
            if (doorAt(pool.config().listen()) == null) {
                try {
                    opened.add(open(pool.config(), pool.index(), endpoints.get(pool.config().listen())));
                } catch (IOException e) {
                    opened.forEach(door -> door.listener.close());
                    throw cannotListen(pool.config(), e);
                }
            }
        }
        for (Door door : doors) {
            PoolTopology owner = next.pools().stream().filter(pool -> door.isAt(pool.config().listen())).findFirst()
                .orElse(null);
            if (owner == null) {
                door.listener.close();
                doors.remove(door);
            } else {
                door.pool = owner.index();
            }
        }
        doors.addAll(opened);
    }

    private Door doorAt(AddressConfig address) {
        return doors.stream().filter(door -> door.isAt(address)).findFirst().orElse(null);
    }

    private PoolConfig conf(int pool) {
        return lanes.getFirst().lane().client().state().pool(pool);
    }

    private AcceptHandler handler(Door door) {
        return new AcceptHandler() {
            @Override
            public void onAccepted(AcceptedSocket socket) {
                accept(socket, door);
            }

            @Override
            public void onAcceptFailed(String reason) {
                acceptFailed("pool " + conf(door.pool).name() + " cannot accept: " + reason);
            }
        };
    }

    private void accept(AcceptedSocket socket, Door door) {
        int pool = door.pool;
        int limit = conf(pool).clientConnections();
        if (limit > 0 && clients(door) >= limit) {
            turnAway(socket, pool);
            return;
        }
        LaneHandle lane = spread.choose();
        if (lane == lanes.getFirst()) {
            adopt(lane, socket, pool);
            return;
        }
        door.handedOver.incrementAndGet();
        lane.comes();
        boolean offered = lane.commands().offer(new Arrival(socket, () -> {
            try {
                adopt(lane, socket, pool);
            } finally {
                lane.arrived();
                door.handedOver.decrementAndGet();
            }
        }));
        if (!offered) {
            lane.arrived();
            door.handedOver.decrementAndGet();
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
    private long clients(Door door) {
        long clients;
        int before;
        do {
            before = door.handedOver.get();
            clients = before + totals.pool(door.pool, PoolCounter.CLIENT_CONNECTIONS);
            // if one has arrived meanwhile it may have been counted twice
        } while (door.handedOver.get() != before);
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
        lane.lane().use();
        try {
            lane.lane().client().state().life().accept(socket, pool);
        } catch (IOException e) {
            warn.accept("a client was lost while it connected: " + e.getMessage());
        }
    }

    /** True if other processes may listen where we do. */
    boolean areShared() {
        return doors.stream().anyMatch(door -> door.shared != null);
    }

    /**
     * Lets new clients go to other processes that listen on the same addresses; those that have come before are still
     * accepted.
     *
     * @return false if there is no other process
     */
    boolean leave() {
        boolean left = false;
        for (Door door : doors) {
            left |= door.shared != null && door.shared.leave();
        }
        return left;
    }

    /** Accepts no more; on the first lane's thread, does nothing on others'. */
    void close(LaneHandle lane) {
        if (lane == lanes.getFirst()) {
            doors.forEach(door -> door.listener.close());
        }
    }

    /** The port of the pool with this index. Any thread. */
    int port(int pool) {
        return doors.stream().filter(door -> door.pool == pool).findFirst().orElseThrow().port();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Door door : doors) {
            text.append(text.isEmpty() ? "" : ", ").append("pool ").append(conf(door.pool).name()).append(" on ")
                .append(door.listener.endpoint());
        }
        return text.toString();
    }
}
