package org.millrace.engine.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.message.Assembler;
import org.millrace.engine.message.Message;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.CloseCause;
import org.millrace.io.SegmentArena;

/** How clients come and go: accepted, ended in good order or not, lingering, drained at the stop. */
public final class ClientLife {
    /** A client that broke the protocol may go on sending for so long before it is cut off. */
    private static final long LINGER_NS = 1_000_000_000L;
    /** So many at a time are told why they are refused. */
    private static final int REFUSALS_MAX = 1024;

    private final ClientHalfState half;
    private final ReadControl reads;
    private final ArrayList<Client> clients = new ArrayList<>();
    private final ArrayList<Client> lingering = new ArrayList<>();
    private final MemoryWatch memory;
    private final MemoryPressure pressure;
    private final Reservations reservations;
    private final OutputWatch output;
    private final IdleWatch idle;
    private final Farewells farewells;
    private final ClientMoves moves;
    private final Goodbye goodbye;
    private final TurnTime time;
    private long nextClientId = 1;
    private int nextOrdinal;

    ClientLife(ClientHalfState half, ReadControl reads) {
        this.half = half;
        this.reads = reads;
        time = half.time();
        memory = new MemoryWatch(half.transport().arena());
        pressure = new MemoryPressure(half, reads);
        reservations = new Reservations(half, reads, pressure);
        output = new OutputWatch(half);
        idle = new IdleWatch(half);
        farewells = new Farewells(half, this);
        moves = new ClientMoves(half, this, farewells);
        goodbye = new Goodbye(reads, this::endOutput);
    }

    /** The server half's memory is watched as well: clients keep it from being freed, too. */
    public void watchMemory(SegmentArena serverArena) {
        memory.alsoWatch(serverArena);
        pressure.alsoWatch(serverArena);
    }

    long nowNs() {
        return time.nowNs();
    }

    /** Clients that go to other lanes, or come from there. */
    public ClientMoves moves() {
        return moves;
    }

    boolean isDraining() {
        return goodbye.isDraining();
    }

    Reservations reservations() {
        return reservations;
    }

    ReadControl reads() {
        return reads;
    }

    MemoryPressure pressure() {
        return pressure;
    }

    /** Something was appended to the client's output. */
    void appended(Client client) {
        output.appended(client, time.nowNs());
    }

    /** A socket that a listener of this pool has accepted becomes a client of this lane. */
    public void accept(AcceptedSocket socket, int pool) throws IOException {
        Client client = adopt(socket, pool);
        if (clients.size() > half.clientsMax()) {
            refuse(client, client.protocol.tooManyClients(), ClientHalfCounter.REFUSED_BY_NUMBER);
        } else if (pressure.refuses()) {
            refuse(client, client.protocol.noMemoryForClient(), ClientHalfCounter.REFUSED_BY_MEMORY);
        } else {
            half.poolCounters(pool).increment(PoolCounter.CLIENT_CONNECTIONS);
            admit(client, true);
        }
    }

    /** A client that is counted is served, unless its pool has gone meanwhile or is about to; new here or anywhere. */
    void admit(Client client, boolean isNew) {
        half.taps().join(client, isNew);
        if (half.isGone(client.session.pool())) {
            retire(client);
        } else {
            farewells.onAccepted(client);
        }
        goodbye.onAdmitted(client);
    }

    /**
     * This pool is about to go: its clients are served until they pause between two requests, and are ended then. Those
     * in the middle of one are given a time.
     */
    public void letGo(int pool, long limitNs) {
        farewells.begin(pool, clients, limitNs);
    }

    /** Clients of pools that are about to go that are still served. */
    public int toLetGo() {
        return farewells.count();
    }

    /** Pools have changed. */
    void take() {
        farewells.take();
        pressure.take();
        idle.take();
        for (int i = clients.size() - 1; i >= 0; i--) {
            Client client = clients.get(i);
            // what it is not read for is looked at again when its next reply comes or is taken
            client.limits = half.pool(client.session.pool()).limits();
            if (!client.retired && half.isGone(client.session.pool())) {
                retire(client);
            }
        }
    }

    /** Its pool is gone: it gets the replies that are due, and is closed. */
    void retire(Client client) {
        client.retired = true;
        stopReading(client);
        endIfDone(client);
    }

