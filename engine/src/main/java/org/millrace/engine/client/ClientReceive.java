package org.millrace.engine.client;

import java.util.ArrayList;
import org.millrace.conf.LimitsConfig;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.message.Assembler;
import org.millrace.engine.message.Message;
import org.millrace.engine.ring.RequestPort;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.io.CloseCause;
import org.millrace.io.Segment;

/**
 * The recv stage of the client side: frames what clients send and publishes one slot of the request ring for each
 * request. A client that may not go on (its queue, its output, a parked request, the ring, its share of the turn) keeps
 * its bytes and is not read; it comes back, in the order of coming, when the reason is gone.
 */
public final class ClientReceive {
    private final ClientHalfState half;
    private final LimitsConfig limits;
    private final RequestPort requests;
    private final ReadControl reads;
    private final ClientLife life;
    private final Reservations reservations;
    /** Clients that are not read because client_max_bytes are held for them. */
    private final ArrayList<Client> beyondBytes = new ArrayList<>();
    private long turn;

    ClientReceive(ClientHalfState half, ReadControl reads, ClientLife life) {
        this.half = half;
        this.reads = reads;
        this.life = life;
        this.reservations = life.reservations();
        this.limits = half.limits();
        this.requests = half.requests();
    }

    /** Begins a turn: lets those go on that waited for the ring or for their share. */
    public int beginTurn() {
        turn++;
        int work = requests.flushReleases();
        reservations.resume(life.nowNs());
        resumeBeyondBytes();
        for (int i = reads.waitingCount(); i > 0 && requests.hasRoom() && half.exchanges().hasRoom(); i--) {
            Client client = reads.poll();
            try {
                frameRegions(client);
            } catch (RuntimeException e) {
                half.faults().onFault("recv", e);
                client.close(CloseCause.OTHER);
            }
            work++;
        }
        return work;
    }

    /** True if a client waits for nothing but the next turn; not if it waits for a reply that frees an exchange. */
    public boolean hasWaiting() {
        return reads.waitingCount() > 0 && half.exchanges().hasRoom();
    }

    void onReceived(Client client, Segment segment, int offset, int length) {
        if (client.lingering || client.closed || (client.blocked & Client.FINISHING) != 0) {
            return;
        }
        client.activeNs = life.nowNs();
        int limit = offset + length;
        int at = client.regions.isEmpty() ? frame(client, segment, offset, limit) : offset;
        if (at < limit) {
            client.regions.add(segment, at, limit);
            reads.hold(client);
        }
        charge(client);
    }

    /** Brings the account up to date and stops reading a client for which too much is held. */
    private void charge(Client client) {
        client.recharge();
        if ((client.blocked & Client.BYTES) == 0 && !client.closed && client.isBeyondBytes()) {
            half.counters().increment(ClientHalfCounter.PAUSED_BY_BYTES);
            beyondBytes.add(client);
            reads.block(client, Client.BYTES);
        }
    }

    private void resumeBeyondBytes() {
        for (int i = 0; i < beyondBytes.size(); i++) {
            Client client = beyondBytes.get(i);
            if (client.closed || client.lingering) {
                beyondBytes.remove(i--);
            } else if (client.bytesBeside() < client.limits.clientMaxBytes() / 2 && !client.isBeyondBytes()) {
                beyondBytes.remove(i--);
                if (!client.assembler.isIdle()) {
                    reservations.update(client, life.nowNs());
                }
                reads.unblock(client, Client.BYTES);
            }
        }
    }

    private void frameRegions(Client client) {
        while (!client.regions.isEmpty() && !client.closed) {
            int limit = client.regions.limit();
            int at = frame(client, client.regions.segment(), client.regions.offset(), limit);
            if ((client.blocked & Client.FINISHING) != 0) {
                client.regions.clear();
                break;
            }
            client.regions.advanceTo(at);
            if (at < limit) {
                break;
            }
        }
        charge(client);
        if (client.closed) {
            return;
        }
        if (!client.regions.isEmpty()) {
            reads.hold(client);
        } else {
            reads.letRead(client);
            life.endIfDone(client);
        }
    }

    /** Frames as many requests as may be; returns the offset of the first byte that must wait. */
    private int frame(Client client, Segment segment, int offset, int limit) {
        if (client.turn != turn) {
            client.turn = turn;
            client.framesLeft = limits.clientFramesPerTurn();
        }
        int at = offset;
        while (at < limit && mayFrame(client)) {
            int status = client.assembler.advance(segment, at, limit);
            if (status == Assembler.MESSAGE) {
                at = client.assembler.position();
                publish(client, segment);
            } else if (status == Assembler.NEED_MORE) {
                at = limit;
            } else {
                end(client, status);
                return limit;
            }
        }
        if (!client.assembler.isIdle()) {
            reservations.update(client, life.nowNs());
        }
        boolean gathering = client.assembler.isGathering();
        if (gathering != client.gathering) {
            client.gathering = gathering;
            client.connection.gather(gathering);
        }
        return at;
    }

