package org.millrace.engine.client;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.agrona.DirectBuffer;
import org.millrace.engine.count.ClientHalfCounter;

/**
 * Clients of pools that are about to go. While they are here the pool still serves them, so that no request that they
 * have sent whole is lost: each is ended between two requests, when nothing has come for a moment, or, if it never
 * pauses, after a while. One that has sent half a request gets the time to send the rest, or an error. Client half's
 * thread.
 */
final class Farewells {
    /** Who has sent nothing for so long has nothing on its way, but for what will cross the end of the connection. */
    static final long QUIET_NS = 10_000_000;
    /** Who never pauses is ended at the end of a request after so long. */
    static final long BUSY_NS = 250_000_000;

    private final ClientHalfState half;
    private final ClientLife life;
    private final BitSet pools = new BitSet();
    private final ArrayList<Client> served = new ArrayList<>();
    private long limitNs;
    /** The first look after the beginning, which is the first after new bytes were looked for. */
    private boolean looked;
    private long beganNs;

    Farewells(ClientHalfState half, ClientLife life) {
        this.half = half;
        this.life = life;
    }

    /**
     * This pool is about to go.
     *
     * @param limit in nanoseconds, for halves of requests
     */
    void begin(int pool, List<Client> clients, long limit) {
        pools.set(pool);
        limitNs = limit;
        looked = false;
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).session.pool() == pool) {
                add(clients.get(i));
            }
        }
    }

    /** One that was on its way when its pool began to go. */
    void onAccepted(Client client) {
        if (pools.get(client.session.pool())) {
            add(client);
        }
    }

    private void add(Client client) {
        if (!isEnding(client)) {
            served.add(client);
        }
    }

    private static boolean isEnding(Client client) {
        return client.closed || client.lingering || (client.blocked & Client.FINISHING) != 0;
    }

    /** Whether this pool is about to go. */
    boolean isGoing(int pool) {
        return pools.get(pool);
    }

    /** Those that are still served. */
    int count() {
        return served.size();
    }

    /** About once a millisecond. */
    void look(long nowNs) {
        if (!looked) {
            looked = true;
            beganNs = nowNs;
        }
        long sinceNs = nowNs - beganNs;
        for (int i = served.size() - 1; i >= 0; i--) {
            Client client = served.get(i);
            if (!isEnding(client)) {
                boolean between = client.regions.isEmpty() && client.assembler.isIdle();
                boolean quiet = !client.readsPaused && Math.min(sinceNs, nowNs - client.activeNs) >= QUIET_NS;
                if (between && (quiet || sinceNs >= Math.min(BUSY_NS, limitNs))) {
                    life.retire(client);
                } else if (sinceNs >= limitNs) {
                    cutOff(client);
                }
            }
            if (isEnding(client)) {
                served.remove(i);
            }
        }
    }

    /** Answers what is due, then the half of a request that has come, for which there is no more time; then closes. */
    private void cutOff(Client client) {
        half.counters().increment(ClientHalfCounter.CUT_OFF_WITH_POOL);
        client.retired = true;
        if (half.exchanges().hasRoom()) {
            Exchange exchange = half.receive().beginBroken(client);
            exchange.closeAfter();
            life.stopReading(client);
            DirectBuffer text = client.protocol.failures().poolGone();
            half.order().reply(exchange, text, 0, text.capacity());
        } else {
            life.retire(client);
        }
    }

    /** Pools have changed: those that were about to go are gone, and life ends who is left of them. */
    void take() {
        for (int pool = pools.nextSetBit(0); pool >= 0; pool = pools.nextSetBit(pool + 1)) {
            if (half.isGone(pool)) {
                pools.clear(pool);
            }
        }
        if (pools.isEmpty()) {
            served.clear();
        }
    }
}
