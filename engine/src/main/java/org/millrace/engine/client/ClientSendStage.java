package org.millrace.engine.client;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.engine.ring.RequestPort;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;
import org.millrace.io.CloseCause;

/** The last stage of the reply ring: hands replies to the order of their clients. Client half's thread. */
public final class ClientSendStage extends Stage<ReplySlot> {
    private final ExchangePool exchanges;
    private final ReplyOrder order;
    private final RequestPort requests;
    private final MessagePool messages;
    private final ClientReceive receive;
    private final CounterSet<ClientHalfCounter> counters;
    private final ClientHalfState half;

    /** The stage behind pair. */
    public ClientSendStage(RingBuffer<ReplySlot> ring, Sequence pair, StageFaults faults, ClientHalfState half) {
        super("client send", ring, faults, pair);
        this.exchanges = half.exchanges();
        this.order = half.order();
        this.requests = half.requests();
        this.messages = half.messages();
        this.receive = half.receive();
        this.counters = half.counters();
        this.half = half;
    }

    @Override
    protected boolean onSlot(ReplySlot slot, long slotSequence) {
        switch (slot.kind) {
            case ReplySlot.REPLY -> onReply(slot);
            case ReplySlot.REPLY_PART -> onPart(slot);
            case ReplySlot.STALLED -> onStalled(slot);
            case ReplySlot.FAILURE -> onFailure(slot);
            case ReplySlot.RELEASE -> messages.release(slot.message);
            case ReplySlot.PARKED, ReplySlot.UNPARKED, ReplySlot.LATE -> onWaiting(slot);
            default -> {
                // pair has dealt with it
            }
        }
        slot.clear();
        return true;
    }

    private void onReply(ReplySlot slot) {
        Exchange exchange = exchanges.find(slot.exchangeId);
        Message message = slot.message;
        // from here on it is somebody else's, also if there is a fault
        slot.message = null;
        if (exchange == null) {
            counters.increment(ClientHalfCounter.REPLIES_DROPPED);
            if (message != null) {
                requests.release(message);
            }
            return;
        }
        half.latency().replied(exchange, slot);
        if (message != null) {
            order.reply(exchange, message);
        } else {
            order.reply(exchange, slot.buffer, slot.offset, slot.length);
        }
    }

    private void onPart(ReplySlot slot) {
        Exchange exchange = exchanges.find(slot.exchangeId);
        Message message = slot.message;
        slot.message = null;
        if (exchange == null) {
            requests.release(message);
        } else {
            order.part(exchange, message);
        }
    }

    private void onStalled(ReplySlot slot) {
        Exchange exchange = exchanges.find(slot.exchangeId);
        if (exchange == null) {
            return;
        }
        if (order.refuse(exchange, slot.buffer)) {
            counters.increment(ClientHalfCounter.REFUSED_BY_HOLDING);
        } else {
            counters.increment(ClientHalfCounter.CLOSED_BY_HOLDING);
            exchange.client.close(CloseCause.EXHAUSTED);
        }
    }

    private void onFailure(ReplySlot slot) {
        Exchange exchange = exchanges.find(slot.exchangeId);
        if (exchange == null) {
            counters.increment(ClientHalfCounter.REPLIES_DROPPED);
            return;
        }
        half.poolCounters(exchange.client.session().pool()).increment(PoolCounter.FORWARD_ERROR);
        half.latency().replied(exchange, slot);
        order.reply(exchange, slot.buffer, slot.offset, slot.length);
    }

    private void onWaiting(ReplySlot slot) {
        Exchange exchange = exchanges.find(slot.exchangeId);
        if (exchange == null) {
            return;
        }
        if (slot.kind == ReplySlot.PARKED) {
            receive.onParked(exchange, slot.length);
        } else if (slot.kind == ReplySlot.UNPARKED) {
            receive.onUnparked(exchange, slot.length);
        } else {
            exchange.client.late = true;
        }
    }

    @Override
    protected void onFault(ReplySlot slot) {
        Exchange exchange = exchanges.find(slot.exchangeId);
        if (exchange != null) {
            exchange.client.connection.close(CloseCause.OTHER);
        }
        slot.clear();
    }
}
