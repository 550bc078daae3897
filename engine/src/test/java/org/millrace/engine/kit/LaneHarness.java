package org.millrace.engine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.client.PoolAccounts;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.lane.FusedTurn;
import org.millrace.engine.lane.HalfTurn;
import org.millrace.engine.lane.Lane;
import org.millrace.engine.lane.LaneCommands;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.engine.lane.Turn;
import org.millrace.engine.link.ServerLinks;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;
import org.millrace.routing.distribution.ServerNode;

/**
 * A real lane on transports in memory, stepped by hand, its time moved by hand. Closing it ends all connections and
 * checks that nothing is left behind.
 */
public final class LaneHarness implements AutoCloseable {
    static final int FIRST_PORT = 7000;

    private static final int SETTLE_TURNS = 5_000;

    private final MillraceConfig config;
    private final Lane lane;
    private final LaneCommands commands;
    private final List<FakeTransport> transports;
    private final List<Turn> turns;
    private final List<FakeServer> servers = new ArrayList<>();
    private final List<FakeConnection> clients = new ArrayList<>();
    private final RecordingOutside outside = new RecordingOutside();
    private Topology topology;
    private boolean mayWait;
    private int faultsExpected;
    private long nowNs = 1_000_000_000;

    LaneHarness(LaneMode mode, MillraceConfig config, Supplier<FakeTransport> newTransport, PoolAccounts accounts) {
        this.config = config;
        boolean split = mode == LaneMode.SPLIT;
        FakeTransport first = newTransport.get();
        transports = split ? List.of(first, newTransport.get()) : List.of(first);
        topology = Topology.of(config, 1);
        for (int i = 0; i < config.pools().getFirst().servers().size(); i++) {
            servers.add(new FakeServer());
        }
        transports.getLast().onConnect(link -> server(link.endpoint().port() - FIRST_PORT).connecting(link));
        LaneSetup setup = new LaneSetup(config, topology, endpoints(topology), outside, accounts);
        lane = new Lane(0, setup, transports.getFirst(), transports.getLast());
        commands = new LaneCommands(transports.getFirst());
        turns = split ? List.of(HalfTurn.pair(lane, first, transports.getLast(), commands, () -> nowNs))
            : List.of(new FusedTurn(lane, first, commands, () -> nowNs, () -> nowNs));
    }

    /** Where the servers of all pools are, by their ports. */
    private static List<List<Endpoint>> endpoints(Topology topology) {
        List<List<Endpoint>> pools = new ArrayList<>();
        for (int pool = 0; pool < topology.poolIndexes(); pool++) {
            List<Endpoint> found = new ArrayList<>();
            for (int i = 0; topology.pool(pool) != null && i < topology.pool(pool).serverIndexes(); i++) {
                ServerNode server = topology.pool(pool).server(i);
                found.add(server == null ? null : Endpoint.tcp("127.0.0.1", server.config().address().port()));
            }
            pools.add(found);
        }
        return pools;
    }

    /** Another configuration comes, by the lane's queue. */
    public void offer(MillraceConfig next) {
        topology = topology.with(next, Set.of());
        offer(new Snapshot(topology, endpoints(topology)));
    }

    /** These servers of the first pool are ejected, and no others; runs turns until nothing is left to do. */
    public void eject(Integer... ejected) {
        topology = topology.with(topology.pools().getFirst().withEjected(Set.of(ejected)));
        offer(new Snapshot(topology, endpoints(topology)));
        settle();
    }

    private void offer(Snapshot snapshot) {
        assertTrue(commands.offer(() -> lane.take(snapshot)));
    }

    /** Another configuration comes, and turns are run until nothing is left to do. */
    public void take(MillraceConfig next) {
        offer(next);
        settle();
    }

    public Topology topology() {
        return topology;
    }

    /** A client connects; it is served from the next turn on. */
    public FakeConnection connect() {
        return connect(0);
    }

