package org.millrace.engine.link;

import com.lmax.disruptor.Sequence;
import java.util.List;
import org.agrona.DirectBuffer;
import org.millrace.codec.FrameLimits;
import org.millrace.conf.LimitsConfig;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.message.Residents;
import org.millrace.engine.plan.Plan;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.ReplyPort;
import org.millrace.engine.ring.ReplySlot;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Rings;
import org.millrace.engine.ring.StageFaults;
import org.millrace.engine.share.Crossings;
import org.millrace.engine.share.Neighbours;
import org.millrace.io.Transport;

/** What the stages of one server half share: all of it belongs to that half's thread, counters can be read by any. */
public final class ServerHalfState {
    private final Transport transport;
    private final LimitsConfig limits;
    private final FrameLimits frameLimits;
    private final List<Protocol> protocols;
    private final MessagePool messages;
    private final ReplyPort replies;
    private final Residents residents = new Residents();
    private final EntryPool entries = new EntryPool();
    private final LinkRunner runner;
    private final Recorder recorder;
    private final Crossings crossings;
    private final LinkEvents events;
    private final StageFaults faults;
    private Sequence delivered;
    private final CounterSet<ServerHalfCounter> counters = new CounterSet<>(ServerHalfCounter.class);

    /**
     * The state of a fresh half.
     *
     * @param transport   where its links' sockets are
     * @param frameLimits caps of replies; its body threshold is also the copy threshold
     * @param protocols   by their numbers
     * @param events      told when links open and fail
     * @param outside     told of exceptions, once they are counted
     * @param recorder    of this half's histograms
     * @param lane        number of the lane
     * @param neighbours  all lanes, with which it may share links
     */
    public ServerHalfState(Transport transport, Rings rings, LimitsConfig limits, FrameLimits frameLimits,
        List<Protocol> protocols, LinkEvents events, StageFaults outside, Recorder recorder, int lane,
        Neighbours neighbours) {
        this.recorder = recorder;
        this.transport = transport;
        this.limits = limits;
        this.frameLimits = frameLimits;
        this.protocols = protocols;
        this.events = events;
        faults = (place, fault) -> {
            counters.increment(ServerHalfCounter.FAULTS);
            outside.onFault(place, fault);
        };
        messages = new MessagePool(transport.arena(), frameLimits.bodyThreshold());
        replies = new ReplyPort(rings.replies());
        crossings = new Crossings(lane, neighbours, transport, counters, faults);
        runner = new LinkRunner(this);
    }

    /** What this lane borrows from others and lends to them. */
    public Crossings crossings() {
        return crossings;
    }

    /** The sequence of the reply ring's last stage: how far the client half has come. */
    public void delivered(Sequence sequence) {
        delivered = sequence;
    }

    /** The client half has dealt with replies up to this one. */
    long delivered() {
        return delivered.get();
    }

    public Transport transport() {
        return transport;
    }

    public LimitsConfig limits() {
        return limits;
    }

    public FrameLimits frameLimits() {
        return frameLimits;
    }

    /** A protocol by its number. */
    public Protocol protocol(int number) {
        return protocols.get(number);
    }

    public MessagePool messages() {
        return messages;
    }

    public ReplyPort replies() {
        return replies;
    }

    public Residents residents() {
        return residents;
    }

    /** The histograms of this half. */
    public Recorder recorder() {
        return recorder;
    }

    EntryPool entries() {
        return entries;
    }

    public LinkRunner runner() {
        return runner;
    }

    LinkEvents events() {
        return events;
    }

    public CounterSet<ServerHalfCounter> counters() {
        return counters;
    }

    /** Counts an exception and tells it outside. */
    public StageFaults faults() {
        return faults;
    }

    /** Entries parked or in flight, tombstones included; 0 when the lane is idle. */
    public int entriesInUse() {
        return entries.inUse();
    }