    /** Clients of a pool, those that are being closed included. */
    public int clientsOf(int pool) {
        int count = 0;
        for (int i = 0; i < clients.size(); i++) {
            count += clients.get(i).session.pool() == pool ? 1 : 0;
        }
        return count;
    }

    /** A socket that is one too many for this pool is told so and closed. */
    public void turnAway(AcceptedSocket socket, int pool) throws IOException {
        refuse(adopt(socket, pool), half.protocol(pool).tooManyClients(), ClientHalfCounter.REFUSED_BY_NUMBER);
    }

    private Client adopt(AcceptedSocket socket, int pool) throws IOException {
        boolean open = half.pool(pool).auth() == null;
        long id = nextClientId++ << 8 | half.lane();
        return adopt(socket,
            new ClientSession(id, nextOrdinal++ & Integer.MAX_VALUE, pool, open, time.nowNs()));
    }

    /** As this lane numbers it. */
    ClientSession sessionOf(Traveller traveller) {
        return new ClientSession(traveller.session(), nextOrdinal++ & Integer.MAX_VALUE);
    }

    Client adopt(AcceptedSocket socket, ClientSession session) throws IOException {
        int pool = session.pool();
        Client client = new Client(half.receive(), this, session, half.account(pool), half.pool(pool).limits());
        client.protocol = half.protocol(pool);
        client.framer = client.protocol.requestFramer(half.frameLimits());
        client.assembler = new Assembler(client.framer, half.messages());
        client.connection = half.transport().adopt(socket, client);
        client.place = clients.size();
        client.activeNs = time.nowNs();
        clients.add(client);
        half.counters().set(ClientHalfCounter.CLIENTS, clients.size());
        return client;
    }

    /** Says why and closes; one of a crowd that is too large even for that is closed at once. */
    private void refuse(Client client, DirectBuffer error, ClientHalfCounter reason) {
        half.counters().increment(reason);
        client.refused = true;
        stopReading(client);
        if (lingering.size() >= REFUSALS_MAX || !client.connection.output().append(error, 0, error.capacity())) {
            client.close(CloseCause.EXHAUSTED);
        } else {
            client.recharge();
            client.connection.flush();
            linger(client);
        }
    }

    /** No further request of this client is framed; what arrives is dropped. */
    public void stopReading(Client client) {
        client.blocked |= Client.FINISHING;
    }

    /** Answers what is due, then the error of this exchange, then closes. */
    public void protocolError(Exchange exchange, String error) {
        half.counters().increment(ClientHalfCounter.PROTOCOL_ERRORS);
        Client client = exchange.client;
        client.session.protocolError();
        exchange.closeAfter();
        stopReading(client);
        DirectBuffer text = client.protocol.protocolError(error);
        half.order().reply(exchange, text, 0, text.capacity());
    }

    /** There is no memory for what this client sends or gets. */
    public void noMemory(Client client) {
        close(client, ClientHalfCounter.NO_MEMORY, CloseCause.EXHAUSTED);
    }

    /** The client has got a part of a reply whose rest cannot be had. */
    void closeInReply(Client client) {
        close(client, ClientHalfCounter.CLOSED_IN_REPLY, CloseCause.OTHER);
    }

    /** Closes a client and counts why, unless it is being closed already. */
    void close(Client client, ClientHalfCounter reason, CloseCause cause) {
        // a part of its reply may have been appended
        client.recharge();
        if (!client.isClosing()) {
            half.counters().increment(reason);
            stopReading(client);
            client.close(cause);
        }
    }

    /** An exception while sending to this client. */
    void fault(Client client, RuntimeException e) {
        half.faults().onFault("client send", e);
        client.close(CloseCause.OTHER);
    }

    /** The exchange that ends this client has been answered: whatever came behind it is dropped. */
    void finish(Client client) {
        stopReading(client);
        half.order().abandon(client);
    }

    void onPeerClosed(Client client) {
        client.inputEnded = true;
        if (client.lingering) {
            client.close(CloseCause.LOCAL);
        }
        endIfDone(client);
    }

