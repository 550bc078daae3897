package org.millrace.engine.link;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import org.agrona.DirectBuffer;
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
    private final LinkTable table;
    /** Those of the table, by pool and server. */
    private ServerLinks[][] links;
    /** Parts of the plan at hand that are submitted: all of them may need more room than the reply ring has. */
    private int submitted;
    /** The link that is taking a request. */
    private Link taking;

    /**
     * The stage behind route.
     *
     * @param table all links
     */
    public SendStage(RingBuffer<RequestSlot> ring, Sequence route, StageFaults faults, ServerHalfState half,
        LinkTable table) {
        super("send", ring, faults, route);
        this.half = half;
        this.table = table;
        links = table.links();
    }

    @Override
    protected boolean onSlot(RequestSlot slot, long slotSequence) {
        if (slot.kind == RequestSlot.RELEASE) {
            half.messages().release(slot.message);
        } else if (slot.kind == RequestSlot.GONE) {
            half.runner().gone(slot.clientOrdinal);
        } else if (slot.kind == RequestSlot.TOPOLOGY) {
            // whatever was routed by the snapshot before has gone to its link
            table.take(slot.snapshot);
            links = table.links();
        } else if (slot.kind == RequestSlot.REQUEST) {
            if (slot.plan != null) {
                if (!submit(slot, slot.plan)) {
                    return false;
                }
            } else if (half.replies().hasRoom(LinkQueue.SLOTS)) {
                submit(slot);
            } else {
                return false;
            }
        }
        slot.clear();
        return true;
    }

    private void submit(RequestSlot slot) {
        LinkEntry entry = half.entries().acquire();
        entry.taker = LinkEntry.CLIENT;
        entry.exchangeId = slot.exchangeId;
        entry.receivedTicks = slot.receivedTicks;
        entry.clientOrdinal = slot.clientOrdinal;
        entry.account = slot.account;
        entry.mayDrop = slot.mayDrop;
        entry.fits = slot.fits;
        entry.heldBack = slot.heldBack;
        Link link = links[slot.pool][slot.server].linkFor(slot.clientOrdinal);
        Message message = slot.message;
        slot.message = null;
        taking = link;
        link.submit(entry, slot.buffer, slot.offset, slot.length, message);
        taking = null;
    }

    /** Submits the parts that there is room for; true if all are. */
    private boolean submit(RequestSlot slot, Plan plan) {
        // the plan may be complete, closed and used again as soon as its last fragment is submitted
        int fragments = plan.fragmentCount();
        while (submitted < fragments) {
            if (!half.replies().hasRoom(LinkQueue.SLOTS)) {
                return false;
            }
            int i = submitted++;
            LinkEntry entry = half.entries().acquire();
            entry.taker = LinkEntry.PLAN;
            entry.plan = plan;
            entry.fragment = i;
            entry.receivedTicks = slot.receivedTicks;
            entry.clientOrdinal = slot.clientOrdinal;
            entry.mayDrop = slot.mayDrop;
            entry.fits = slot.fits;
            entry.heldBack = 0;
            Message request = plan.takeRequest(i);
            Link link = links[slot.pool][plan.server(i)].linkFor(slot.clientOrdinal);
            taking = link;
            link.submit(entry, request.head(), 0, request.headLength(), request);
            taking = null;
        }
        submitted = 0;
        return true;
    }

    private void failRest(Plan plan, DirectBuffer error) {
        int fragments = plan.fragmentCount();
        while (submitted < fragments) {
            half.done(plan.takeRequest(submitted));
            half.fail(plan, submitted++, error);
        }
    }

    @Override
    protected void onFault(RequestSlot slot) {
        if (taking != null) {
            // the request is among those of the link, and is answered with them
            taking.fault();
            taking = null;
            if (slot.plan != null) {
                failRest(slot.plan, half.protocol(slot.protocol).failures().fault());
            }
        } else if (slot.kind == RequestSlot.REQUEST) {
            half.fail(slot.exchangeId, slot.heldBack, half.protocol(slot.protocol).failures().fault());
        }
        submitted = 0;
        slot.clear();
    }
}