    private boolean mayFrame(Client client) {
        if ((client.blocked & Client.NO_FRAMING) != 0 || client.framesLeft == 0) {
            return false;
        }
        if (!requests.hasRoom() || !half.exchanges().hasRoom()) {
            half.counters().increment(ClientHalfCounter.RING_FULL);
            return false;
        }
        if (client.outstanding > 0 && client.expected() + client.replyEstimate > client.limits.clientMaxExpected()) {
            half.counters().increment(ClientHalfCounter.PAUSED_BY_EXPECTED);
            reads.block(client, Client.EXPECTED);
            return false;
        }
        return true;
    }

    private void publish(Client client, Segment segment) {
        client.framesLeft--;
        long sequence = requests.claim();
        RequestSlot slot = requests.slot(sequence);
        Message message = client.assembler.takeMessage();
        if (message == null) {
            slot.buffer = segment.buffer();
            slot.offset = client.assembler.residentOffset();
            slot.length = client.assembler.residentLength();
            half.residents().keep(segment, sequence);
        } else {
            slot.buffer = message.head();
            slot.offset = 0;
            slot.length = message.headLength();
            message.chargeTo(client.account);
            reservations.end(client);
        }
        slot.kind = RequestSlot.REQUEST;
        slot.message = message;
        slot.clientOrdinal = client.session.ordinal();
        slot.pool = client.session.pool();
        slot.protocol = client.protocol.number();
        slot.account = client.account;
        slot.exchangeId = begin(client).id();
        client.protocol.describe(client.framer, slot);
        slot.plan = null;
        slot.fault = 0;
        if (client.tap != null) {
            client.tap.request(life.nowNs(), client.outstanding - 1, message, slot.buffer, slot.offset, slot.length);
        }
        requests.publish(sequence);
        half.counters().increment(ClientHalfCounter.REQUESTS);
    }

    /** A new exchange at the end of the client's order. */
    private Exchange begin(Client client) {
        Exchange exchange = half.exchanges().acquire(client);
        if (client.newest == null) {
            client.oldest = exchange;
        } else {
            client.newest.next = exchange;
        }
        client.newest = exchange;
        if (++client.outstanding >= client.limits.clientMaxQueue()) {
            half.counters().increment(ClientHalfCounter.PAUSED_BY_QUEUE);
            reads.block(client, Client.QUEUE);
        }
        return exchange;
    }

    /** An exchange for an answer to what is no request. */
    Exchange beginBroken(Client client) {
        Exchange exchange = begin(client);
        if (client.tap != null) {
            client.tap.broken(life.nowNs(), client.outstanding - 1);
        }
        return exchange;
    }

    private void end(Client client, int status) {
        if (status == Assembler.NO_MEMORY || !half.exchanges().hasRoom()) {
            life.noMemory(client);
        } else {
            life.protocolError(beginBroken(client), client.framer.error());
        }
    }

    void onParked(Exchange exchange, int bytes) {
        Client client = exchange.client;
        client.park(bytes);
        if (client.parked++ == 0) {
            half.counters().increment(ClientHalfCounter.PAUSED_BY_PARKED);
            reads.block(client, Client.PARKED);
        }
    }

    void onUnparked(Exchange exchange, int bytes) {
        Client client = exchange.client;
        client.park(-bytes);
        if (--client.parked == 0) {
            reads.unblock(client, Client.PARKED);
        }
    }

    void afterFlush(Client client) {
        if (client.closed) {
            return;
        }
        if (client.outstanding < client.limits.clientMaxQueue()) {
            reads.unblock(client, Client.QUEUE);
        }
        life.appended(client);
        letAsk(client);
        if (client.connection.output().unsentBytes() > client.limits.clientMaxOutput()
            && (client.blocked & Client.OUTPUT) == 0) {
            half.counters().increment(ClientHalfCounter.PAUSED_BY_OUTPUT);
            reads.block(client, Client.OUTPUT);
        }
        charge(client);
        life.endIfDone(client);
    }

    /** Fewer replies are expected, or more of them are taken. */
    private void letAsk(Client client) {
        if ((client.blocked & Client.EXPECTED) != 0) {
            long expected = client.expected();
            if (expected <= client.limits.clientMaxExpected() / 2
                || client.outstanding == 0 && expected <= client.limits.clientMaxOutput() / 2) {
                reads.unblock(client, Client.EXPECTED);
            }
        }
    }

    void onWritten(Client client, long position) {
        client.activeNs = life.nowNs();
        half.latency().written(client, position);
        Message message = client.releases.poll(position);
        while (message != null) {
            requests.release(message);
            message = client.releases.poll(position);
        }
        client.recharge();
        letAsk(client);
        if (client.connection.output().unsentBytes() <= client.limits.clientMaxOutput() / 2) {
            reads.unblock(client, Client.OUTPUT);
        }
        if (client.inputEnded || (client.blocked & Client.FINISHING) != 0) {
            life.endIfDone(client);
        }
    }
}
