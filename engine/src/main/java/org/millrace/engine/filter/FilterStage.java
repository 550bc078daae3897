package org.millrace.engine.filter;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;
import org.millrace.io.CloseCause;

/** Lets requests for servers pass; all others are answered or refused by the filter of their pool. */
public final class FilterStage extends Stage<RequestSlot> {
    private final ClientHalfState half;
    private final RequestFilter[] filters;

    /**
     * The stage behind parse.
     *
     * @param filters by the number of the protocol
     */
    public FilterStage(RingBuffer<RequestSlot> ring, Sequence parse, StageFaults faults, ClientHalfState half,
        RequestFilter[] filters) {
        super("filter", ring, faults, parse);
        this.half = half;
        this.filters = filters;
    }

    @Override
    protected boolean onSlot(RequestSlot slot, long slotSequence) {
        if (slot.kind != RequestSlot.REQUEST) {
            return true;
        }
        Exchange exchange = half.exchanges().find(slot.exchangeId);
        if (exchange != null) {
            half.latency().parsed(exchange, slot);
        }
        if (exchange == null || exchange.client().isLeaving() || !passes(exchange, slot)) {
            answered(slot);
        } else {
            half.traffic().passed(exchange, slot);
        }
        return true;
    }

    /** A plain request needs no look if its client may ask at all. */
    private boolean passes(Exchange exchange, RequestSlot slot) {
        return slot.plain && exchange.client().session().isAuthenticated()
            || filters[slot.protocol].passes(exchange, slot);
    }

    /** The request goes no further. */
    private void answered(RequestSlot slot) {
        slot.kind = RequestSlot.ANSWERED;
        if (slot.message != null) {
            half.messages().release(slot.message);
            slot.message = null;
        }
    }

    @Override
    protected void onFault(RequestSlot slot) {
        Exchange exchange = half.exchanges().find(slot.exchangeId);
        if (exchange != null) {
            exchange.client().close(CloseCause.OTHER);
        }
        answered(slot);
    }
}