    /** The same to another pool. */
    public FakeConnection connect(int pool) {
        FakeSocket socket = new FakeSocket("10.0.0.1:" + (1000 + clients.size()));
        try {
            lane.client().state().life().accept(socket, pool);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clients.add(socket.connection());
        return socket.connection();
    }

    /** From now on turns may wait, as those of a lane whose wait strategy is to block; at first they may not. */
    public void letWait() {
        mayWait = true;
    }

    /** Runs a turn of each half. */
    public int turn() {
        int work = 0;
        for (Turn turn : turns) {
            work += turn.run(mayWait);
        }
        return work;
    }

    /** Runs a turn of one half alone: 0 is the client half's, 1 the server half's; only if split. */
    public int turnOf(int half) {
        return turns.get(half).run(mayWait);
    }

    /** Runs turns until nothing is left to do. */
    public void settle() {
        int quiet = 0;
        for (int i = 0; i < SETTLE_TURNS; i++) {
            quiet = turn() == 0 ? quiet + 1 : 0;
            if (quiet == 3) {
                return;
            }
        }
        throw new AssertionError("the lane is still busy after " + SETTLE_TURNS + " turns");
    }

    /** Lets time pass, then runs turns until nothing is left to do. */
    public void after(long milliseconds) {
        nowNs += milliseconds * 1_000_000;
        settle();
    }

    /** Sends a client's bytes, and runs turns until nothing is left to do. */
    public void send(FakeConnection client, String wire) {
        client.deliver(wire);
        settle();
    }

    /** The server's answer arrives, and turns are run until nothing is left to do. */
    public void reply(int server, String wire) {
        servers.get(server).reply(wire);
        settle();
    }

    /** A key that lives on a server; further ones by the index. */
    public String keyOn(int server, int index) {
        int found = 0;
        for (int i = 0; ; i++) {
            String key = "k" + i;
            if (topology.pool(0).serverOf(Resp.bytes(key)).index() == server && found++ == index) {
                return key;
            }
        }
    }

    /** A key that lives on a server. */
    public String keyOn(int server) {
        return keyOn(server, 0);
    }

    public FakeServer server(int index) {
        while (servers.size() <= index) {
            servers.add(new FakeServer());
        }
        return servers.get(index);
    }

    public Lane lane() {
        return lane;
    }

    public LaneCommands commands() {
        return commands;
    }

    public MillraceConfig config() {
        return config;
    }

    public RecordingOutside outside() {
        return outside;
    }

    /** The client half's. */
    public FakeTransport transport() {
        return transports.getFirst();
    }

    /** The server half's. */
    public FakeTransport serverTransport() {
        return transports.getLast();
    }

    public long nowNs() {
        return nowNs;
    }

    /** A counter of the client half. */
    public long count(ClientHalfCounter counter) {
        return lane.client().state().counters().get(counter);
    }

    /** A counter of the server half. */
    public long count(ServerHalfCounter counter) {
        return lane.server().state().counters().get(counter);
    }

    /** A counter of the pool. */
    public long count(PoolCounter counter) {
        return lane.client().state().poolCounters(0).get(counter);
    }

    /** A counter of a server. */
    public long count(int server, ServerCounter counter) {
        ServerLinks links = lane.server().linkTable().links(0, server);
        return links == null ? 0 : links.counters().get(counter);
    }

    /** Exceptions in stages or handlers that the test has provoked. */
    public void expectFaults(int count) {
        faultsExpected = count;
    }

    /** Ends all connections and checks that nothing is left: no exchange, no entry, no message, no slot, no segment. */
    @Override
    public void close() {
        servers.forEach(server -> server.door(FakeServer.Door.SHUT));
        clients.forEach(client -> client.end(CloseCause.PEER_CLOSED));
        settle();
        for (FakeServer server : servers) {
            server.links().forEach(link -> link.end(CloseCause.PEER_CLOSED));
        }
        settle();
        after(4_000_000);
        assertEquals(List.of(), transports.stream().flatMap(each -> each.failures().stream()).toList());
        assertEquals(faultsExpected, outside.faults().size(), () -> "faults: " + outside.faults());
        assertEquals(0, lane.server().linkTable().drainingCount(), "links that have left the snapshot");
        assertEquals(0, lane.client().state().exchanges().inUse(), "exchanges");
        assertEquals(0, lane.server().state().entriesInUse(), "entries");
        assertEquals(0, lane.client().state().messages().inUse(), "messages of the client half");
        assertEquals(0, lane.server().state().messages().inUse(), "messages of the server half");
        assertEquals(0, lane.rings().occupied(), "slots");
        assertTrue(lane.client().state().life().clients().isEmpty(), "clients");
        assertEquals(0, lane.client().state().account(0).bytes(), "bytes on the pool's account");
        assertEquals(0, count(ClientHalfCounter.RESERVED_BYTES), "bytes set aside");
        assertEquals(0, count(ClientHalfCounter.NOT_READ), "clients not read");
        assertEquals(0, count(PoolCounter.CLIENT_CONNECTIONS), "client_connections");
        for (int i = 0; i < servers.size(); i++) {
            assertEquals(0, count(i, ServerCounter.SERVER_CONNECTIONS), "server_connections");
        }
        List<Long> segments = transports.stream().map(each -> each.arena().segmentsInUse()).toList();
        assertEquals(Stream.generate(() -> 0L).limit(transports.size()).toList(), segments, "segments");
        transports.forEach(each -> each.arena().close());
    }
}
