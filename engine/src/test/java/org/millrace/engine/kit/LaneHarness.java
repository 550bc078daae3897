package org.millrace.engine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.client.PoolAccounts;
import org.millrace.engine.client.Traveller;
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
import org.millrace.engine.latency.HistogramRoom;
import org.millrace.engine.share.Neighbours;
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
    /** The lane that the one under test borrows all links from; null if it has its own. */
    private final Lane owner;
    private final LaneCommands ownerCommands;
    private final List<Turn> ownerTurns = new ArrayList<>();
    private final List<FakeTransport> ownerTransports;
    private final List<FakeServer> servers = new ArrayList<>();
    private final List<FakeConnection> clients = new ArrayList<>();
    private final RecordingOutside outside = new RecordingOutside();
    private Topology topology;
    private boolean mayWait;
    private int faultsExpected;
    private long nowNs = 1_000_000_000;

    LaneHarness(LaneMode mode, MillraceConfig config, Supplier<FakeTransport> newTransport, PoolAccounts accounts,
        boolean borrows) {
        this.config = config;
        boolean split = mode == LaneMode.SPLIT;
        FakeTransport first = newTransport.get();
        transports = split ? List.of(first, newTransport.get()) : List.of(first);
        topology = Topology.of(config, 1);
        for (int i = 0; i < config.pools().getFirst().servers().size(); i++) {
            servers.add(new FakeServer());
        }
        ownerTransports = !borrows ? List.of() : split ? List.of(newTransport.get(), newTransport.get())
            : List.of(newTransport.get());
        Stream.concat(transports.stream(), ownerTransports.stream()).forEach(each -> each.onConnect(
            link -> server(link.endpoint().port() - FIRST_PORT).connecting(link)));
        LaneSetup setup = new LaneSetup(config, topology, endpoints(topology), outside, accounts, borrows ? 2 : 1,
            HistogramRoom.ofHeap(), new Neighbours(borrows ? 2 : 1, false));
        turns = new ArrayList<>();
        ownerCommands = borrows ? new LaneCommands(ownerTransports.getFirst()) : null;
        // those with low numbers own the links
        owner = borrows ? assemble(0, setup, ownerTransports, ownerCommands, ownerTurns) : null;
        commands = new LaneCommands(first);
        lane = assemble(borrows ? 1 : 0, setup, transports, commands, turns);
    }

    private Lane assemble(int number, LaneSetup setup, List<FakeTransport> its, LaneCommands queue,
        List<Turn> itsTurns) {
        Lane made = new Lane(number, setup, its.getFirst(), its.getLast());
        if (its.size() > 1) {
            itsTurns.addAll(List.of(HalfTurn.pair(made, its.getFirst(), its.getLast(), queue, () -> nowNs)));
        } else {
            itsTurns.add(new FusedTurn(made, its.getFirst(), queue, () -> nowNs, () -> nowNs));
        }
        return made;
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
        if (owner != null) {
            assertTrue(ownerCommands.offer(() -> owner.take(snapshot)));
        }
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
        return connect(lane, pool);
    }

    /** A client of the lane that owns the links. */
    public FakeConnection connectToOwner() {
        return connect(owner, 0);
    }

    /** A client of another lane arrives. */
    public FakeConnection arrive(Traveller traveller) {
        lane.client().state().life().moves().arrive(traveller);
        FakeConnection connection = ((FakeSocket) traveller.socket()).connection();
        clients.add(connection);
        return connection;
    }

    /** Takes note of a client that has come back from a move. */
    public FakeConnection returned(Traveller traveller) {
        FakeConnection connection = ((FakeSocket) traveller.socket()).connection();
        clients.add(connection);
        return connection;
    }

    private FakeConnection connect(Lane to, int pool) {
        FakeSocket socket = new FakeSocket("10.0.0.1:" + (1000 + clients.size()));
        try {
            to.client().state().life().accept(socket, pool);
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
        return work + ownerTurn();
    }

    /** Runs a turn of the lane alone that owns the links. */
    public int ownerTurn() {
        int work = 0;
        for (Turn turn : ownerTurns) {
            work += turn.run(mayWait);
        }
        return work;
    }

    /** The lane that owns the links, if the one under test borrows them. */
    public Lane owner() {
        return owner;
    }

    /** The server half's of the lane that owns the links. */
    public FakeTransport linkTransport() {
        return owner == null ? transports.getLast() : ownerTransports.getLast();
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

    /** A counter of the server half, or of both lanes'. */
    public long count(ServerHalfCounter counter) {
        return lanes().mapToLong(each -> each.server().state().counters().get(counter)).sum();
    }

    private Stream<Lane> lanes() {
        return Stream.of(lane, owner).filter(Objects::nonNull);
    }

    /** A counter of the pool. */
    public long count(PoolCounter counter) {
        return lane.client().state().poolCounters(0).get(counter);
    }

    /** A counter of a server. */
    public long count(int server, ServerCounter counter) {
        return lanes().map(each -> each.server().linkTable().links(0, server)).filter(Objects::nonNull)
            .mapToLong(links -> links.counters().get(counter)).sum();
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
        List<FakeTransport> all = Stream.concat(transports.stream(), ownerTransports.stream()).toList();
        assertEquals(List.of(), all.stream().flatMap(each -> each.failures().stream()).toList());
        assertEquals(faultsExpected, outside.faults().size(), () -> "faults: " + outside.faults());
        lanes().forEach(LaneHarness::checkEmpty);
        assertTrue(lane.client().state().life().clients().isEmpty(), "clients");
        assertEquals(0, lane.client().state().account(0).bytes(), "bytes on the pool's account");
        assertEquals(0, count(ClientHalfCounter.RESERVED_BYTES), "bytes set aside");
        assertEquals(0, count(ClientHalfCounter.NOT_READ), "clients not read");
        assertEquals(0, count(PoolCounter.CLIENT_CONNECTIONS), "client_connections");
        for (int i = 0; i < servers.size(); i++) {
            assertEquals(0, count(i, ServerCounter.SERVER_CONNECTIONS), "server_connections");
        }
        List<Long> segments = all.stream().map(each -> each.arena().segmentsInUse()).toList();
        assertEquals(Stream.generate(() -> 0L).limit(all.size()).toList(), segments, "segments");
        all.forEach(each -> each.arena().close());
    }

    private static void checkEmpty(Lane lane) {
        assertEquals(0, lane.server().linkTable().drainingCount(), "links that have left the snapshot");
        assertEquals(0, lane.client().state().exchanges().inUse(), "exchanges");
        assertEquals(0, lane.server().state().entriesInUse(), "entries");
        assertEquals(0, lane.client().state().messages().inUse(), "messages of the client half");
        assertEquals(0, lane.server().state().messages().inUse(), "messages of the server half");
        assertEquals(0, lane.server().state().crossings().borrowedCount(), "borrowed links");
        assertEquals(0, lane.rings().occupied(), "slots");
    }
}
