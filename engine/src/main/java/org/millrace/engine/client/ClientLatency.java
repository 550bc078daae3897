package org.millrace.engine.client;

import java.util.ArrayList;
import org.millrace.engine.latency.CommandFamilies;
import org.millrace.engine.latency.PoolLatency;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.latency.Ticks;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.engine.ring.RequestSlot;

/**
 * Stamps requests and replies on their way through the client half, and records how long they took. All times are those
 * of turns: what is framed while a turn polls is stamped when that has ended, as the wait for it is none of its time.
 * Client half's thread.
 */
public final class ClientLatency {
    private final boolean on;
    private final ClientPools pools;
    private final SlowNotes slow;
    private final long slowNs;
    /** Clients that have taken what they were sent, since when that was last looked at. */
    private final ArrayList<Client> taken = new ArrayList<>();
    private long nowNs;
    private int nowTicks;

    ClientLatency(Recorder recorder, ClientPools pools, SlowNotes slow) {
        on = recorder.isOn();
        this.pools = pools;
        this.slow = slow;
        slowNs = slow.slowerThanNs();
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
            CommandFamilies commands = pools.latency(slot.pool).families();
            exchange.family = commands.of(slot.command);
            slow.parsed(exchange, slot, commands);
            slot.receivedTicks = nowTicks;
        }
    }

    /** The reply has come, or an error in its place; one that was made here comes without this. */
    void replied(Exchange exchange, ReplySlot slot) {
        exchange.repliedTicks = slot.repliedTicks;
        exchange.server = slot.server;
        exchange.sentTicks = slot.sentTicks;
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
            PoolLatency pool = pools.latency(client.session.pool());
            long wholeNs = Ticks.between(exchange.receivedTicks, nowTicks);
            pool.answered(exchange.family, wholeNs, Ticks.between(replied, nowTicks));
            if (wholeNs >= slowNs) {
                slow.answered(client, exchange, pool, replied, nowNs);
            }
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