    /** Closes a client that has nothing to do any more. */
    void endIfDone(Client client) {
        boolean finishing = (client.blocked & Client.FINISHING) != 0;
        if (client.closed || client.lingering || !(finishing || client.inputEnded) || client.outstanding > 0
            || !finishing && !client.regions.isEmpty() || client.connection.output().unsentBytes() > 0) {
            return;
        }
        if (finishing && !client.inputEnded && (client.retired || client.session.hasBrokenProtocol())) {
            linger(client);
        } else {
            client.close(CloseCause.LOCAL);
        }
    }

    /** Closing with unread input would reset the connection and could take the last reply with it. */
    private void linger(Client client) {
        client.lingerDeadlineNs = time.nowNs() + LINGER_NS;
        lingering.add(client);
        endOutput(client);
    }

    /** Nothing more is sent; what still arrives is read and dropped. */
    private void endOutput(Client client) {
        client.lingering = true;
        client.connection.shutdownOutput();
        reservations.end(client);
        pressure.forget(client);
        reads.forget(client);
        client.connection.resumeReads();
    }

    void onClosed(Client client, CloseCause cause) {
        half.taps().leave(client);
        boolean inOrder = (cause == CloseCause.LOCAL || cause == CloseCause.PEER_CLOSED)
            && !client.session.hasBrokenProtocol();
        int pool = client.session.pool();
        if (!client.refused) {
            half.poolCounters(pool).increment(inOrder ? PoolCounter.CLIENT_EOF : PoolCounter.CLIENT_ERR);
            half.poolCounters(pool).add(PoolCounter.CLIENT_CONNECTIONS, -1);
        }
        if (client.outstanding > 0) {
            half.requests().gone(client.session.ordinal());
        }
        forget(client);
    }

    /** The client is none of this lane's any more. */
    void forget(Client client) {
        client.closed = true;
        half.order().abandon(client);
        reservations.end(client);
        pressure.forget(client);
        reads.forget(client);
        client.regions.clear();
        client.assembler.close();
        client.recharge();
        Message message = client.releases.poll(Long.MAX_VALUE);
        while (message != null) {
            half.requests().release(message);
            message = client.releases.poll(Long.MAX_VALUE);
        }
        Client last = clients.removeLast();
        if (last != client) {
            last.place = client.place;
            clients.set(client.place, last);
        }
        half.counters().set(ClientHalfCounter.CLIENTS, clients.size());
    }

    /** Cuts off those that linger too long or keep others from memory. Called about once a millisecond. */
    public void onTimer(long now) {
        for (Client late = reservations.late(now); late != null; late = reservations.late(now)) {
            reservations.end(late);
            close(late, ClientHalfCounter.CLOSED_BY_GATHER_TIMEOUT, CloseCause.TIMED_OUT);
        }
        // behind it, as those that wait for memory anew can be held back
        pressure.look(clients, now);
        output.look(now);
        idle.look(clients, now);
        farewells.look(now);
        moves.look(clients, now);
        Client victim = memory.victim(clients, reservations.starved(),
            half.counters().get(ClientHalfCounter.REQUESTS) << 20 ^ half.exchanges().inUse(), now);
        if (victim != null) {
            noMemory(victim);
        }
        reads.report(half.counters());
        half.counters().set(ClientHalfCounter.RESERVED_BYTES, reservations.outstanding());
        for (int i = lingering.size() - 1; i >= 0; i--) {
            Client client = lingering.get(i);
            if (client.closed || client.inputEnded || now - client.lingerDeadlineNs >= 0) {
                client.close(CloseCause.LOCAL);
                lingering.remove(i);
            }
        }
    }

    /** Ends clients as they become idle: another process has taken over. All are served until then. */
    public void leave() {
        idle.leave();
    }

    /** Frames nothing more: the process stops. */
    public void drain() {
        goodbye.drain(clients);
    }

    /**
     * Ends all clients after the drain: what is unread is read and dropped until they close, as closing with unread
     * input would reset their connections and could take the last replies with it.
     */
    public void sayGoodbye() {
        goodbye.say(clients);
    }

    /** True once no client awaits a reply or has one unsent. */
    public boolean isDrained() {
        return goodbye.isDrained(clients);
    }

    /**
     * True while somebody waits for memory, which may come from another lane without a sign, or is held back for want
     * of it, which only looking again will end.
     */
    public boolean waitsForMemory() {
        return reservations.waiting() > 0 || memory.isShort() || pressure.holdsBack();
    }

    /** Clients that are connected. */
    public List<Client> clients() {
        return clients;
    }
}