    /** A request's message is written or given up: its bytes go back to whoever owns them. */
    public void done(Message message) {
        if (message.owner() != messages) {
            replies.release(message);
            return;
        }
        Message parent = message.parent();
        messages.release(message);
        if (parent != null && parent.dropChild()) {
            replies.release(parent);
        }
    }

    /** Answers a request of the ring with an error: it goes to no server. Needs room in the reply ring. */
    public void refuse(RequestSlot slot, DirectBuffer error) {
        fail(slot.exchangeId, slot.heldBack, error);
        slot.kind = RequestSlot.ANSWERED;
        if (slot.message != null) {
            replies.release(slot.message);
            slot.message = null;
        }
    }

    /** Answers a request with an error. Needs room in the reply ring. */
    void fail(LinkEntry entry, DirectBuffer error) {
        if (entry.taker == LinkEntry.CLIENT) {
            fail(entry.exchangeId, entry.heldBack, error);
        } else if (entry.taker == LinkEntry.PLAN) {
            fail(entry.plan, entry.fragment, error);
        }
    }

    /**
     * The time of a request in flight is up: it is answered, and stays as a tombstone, of which the client half is told
     * first. Needs two free slots in the reply ring.
     */
    void timeOut(LinkEntry entry, DirectBuffer error) {
        counters.increment(ServerHalfCounter.TIMED_OUT);
        counters.increment(ServerHalfCounter.TOMBSTONES);
        entry.late = true;
        if (entry.taker != LinkEntry.NOBODY) {
            replies.late(entry.waitingExchange());
        }
        fail(entry, error);
        entry.bury();
    }

    /** A request is in flight no longer. */
    void release(LinkEntry entry) {
        if (entry.late) {
            entry.late = false;
            counters.add(ServerHalfCounter.TOMBSTONES, -1);
        }
        entries.release(entry);
    }

    /** Answers an exchange with an error, or with nothing if its client wants no reply. Needs room likewise. */
    void fail(long exchangeId, int heldBack, DirectBuffer error) {
        if (heldBack == Protocol.ALL_REPLIES) {
            counters.increment(ServerHalfCounter.SILENT_LOST);
            replies.silence(exchangeId);
        } else {
            replies.fail(exchangeId, error);
        }
    }

    /** Fails a fragment of a plan. Needs room in the reply ring. */
    void fail(Plan plan, int fragment, DirectBuffer error) {
        if (plan.isSilent()) {
            counters.increment(ServerHalfCounter.SILENT_LOST);
        }
        if (plan.onFailure(fragment, error)) {
            complete(plan);
        }
    }

    /** A plan is complete without a reply of its own at hand: answers its exchange. Needs room for one reply. */
    void complete(Plan plan) {
        Message result = resultOf(plan);
        if (plan.isSilent()) {
            drop(result);
            replies.silence(plan.exchangeId());
        } else if (result == null) {
            counters.increment(ServerHalfCounter.NO_MEMORY);
            replies.fail(plan.exchangeId(), plan.noMemory());
        } else {
            replies.reply(plan.exchangeId(), result);
        }
        plan.close();
    }

    private void drop(Message message) {
        if (message != null) {
            messages.release(message);
        }
    }

    /** An exception here must not leave the exchange without an answer: it counts as no result. */
    private Message resultOf(Plan plan) {
        try {
            return plan.result();
        } catch (RuntimeException e) {
            faults.onFault("plan", e);
            return null;
        }
    }

    /** A plan is complete by the reply in this slot, which becomes the exchange's answer. */
    void complete(Plan plan, ReplySlot slot) {
        Message result = resultOf(plan);
        slot.exchangeId = plan.exchangeId();
        slot.message = result;
        if (plan.isSilent()) {
            drop(result);
            ReplyPort.silent(slot);
        } else if (result == null) {
            counters.increment(ServerHalfCounter.NO_MEMORY);
            slot.kind = ReplySlot.FAILURE;
            slot.buffer = plan.noMemory();
            slot.offset = 0;
            slot.length = plan.noMemory().capacity();
        } else {
            slot.kind = ReplySlot.REPLY;
        }
        plan.close();
    }
}
