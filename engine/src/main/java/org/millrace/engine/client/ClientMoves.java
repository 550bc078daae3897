package org.millrace.engine.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.io.AcceptedSocket;

/**
 * Moves clients that have nothing under way to another lane: not a byte of a request, no request without its reply,
 * none that has timed out and may be carried out yet, no reply that they have not taken. Whoever sends while it is
 * about to leave stays. Client half's thread.
 */
public final class ClientMoves {
    /** So long clients that pause are looked for: a busy one does so for moments only. */
    static final long PATIENCE_NS = 200_000_000;
    /** Most that are about to leave at a time. */
    static final int LEAVING_MAX = 64;
    /** Most that are looked at in a look. */
    static final int LOOK_MAX = 256;
    /** Who has moved is left alone for so long. */
    static final long REST_NS = 30_000_000_000L;

    private final ClientHalfState half;
    private final ClientLife life;
    private final Farewells farewells;
    private final ArrayList<Client> leaving = new ArrayList<>();
    private LongSupplier tombstones = () -> 0;
    private Traveller.Target target;
    private int wanted;
    private long untilNs;
    private int cursor;

    ClientMoves(ClientHalfState half, ClientLife life, Farewells farewells) {
        this.half = half;
        this.life = life;
        this.farewells = farewells;
    }

    /**
     * Whoever has had a request time out stays while this lane has requests in flight that did: on another lane's link
     * the next one could overtake it.
     *
     * @param count of the server half's tombstones
     */
    public void stayFor(LongSupplier count) {
        tombstones = count;
    }

    /**
     * Moves so many clients as soon as they pause, in the next fifth of a second. What was asked for before is
     * forgotten.
     *
     * @param to takes them over
     */
    public void begin(int clients, Traveller.Target to) {
        wanted = clients;
        target = to;
        untilNs = life.nowNs() + PATIENCE_NS;
    }

    /** About once a millisecond. */
    void look(List<Client> clients, long nowNs) {
        for (int i = leaving.size() - 1; i >= 0; i--) {
            Client client = leaving.get(i);
            if (client.closed || !client.connection.isDetaching()) {
                leaving.remove(i);
                refused();
            }
        }
        if (wanted > 0 && nowNs - untilNs >= 0) {
            wanted = 0;
        }
        int looks = Math.min(LOOK_MAX, clients.size());
        for (int i = 0; i < looks && wanted > 0 && leaving.size() < LEAVING_MAX; i++) {
            cursor = cursor == 0 || cursor > clients.size() ? clients.size() - 1 : cursor - 1;
            Client client = clients.get(cursor);
            if (mayMove(client, nowNs) && client.connection.detach()) {
                leaving.add(client);
                wanted--;
            }
        }
    }

    private boolean mayMove(Client client, long nowNs) {
        boolean rested = client.movedNs == 0 || nowNs - client.movedNs >= REST_NS;
        return rested && isServed(client) && client.isIdle() && client.framer.isLikeNew() && client.parked == 0
            && client.ownBytes() == 0 && client.parkedBytes() == 0 && client.releases.isEmpty() && client.reserved == 0
            && !client.awaitsReservation && !client.connection.isDetaching() && !isLate(client);
    }

    private boolean isLate(Client client) {
        client.late &= tombstones.getAsLong() > 0;
        return client.late;
    }

    /** Whether it is read, and nothing is about to end it. */
    private boolean isServed(Client client) {
        return client.blocked == 0 && !client.readsPaused && !client.queued && !client.dirty && !client.gathering
            && !client.inputEnded && !client.retired && !client.refused && !client.isClosing()
            && !client.isLeaving() && !life.isDraining() && !farewells.isGoing(client.session.pool());
    }

    /** The transport has let go of a client that was about to leave. */
    void onDetached(Client client, AcceptedSocket socket) {
        leaving.remove(client);
        Traveller traveller = new Traveller(socket, client.session, client.activeNs, client.replyEstimate);
        int pool = client.session.pool();
        half.taps().leave(client);
        half.travels().leave(pool, () -> {
            half.poolCounters(pool).add(PoolCounter.CLIENT_CONNECTIONS, -1);
            life.forget(client);
        });
        if (!life.isDraining() && target != null && target.take(traveller)) {
            half.counters().increment(ClientHalfCounter.MOVED_OUT);
        } else {
            refused();
            settle(traveller);
        }
    }

    private void refused() {
        half.counters().increment(ClientHalfCounter.MOVES_REFUSED);
    }

    /** A client that comes from another lane. */
    public void arrive(Traveller traveller) {
        if (settle(traveller)) {
            half.counters().increment(ClientHalfCounter.MOVED_IN);
        }
    }

    private boolean settle(Traveller traveller) {
        int pool = traveller.session().pool();
        CounterSet<PoolCounter> counters = half.poolCounters(pool);
        try {
            Client client = life.adopt(traveller.socket(), life.sessionOf(traveller));
            client.movedNs = life.nowNs();
            client.activeNs = traveller.activeNs();
            client.replyEstimate = traveller.replyEstimate();
            half.travels().arrive(pool, () -> counters.increment(PoolCounter.CLIENT_CONNECTIONS));
            life.admit(client, false);
            return true;
        } catch (IOException e) {
            half.travels().arrive(pool, () -> counters.increment(PoolCounter.CLIENT_ERR));
            traveller.socket().close();
            return false;
        }
    }
}
