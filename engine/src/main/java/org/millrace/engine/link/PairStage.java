package org.millrace.engine.link;

import com.lmax.disruptor.RingBuffer;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;

/**
 * The first stage of the reply ring: the next reply of a link and the oldest entry in flight on it belong together.
 */
public final class PairStage extends Stage<ReplySlot> {
    private final ServerHalfState half;

    /** The stage behind the links' receivers. */
    public PairStage(RingBuffer<ReplySlot> ring, StageFaults faults, ServerHalfState half) {
        super("pair", ring, faults);
        this.half = half;
    }

    @Override
    protected boolean onSlot(ReplySlot slot, long slotSequence) {
        if (slot.kind == ReplySlot.RECEIVED) {
            slot.source.pair(slot);
        }
        return true;
    }

    @Override
    protected void onFault(ReplySlot slot) {
        if (slot.source instanceof Link link) {
            link.fault();
        }
        if (slot.kind == ReplySlot.RECEIVED && slot.message != null) {
            half.messages().release(slot.message);
            slot.message = null;
        }
        slot.kind = ReplySlot.NOTHING;
    }
}
