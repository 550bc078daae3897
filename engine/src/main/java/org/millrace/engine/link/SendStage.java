package org.millrace.engine.link;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import org.millrace.engine.message.Message;
import org.millrace.engine.plan.Plan;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;

/**
 * The last stage of the request ring: hands each request, or each fragment of a plan, to its link. Behind it nothing of
 * the slot is needed any more: small bytes are copied, messages have moved on.
 */
public final class SendStage extends Stage<RequestSlot> {
    private final ServerHalfState half;
    private final ServerLinks[][] links;

    /**
     * The stage behind route.
     *
     * @param links by pool and server
     */
    public SendStage(RingBuffer<RequestSlot> ring, Sequence route, StageFaults faults, ServerHalfState half,
        ServerLinks[][] links) {
        super("send", ring, faults, route);
        this.half = half;
        this.links = links;
    }

    @Override
    protected boolean onSlot(RequestSlot slot, long slotSequence) {
        if (slot.kind == RequestSlot.RELEASE) {
            half.messages().release(slot.message);
        } else if (slot.kind == RequestSlot.REQUEST) {
            int fragments = slot.plan == null ? 1 : slot.plan.fragmentCount();
            if (!half.replies().hasRoom(fragments * LinkQueue.SLOTS)) {
                return false;
            }
            if (slot.plan == null) {
                submit(slot);
            } else {
                submit(slot, slot.plan);
            }
        }
        slot.clear();
        return true;
    }

    private void submit(RequestSlot slot) {
        LinkEntry entry = half.entries().acquire();
        entry.taker = LinkEntry.CLIENT;
        entry.exchangeId = slot.exchangeId;
        Link link = links[slot.pool][slot.server].linkFor(slot.clientOrdinal);
        Message message = slot.message;
        slot.message = null;
        link.submit(entry, slot.buffer, slot.offset, slot.length, message);
    }

    private void submit(RequestSlot slot, Plan plan) {
        // the plan may be complete, closed and used again as soon as its last fragment is submitted
        int fragments = plan.fragmentCount();
        for (int i = 0; i < fragments; i++) {
            LinkEntry entry = half.entries().acquire();
            entry.taker = LinkEntry.PLAN;
            entry.plan = plan;
            entry.fragment = i;
            Message request = plan.takeRequest(i);
            Link link = links[slot.pool][plan.server(i)].linkFor(slot.clientOrdinal);
            link.submit(entry, request.head(), 0, request.headLength(), request);
        }
    }

    @Override
    protected void onFault(RequestSlot slot) {
        half.replies().fail(slot.exchangeId, FailureReplies.FAULT);
        slot.clear();
    }
}
