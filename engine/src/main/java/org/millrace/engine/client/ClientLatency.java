package org.millrace.engine.client;

import java.util.ArrayList;
import org.millrace.engine.latency.PoolLatency;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.latency.Ticks;
import org.millrace.engine.ring.RequestSlot;

/**
 * Stamps requests and replies on their way through the client half, and records how long they took. All times are those
 * of turns: what is framed while a turn polls is stamped when that has ended, as the wait for it is none of its time.
 * Client half's thread.
 */
public final class ClientLatency {
    private final boolean on;
    private final ClientPools pools;
    /** Clients that have taken what they were sent, since when that was last looked at. */
    private final ArrayList<Client> taken = new ArrayList<>();
    private long nowNs;
    private int nowTicks;

    ClientLatency(Recorder recorder, ClientPools pools) {
        on = recorder.isOn();
        this.pools = pools;
    }

    /** The poll of a turn has ended: what it brought has come now. */
    public void time(long now) {
        nowNs = now;
        nowTicks = Ticks.of(now);
        recordTaken();
    }

    /** A request is about to be answered here, or to go on. */
    public void parsed(Exchange exchange, RequestSlot slot) {
        if (on) {
            exchange.receivedTicks = nowTicks;
            exchange.family = pools.latency(slot.pool).family(slot.command);
            slot.receivedTicks = nowTicks;
        }
    }

    /** The reply came at that time; 0 if it was made here. */
    void replied(Exchange exchange, int repliedTicks) {
        exchange.repliedTicks = repliedTicks;
    }

    /** Its reply is ahead of its turn. */
    void keeps(Exchange exchange) {
        if (exchange.repliedTicks == 0) {
            exchange.repliedTicks = nowTicks;
        }
    }

    /** The whole reply has been given to its client's connection. */
    void answered(Client client, Exchange exchange) {
        if (exchange.family != Exchange.NO_FAMILY) {
            int replied = exchange.repliedTicks == 0 ? nowTicks : exchange.repliedTicks;
            pools.latency(client.session.pool()).answered(exchange.family,
                Ticks.between(exchange.receivedTicks, nowTicks), Ticks.between(replied, nowTicks));
        }
    }

    /** Replies are given to the system. Only one such write of each client is followed at a time. */
    void flushing(Client client) {
        if (on && client.followedPosition == Client.NOT_FOLLOWED) {
            client.followedPosition = client.connection.output().appendedPosition();
            client.followedNs = nowNs;
        }
    }

    /** The system has taken bytes: the time of that is known when the poll has ended. */
    void written(Client client, long position) {
        if (client.followedPosition >= 0 && position >= client.followedPosition) {
            client.followedPosition = Client.TAKEN;
            taken.add(client);
        }
    }

    /** Everything that was appended in this turn has been flushed. */
    void flushed() {
        recordTaken();
    }

    private void recordTaken() {
        for (int i = 0; i < taken.size(); i++) {
            Client client = taken.get(i);
            client.followedPosition = Client.NOT_FOLLOWED;
            PoolLatency pool = pools.latency(client.session.pool());
            pool.taken(Math.max(0, nowNs - client.followedNs));
        }
        taken.clear();
    }
}
