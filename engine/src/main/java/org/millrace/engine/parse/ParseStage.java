package org.millrace.engine.parse;

import com.lmax.disruptor.RingBuffer;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;
import org.millrace.io.CloseCause;

/**
 * Turns a framed message into a command, by the parser of its pool. What is wrong with it is noted as a fault, which
 * the filter stage answers.
 */
public final class ParseStage extends Stage<RequestSlot> {
    private final ClientHalfState half;
    private final RequestParser[] parsers;

    /**
     * The first stage behind recv.
     *
     * @param parsers by the number of the protocol
     */
    public ParseStage(RingBuffer<RequestSlot> ring, StageFaults faults, ClientHalfState half, RequestParser[] parsers) {
        super("parse", ring, faults);
        this.half = half;
        this.parsers = parsers;
    }

    @Override
    protected boolean onSlot(RequestSlot slot, long slotSequence) {
        if (slot.kind == RequestSlot.REQUEST) {
            slot.fault = parsers[slot.protocol].parse(slot);
        }
        return true;
    }

    @Override
    protected void onFault(RequestSlot slot) {
        Exchange exchange = half.exchanges().find(slot.exchangeId);
        if (exchange != null) {
            exchange.client().close(CloseCause.OTHER);
        }
        if (slot.message != null) {
            half.messages().release(slot.message);
            slot.message = null;
        }
        slot.kind = RequestSlot.ANSWERED;
    }
}
